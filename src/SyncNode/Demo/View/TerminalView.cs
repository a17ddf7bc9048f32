using System.Globalization;
using PolyglotSync.Cli.Terminal;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace PolyglotSync.SyncNode.Demo.View;

internal sealed class TerminalView(IAnsiConsole console) : IDemoView
{
    private static readonly TimeSpan CopyInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LiveInterval = TimeSpan.FromMilliseconds(500);

    public void Say(string message) => console.Write(new Text(message + "\n"));

    public Task CopyingAsync(long totalRows, Func<Task<(long Rows, bool Done)>> look, CancellationToken stop) =>
        console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(), new SpinnerColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask("first copy", maxValue: Math.Max(1, totalRows));
                while (true)
                {
                    var (rows, done) = await look();
                    task.Description = $"first copy: {Amounts.Count(rows)} of {Amounts.Count(totalRows)} rows";
                    task.Value = done ? task.MaxValue : Math.Min(rows, task.MaxValue);
                    if (done) return;
                    await Task.Delay(CopyInterval, stop);
                }
            });

    public async Task LiveAsync(Func<Task<DemoGlance>> look, CancellationToken stop)
    {
        await console.Live(Render(await look())).StartAsync(async live =>
        {
            while (!stop.IsCancellationRequested)
            {
                await Task.Delay(LiveInterval, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                live.UpdateTarget(Render(await look()));
                live.Refresh();
            }
        });
    }

    private static Rows Render(DemoGlance g)
    {
        var figures = new Table { Border = TableBorder.Rounded };
        foreach (var name in (string[])["written", "applied", "commit to graph p50 / p99", "watermark", "lag", "in flight", "state"]) figures.AddColumn(name);
        var latency = g.Latency is { } l ? string.Create(CultureInfo.InvariantCulture, $"{l.P50:0.0} / {l.P99:0.0} ms") : "-";
        figures.AddRow(
            new Text(Rate(g.WrittenPerSecond)), new Text(Rate(g.Pipeline.RowsPerSecond, " rows")), new Text(latency, new Style(Color.Green, decoration: Decoration.Bold)),
            new Text(g.Pipeline.Watermark), new Text($"{Amounts.Bytes(g.Pipeline.LagBytes)}, {Amounts.Seconds(g.Pipeline.LagSeconds)}"),
            new Text($"{Amounts.Count(g.Pipeline.RowsInFlight)} rows"), new Text(g.Pipeline.State.ToString().ToLowerInvariant()));
        var rest = g.SecondsToGo is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"; ends in {Math.Max(0, seconds):0} s") : "; Ctrl-C ends it";
        var lines = new List<IRenderable> { figures, new Text($"last changes (of {Amounts.Count(g.Pipeline.RowsApplied)} rows applied{rest})", new Style(Color.Grey)) };
        lines.AddRange(g.Pipeline.LastChanges.Select(change => new Text($"  {change}") { Overflow = Overflow.Ellipsis }));
        return new Rows(lines);
    }

    private static string Rate(double perSecond, string unit = "") => string.Create(CultureInfo.InvariantCulture, $"{perSecond:0}{unit}/s");
}
