using System.Diagnostics;
using System.Globalization;
using PolyglotSync.Cli.Terminal;
using PolyglotSync.SyncNode.Demo.Compare;
using Spectre.Console;

namespace PolyglotSync.SyncNode.Demo.View;

/// <summary>Bars, a live view, colours where they are wanted.</summary>
internal sealed class TerminalView(IAnsiConsole console) : IDemoView
{
    private const int NameWidth = 13;
    private static readonly TimeSpan CopyInterval = TimeSpan.FromMilliseconds(80);
    private static readonly TimeSpan LiveInterval = TimeSpan.FromMilliseconds(250);
    private static readonly Style Bold = new(decoration: Decoration.Bold);
    private static readonly Style Quiet = new(Color.Grey);
    private static readonly Style Good = new(Color.Green, decoration: Decoration.Bold);
    private static readonly Style Bad = new(Color.Red, decoration: Decoration.Bold);

    public void Title(string text)
    {
        console.WriteLine();
        console.Write(new Paragraph().Append("PolyglotSync", new Style(Color.Aqua, decoration: Decoration.Bold)).Append($"  {text}\n\n", Quiet));
    }

    public void Say(string message) => console.Write(new Text($"  {message}\n"));

    public async Task<T> StepAsync<T>(string name, Func<Task<T>> work, Func<T, string> result)
    {
        var started = Stopwatch.GetTimestamp();
        var made = await console.Status().Spinner(Spinner.Known.Dots).StartAsync(Markup.Escape($"{name} …"), _ => work());
        Done(name, result(made), Stopwatch.GetElapsedTime(started));
        return made;
    }

    public async Task CopyingAsync(long totalRows, Func<Task<(long Rows, bool Done)>> look, CancellationToken stop)
    {
        var started = Stopwatch.GetTimestamp();
        long copied = 0;
        await console.Progress().AutoClear(true).HideCompleted(false)
            .Columns(new SpinnerColumn(Spinner.Known.Dots), new TaskDescriptionColumn(), new ProgressBarColumn { Width = 40 }, new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask("first copy", maxValue: Math.Max(1, totalRows));
                for (var done = false; !done;)
                {
                    (copied, done) = await look();
                    task.Description = $"first copy    {Amounts.Count(copied)} of {Amounts.Count(totalRows)} rows";
                    task.Value = done ? task.MaxValue : Math.Min(copied, task.MaxValue);
                    if (!done) await Task.Delay(CopyInterval, stop);
                }
            });
        var took = Stopwatch.GetElapsedTime(started);
        Done("first copy", $"{Amounts.Count(copied)} rows, {Amounts.Count((long)(copied / took.TotalSeconds))} rows/s", took);
    }

    public void ByHand(IReadOnlyList<(string What, string Command)> commands)
    {
        console.Write(new Text("\n  Live writes begin. Try it, from another terminal:\n", Bold));
        foreach (var (what, command) in commands)
        {
            // Past the console's own line breaks: a command must come out of a copy as one line.
            console.Write(new Text($"    {what,-7} ", Quiet));
            console.Profile.Out.Writer.WriteLine(command);
        }
        console.WriteLine();
    }

    public async Task LiveAsync(Func<Task<DemoGlance>> look, CancellationToken stop)
    {
        await console.Live(LivePanel.Render(await look(), console.Profile)).Overflow(VerticalOverflow.Crop).StartAsync(async live =>
        {
            while (!stop.IsCancellationRequested)
            {
                await Task.Delay(LiveInterval, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                live.UpdateTarget(LivePanel.Render(await look(), console.Profile));
            }
        });
        console.WriteLine();
    }

    public void Show(Verdict verdict, string watermark)
    {
        var grid = new Grid().AddColumn(new GridColumn().PadLeft(4).PadRight(2)).AddColumn(new GridColumn().RightAligned()).AddColumn(new GridColumn().RightAligned()).AddColumn();
        foreach (var part in verdict.Parts)
        {
            var isKey = part.Kind == PartKind.ForeignKey;
            grid.AddRow(new Text(isKey ? "" : part.Table), new Text($"{Amounts.Count(part.Rows)} {(isKey ? "keys" : "rows")}", Quiet),
                new Text($"{(part.Agrees ? "=" : "≠")} {Amounts.Count(part.Found)}", part.Agrees ? Good : Bad), new CypherLine(part.Pattern, isNew: false));
        }
        console.Write(grid);
        console.WriteLine();
        foreach (var difference in verdict.Differences) console.Write(new Text($"    {difference}\n", Bad));
        console.Write(verdict.Agrees
            ? new Paragraph().Append("  ✓ graph and tables agree\n", Good).Append($"    {verdict.InNumbers}; watermark {watermark}\n")
            : new Paragraph().Append("  ✗ GRAPH AND TABLES DIFFER", Bad).Append($" at watermark {watermark}\n"));
        console.WriteLine();
    }

    private void Done(string name, string what, TimeSpan took) => console.Write(new Paragraph()
        .Append("  ✓ ", Good).Append(name.PadRight(NameWidth), Bold).Append($" {what}").Append(string.Create(CultureInfo.InvariantCulture, $"  {took.TotalSeconds:0.0} s\n"), Quiet));
}
