using PolyglotSync.Actors.Source;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;

namespace PolyglotSync.Actors.Tests.Source;

public class SeenBeforeSpecs
{
    private static readonly TableName People = new("public", "people");

    [Fact]
    public void Changes_up_to_where_a_killed_run_was_going_may_be_in_the_graph() =>
        new SeenBefore(From(Position.EndOf(new Lsn(100)), Position.EndOf(new Lsn(200)), CopyPhase.Done)).UpTo(Copy(CopyPhase.Done)).ShouldBe(Position.EndOf(new Lsn(200)));

    [Theory]
    [InlineData(CopyPhase.Pending)]
    [InlineData(CopyPhase.Copying)]
    public void While_the_copy_goes_on_after_such_a_run_everything_may_be(CopyPhase phase)
    {
        var seen = new SeenBefore(From(Position.EndOf(new Lsn(100)), Position.EndOf(new Lsn(200)), phase));

        seen.UpTo(Copy(phase)).ShouldBeGreaterThan(Position.EndOf(new Lsn(1_000_000)));
        seen.UpTo(CopyState.Empty).ShouldBeGreaterThan(Position.EndOf(new Lsn(1_000_000)));
        seen.UpTo(Copy(CopyPhase.Done)).ShouldBe(Position.EndOf(new Lsn(200)));
    }

    [Fact]
    public void A_copy_that_was_not_cut_short_in_the_middle_of_a_write_brings_rows_that_are_known_to_be_new()
    {
        var position = Position.EndOf(new Lsn(100));

        new SeenBefore(From(position, position, CopyPhase.Copying)).UpTo(Copy(CopyPhase.Copying)).ShouldBe(position);
        new SeenBefore(TargetState.Empty).UpTo(CopyState.Empty).ShouldBe(Position.Start);
    }

    private static TargetState From(Position position, Position intent, CopyPhase phase) => new(position, position.CommitLsn, intent, Copy(phase), 2);

    private static CopyState Copy(CopyPhase phase) => CopyState.Empty.With(People, new TableCopy(phase, null, 0, 0));
}
