using System.Text;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;

namespace PolyglotSync.Actors.Tests;

public class ContractSpecs
{
    [Theory]
    [InlineData("0/0"), InlineData("0/16B3748"), InlineData("FFFFFFFF/FFFFFFFF"), InlineData("1A/0")]
    public void An_lsn_reads_back_what_it_prints(string text) => Lsn.Parse(text).ToString().ShouldBe(text);

    [Theory]
    [InlineData(""), InlineData("0"), InlineData("/"), InlineData("0/"), InlineData("/1"), InlineData("0/1G"), InlineData("100000000/0")]
    public void What_is_no_lsn_is_refused(string text) => Lsn.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Positions_order_by_commit_then_by_place_and_read_back()
    {
        var end = Position.EndOf(new Lsn(7));
        new Position(new Lsn(7), 3).ShouldBeLessThan(end);
        end.ShouldBeLessThan(new Position(new Lsn(8), 0));
        foreach (var position in new[] { end, Position.Start, new Position(new Lsn(9), 12) }) Position.Parse(position.ToString()).ShouldBe(position);
    }

    [Theory]
    [InlineData("1.00", "1"), InlineData("1.50", "1.5"), InlineData("100", "100"), InlineData("0.0", "0")]
    public void Numeric_keys_are_equal_where_their_values_are(string text, string canonical) =>
        Encoding.UTF8.GetString(RowKey.Canonical(PgKind.Numeric, Encoding.UTF8.GetBytes(text))).ShouldBe(canonical);

    [Fact]
    public void A_batch_of_few_rows_holds_no_more_memory_than_they_need()
    {
        var writer = new ChangeBatchWriter();
        var batches = Enumerable.Range(1, 3).Select(n =>
        {
            var image = writer.BeginImage(1);
            writer.Column(image, 0, Encoding.UTF8.GetBytes($"row {n}"));
            writer.Add(new ChangeEntry(ChangeKind.Insert, OldImage.None, false, Rows.Table, image, -1, new Position(new Lsn(1), n)));
            return writer.Complete(null);
        }).ToList();

        batches.ShouldAllBe(b => b.Buffer.Length <= 64);
        batches.Select(b => Encoding.UTF8.GetString(b.New(b.Entries[0])[0])).ShouldBe(["row 1", "row 2", "row 3"]);
    }

    [Fact]
    public void A_batch_gives_its_buffers_back_once()
    {
        var batch = new Rows().Insert(1, "a").Batch();
        batch.Retain();
        batch.Release();
        batch.Release();
        Should.Throw<InvalidOperationException>(batch.Release);
    }

    [Theory]
    [InlineData("nowhere", "there is no place 'nowhere'")]
    [InlineData("reader.in-rebalance@0:kill", "after '@' comes the number of the visit")]
    [InlineData("reader.in-rebalance@x", "after '@' comes the number of the visit")]
    [InlineData("reader.in-rebalance:explode", "there is no action 'explode'")]
    [InlineData("reader.in-rebalance:clock5s", "there is no action 'clock5s'")]
    public void A_failpoint_that_is_none_is_refused_with_what_there_is(string text, string what)
    {
        var failure = Should.Throw<PipelineFailure>(() => Failpoint.Arm(text));
        failure.Message.ShouldContain(what);
        failure.ExitCode.ShouldBe(ExitCode.Usage);
    }

    [Fact]
    public void A_failpoint_acts_at_its_visit_and_timestamps_never_jump_with_the_clock()
    {
        Failpoint.Arm($"{Failpoint.InRebalance}@2:clock+3600");
        try
        {
            var stamp = Failpoint.Clock.GetTimestamp();
            Failpoint.Reach(Failpoint.Refusing);
            Failpoint.Reach(Failpoint.InRebalance);
            (Failpoint.Clock.GetUtcNow() - DateTimeOffset.UtcNow).TotalMinutes.ShouldBe(0, tolerance: 1);
            Failpoint.Reach(Failpoint.InRebalance);
            (Failpoint.Clock.GetUtcNow() - DateTimeOffset.UtcNow).TotalMinutes.ShouldBe(60, tolerance: 1);
            Failpoint.Clock.GetElapsedTime(stamp).TotalMinutes.ShouldBeLessThan(1);
        }
        finally
        {
            Failpoint.Arm($"{Failpoint.InRebalance}:clock+0");
            Failpoint.Reach(Failpoint.InRebalance);
            Failpoint.Arm(null);
        }
    }
}
