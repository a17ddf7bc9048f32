using PolyglotSync.Cli.Terminal;
using PolyglotSync.Contracts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace PolyglotSync.Cli.Status;

/// <summary>Several pipelines at a glance, a line each: what state, who does the work, how far behind, what ails it.</summary>
internal static class StatusOverview
{
    /// <summary>Characters of what ails a pipeline; the whole of it is shown where one pipeline is.</summary>
    private const int LongestReason = 120;

    public static IRenderable Render(IReadOnlyList<PipelineStatus> pipelines)
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var heading in (string[])["pipeline", "state", "work is done by", "lag", "rows/s", "p50 / p99", "dead letters", "what ails it"]) table.AddColumn(new TableColumn(new Text(heading)));
        foreach (var index in (int[])[0, 1, 4]) table.Columns[index].NoWrap();
        foreach (var p in pipelines)
        {
            var works = p.State != PipelineState.Standby;
            table.AddRow(new Text(p.Role == PipelineRole.Capture ? $"{p.Name} (capture)" : p.Name), StatusTable.State(p, withReason: false), new Text(Who(p)), new Text(StatusTable.Lag(p)),
                new Text(works ? Amounts.Count((long)p.RowsPerSecond) : "-"), new Text(works ? $"{Amounts.Milliseconds(p.LatencyP50Ms)} / {Amounts.Milliseconds(p.LatencyP99Ms)}" : "-"),
                new Text(works ? Amounts.Count(p.DeadLetters) : "-", p.DeadLetters > 0 ? new Style(Color.Yellow) : null), new Text(Ails(p)));
        }
        var node = pipelines.Select(p => p.Node).FirstOrDefault(n => n is not null);
        return new Rows(table, new Text($"{(node is null ? "" : $"as node {node} sees it; ")}one in full: polysync status --pipeline NAME"));
    }

    private static string Who(PipelineStatus p) => p.Partitions.Count > 0 ? $"{NodeShare.Counts(p.Partitions)} of {Amounts.Count(p.Partitions.Count)} partitions" : p.ActiveNode ?? (p.LagMessages is null ? p.Node ?? "-" : "not known");

    private static string Shortened(string text) => text.Length <= LongestReason ? text : $"{text[..(LongestReason - 1)]}…";

    private static string Ails(PipelineStatus p)
    {
        if (p.State is PipelineState.Standby) return "-";
        if (p.Incident is { } incident) return Shortened(IncidentText.Of(incident));
        return p.State is PipelineState.Copying or PipelineState.Streaming ? "-" : Shortened(p.Reason ?? "-");
    }
}
