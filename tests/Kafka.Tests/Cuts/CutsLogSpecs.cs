using PolyglotSync.Kafka.Cuts;
using static PolyglotSync.Kafka.Tests.Cuts.Records;

namespace PolyglotSync.Kafka.Tests.Cuts;

public sealed class CutsLogSpecs
{
    private readonly CutsLog _log = new();

    [Fact]
    public void An_empty_log_has_no_state() => _log.State.ShouldBeNull();

    [Fact]
    public void An_epoch_without_a_cut_stands_where_it_resumes()
    {
        Take(Claim(1), Epoch(1), Cut(1, 9), Claim(2), Epoch(2, 1, 9) with { Position = Position.EndOf(new Lsn(9)), Watermark = new Lsn(10) });
        var state = _log.State!;
        (state.Epoch, state.Change, state.Cut).ShouldBe((1, 9, new Cut(Position.EndOf(new Lsn(9)), new Lsn(10))));
        state.Offsets["app.public.users"].ShouldBe([5, 0]);
    }

    [Fact]
    public void The_last_cut_of_the_last_epoch_says_where_the_topics_stand()
    {
        Take(Claim(1), Epoch(1), Cut(1, 9), Cut(1, 12));
        (_log.State!.Epoch, _log.State.Change).ShouldBe((1, 12));
        _log.State.Offsets["app.public.users"].ShouldBe([12, 3]);
    }

    [Fact]
    public void A_cut_without_a_copy_has_that_of_its_epoch()
    {
        var copy = CopyState.Empty.With(new TableName("public", "users"), new TableCopy(CopyPhase.Done, null, 1, 1));
        Take(Epoch(1) with { Copy = copy }, Cut(1, 9));
        _log.State!.Copy.ShouldBeSameAs(copy);
    }

    [Fact]
    public void What_a_zombie_writes_behind_the_next_claim_is_void()
    {
        Take(Claim(1), Epoch(1), Cut(1, 9), Claim(2));
        _log.Take(Cut(1, 12)).ShouldBeFalse();
        _log.Take(Relation(1, 12)).ShouldBeFalse();
        _log.State!.Change.ShouldBe(9);
        Take(Epoch(2, 1, 9));
        _log.Take(Cut(1, 13)).ShouldBeFalse();
        _log.Take(Epoch(1)).ShouldBeFalse();
        _log.Epoch!.Epoch.ShouldBe(2);
    }

    [Fact]
    public void The_second_claim_of_a_number_is_void()
    {
        Take(Claim(1));
        _log.Take(Claim(1)).ShouldBeFalse();
        _log.Claimed.ShouldBe(1);
    }

    [Fact]
    public void Relations_behind_the_cut_that_an_epoch_resumes_from_are_void()
    {
        var (first, second, orphan) = (Relation(1, 1), Relation(1, 8), Relation(1, 10));
        Take(Claim(1), Epoch(1), first, second, Cut(1, 9), orphan);
        _log.Relations.ShouldBe([first, second, orphan]);
        Take(Claim(2), Epoch(2, 1, 9));
        _log.Relations.ShouldBe([first, second]);
        var third = Relation(2, 1);
        Take(third, Claim(3), Epoch(3, 1, 9));
        _log.Relations.ShouldBe([first, second]);
    }

    [Fact]
    public void A_cut_never_goes_back()
    {
        Take(Epoch(1), Cut(1, 9));
        _log.Take(Cut(1, 8)).ShouldBeFalse();
        _log.Take(Cut(1, 9) with { Watermark = new Lsn(20) }).ShouldBeTrue();
        _log.State!.Cut.Watermark.ShouldBe(new Lsn(20));
    }

    private void Take(params CutsRecord[] records)
    {
        foreach (var record in records) _log.Take(record).ShouldBeTrue(record.ToString());
    }
}
