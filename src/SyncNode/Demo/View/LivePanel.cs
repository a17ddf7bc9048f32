using System.Globalization;
using PolyglotSync.Cli.Terminal;
using PolyglotSync.Contracts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace PolyglotSync.SyncNode.Demo.View;

/// <summary>The live part of a demo at one moment: figures above, the last changes as Cypher patterns below.</summary>
internal static class LivePanel
{
    private const int MaxWidth = 118;
    /// <summary>Lines that are not changes: borders, figures, headings.</summary>
    private const int OtherLines = 11;
    private static readonly Style Quiet = new(Color.Grey);
    private static readonly Style Strong = new(decoration: Decoration.Bold);
    private static readonly Style Figure = new(Color.Green, decoration: Decoration.Bold);

    public static IRenderable Render(DemoGlance g, Profile profile)
    {
        var p = g.Pipeline;
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn(new GridColumn().NoWrap());
        grid.AddRow(Name("written"), Line().Append($"{g.Rates.Written:0} statements/s", Strong).Append($"   {Amounts.Count(g.Written)} so far", Quiet));
        grid.AddRow(Name("applied"), Line().Append(string.Create(CultureInfo.InvariantCulture, $"{g.Rates.Applied:0} rows/s"), Figure)
            .Append($"   {Sparkline.Of(g.Rates.History)}", new Style(Color.Aqua)));
        grid.AddRow(Name("commit to graph"), g.Latency is { } l
            ? Line().Append(string.Create(CultureInfo.InvariantCulture, $"p50 {l.P50:0.0} ms   p99 {l.P99:0.0} ms"), Figure).Append($"   {Amounts.Count(l.Samples)} samples", Quiet)
            : Line().Append("-", Quiet));
        grid.AddRow(Name("watermark"), Line().Append(p.Watermark, Strong).Append("   lag ", Quiet).Append($"{Amounts.Bytes(p.LagBytes)}, {Amounts.Seconds(p.LagSeconds)}")
            .Append("   in flight ", Quiet).Append($"{Amounts.Count(p.RowsInFlight)} rows, {Amounts.Bytes(p.BytesInFlight)}"));
        if (g.Topics is { } topics)
        {
            grid.AddRow(Name("through Kafka"), Line().Append(Amounts.Count(p.LagMessages ?? 0), Strong).Append(" messages behind").Append($"   {Amounts.Count(topics.Count)} topics, {topics.Names}", Quiet));
        }
        if (g.Reason is { } reason) grid.AddRow(Name("reason"), Line().Append(reason, new Style(Color.Red)));

        var shown = Math.Clamp(profile.Height - OtherLines - (g.Topics is null ? 0 : 1), 1, 10);
        var changes = p.LastChanges.Take(shown).Select((change, i) => new CypherLine(change, isNew: i == 0)).ToList<IRenderable>();
        while (changes.Count < shown) changes.Add(new Text(" "));
        var body = new Rows([grid, new Rule("last changes") { Justification = Justify.Left, Style = Quiet }, .. changes]);
        return new Panel(body) { Header = new PanelHeader(Header(g)), Border = BoxBorder.Rounded, BorderStyle = Quiet, Width = Math.Min(MaxWidth, profile.Width) };
    }

    private static string Header(DemoGlance g)
    {
        var color = g.Pipeline.State switch
        {
            PipelineState.Streaming => "green",
            PipelineState.Copying or PipelineState.Starting or PipelineState.Standby => "blue",
            PipelineState.Degraded or PipelineState.Paused => "yellow",
            _ => "red",
        };
        var time = g.Limit is { } limit
            ? string.Create(CultureInfo.InvariantCulture, $"{Math.Min(g.Seconds, limit):0} of {limit:0} s")
            : string.Create(CultureInfo.InvariantCulture, $"{g.Seconds:0} s; Ctrl-C ends it");
        return $" [{color} bold]● {g.Pipeline.State.ToString().ToLowerInvariant()}[/]  [grey]{time}[/] ";
    }

    private static Text Name(string name) => new(name, Quiet);

    private static Paragraph Line() => new();
}
