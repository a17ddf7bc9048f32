using PolyglotSync.Cli.Terminal;
using PolyglotSync.SyncNode.Load.Report;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests.Load;

/// <summary>What a person sees of a load, while it runs and after it.</summary>
public sealed class ReportSpecs
{
    private static readonly LatencyFigures Figures = Of(3);

    private static readonly LoadReport Quiet = new(
        "social", "public", "insert 60 %, update 40 %", "1-5", 0.8, 7, 1, null, 12.5, 1_000, 0, 0, new RowFigures(1_500, 900, 80, 20, 2_500), 200, 80, Figures, Figures, [], null);

    [Fact]
    public void The_table_says_what_was_asked_for_and_what_was_written()
    {
        var text = Drawn(Quiet);
        foreach (var shown in (string[])["social in schema public", "as fast as it goes, 1 connection, 1-5 rows a transaction, skew 0.8, seed 7", "2,500 in 12.5 s: 200 rows/s", "1,500", "1,000: 80 a second", "p50 3.0"])
            text.ShouldContain(shown);
        foreach (var quiet in (string[])["failed", "reconnected", "error", "graph"]) text.ShouldNotContain(quiet);
    }

    [Fact]
    public void What_went_wrong_and_what_the_graph_did_not_show_is_in_it()
    {
        var text = Drawn(Quiet with
        {
            Rate = 500.5,
            Connections = 4,
            FailedTransactions = 12,
            Reconnects = 2,
            Errors = [new ErrorCount("40P01 deadlock detected", 12)],
            Graph = new GraphFigures("bolt://x", Figures, Missing: 3, Unwatched: 1_234),
        });
        foreach (var shown in (string[])["500.5 rows/s, 4 connections", "failed transactions", "12 × 40P01 deadlock detected", "reconnected", "commit to graph", "of bolt://x", "missing", "not watched", "1,234"])
            text.ShouldContain(shown);
    }

    [Fact]
    public void Without_a_sample_there_is_a_dash() =>
        Drawn(Quiet with { Commit = null, Graph = new GraphFigures("bolt://x", null, 0, 0) }).ShouldContain("0, of bolt://x");

    [Fact]
    public async Task While_it_runs_a_line_a_second_says_how_far_it_is()
    {
        var clock = new SteppingClock();
        var (tally, output, toGraph) = (new LoadTally(), new StringWriter(), new LatencyHistogram());
        using var ended = new CancellationTokenSource();
        clock.Waited = turn =>
        {
            if (turn == 1) tally.Committed([5, 3, 2, 0], TimeSpan.FromMilliseconds(4), TimeSpan.FromMilliseconds(6));
            if (turn == 2)
            {
                tally.FailedWith("40P01");
                toGraph.Add(TimeSpan.FromMilliseconds(20));
            }
            if (turn == 3) ended.Cancel();
        };
        await new LoadProgress(output, tally, toGraph, clock).RunAsync(ended.Token);

        var lines = output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(2);
        lines[0].ShouldStartWith("   1 s  10 rows  10 rows/s  1 transactions  commit p50 4.0 ms");
        lines[0].ShouldNotContain("FAILED");
        lines[1].ShouldStartWith("   2 s  10 rows  0 rows/s");
        lines[1].ShouldContain("to graph p50 2");
        lines[1].ShouldEndWith("FAILED 1");
    }

    [Fact]
    public void Very_many_different_errors_are_counted_together()
    {
        var tally = new LoadTally();
        for (var i = 0; i < 40; i++) tally.FailedWith($"error {i}");
        tally.FailedWith("error 0");
        tally.Reconnected();
        (tally.Failed, tally.Reconnects, tally.Errors.Count).ShouldBe((41, 1, 21));
        tally.Errors.Take(2).Select(e => (e.Error, e.Count)).ShouldBe([("others", 20), ("error 0", 2)]);
    }

    private static LatencyFigures Of(int ms)
    {
        var histogram = new LatencyHistogram();
        histogram.Add(TimeSpan.FromMilliseconds(ms));
        return histogram.Figures()!;
    }

    private static string Drawn(LoadReport report)
    {
        var output = new StringWriter();
        var console = Screen.On(output, interactive: false);
        console.Profile.Width = 140;
        console.Write(LoadTable.Render(report));
        return output.ToString();
    }

    /// <summary>Each wait is over at once, as long as it was to last.</summary>
    private sealed class SteppingClock : TimeProvider
    {
        private long _now;
        private int _turn;

        public Action<int> Waited { get; set; } = _ => { };

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _now += dueTime.Ticks;
            Waited(++_turn);
            return System.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
