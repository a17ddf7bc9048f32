using PolyglotSync.Cli.Terminal;
using PolyglotSync.Contracts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace PolyglotSync.Cli.Status;

/// <summary>A pipeline as a table: a row is a name and a value, so that nothing is cut off. Several are a line each (<see cref="StatusOverview"/>).</summary>
public static class StatusTable
{
    public static IRenderable Render(IReadOnlyList<PipelineStatus> pipelines)
    {
        if (pipelines.Count == 0) return new Text("no pipelines");
        if (pipelines.Select(p => p.Name).Distinct().Skip(1).Any()) return StatusOverview.Render(pipelines);
        return new Rows(pipelines.Select(One));
    }

    private static IRenderable One(PipelineStatus p)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn(new TableColumn(new Text("pipeline")).NoWrap());
        table.AddColumn(new TableColumn(new Text(p.Name, new Style(decoration: Decoration.Bold))));
        if (p.Node is { } node) Add(table, "node", node);
        Add(table, "state", State(p, withReason: true));
        if (p.ActiveNode is { } active) Add(table, "work is done by", active == p.Node ? $"{active} (this one)" : active);
        foreach (var share in p.Partitions.Count == 0 ? [] : NodeShare.Of(p.Partitions)) Add(table, $"partitions of {share.Node}", share.ToString());
        Add(table, "target", $"{p.Target} ({p.Consistency.ToString().ToLowerInvariant()})");
        AddPosition(table, p);
        if (p.LagMessages is { } messages) Add(table, "lag in messages", Amounts.Count(messages));
        // who stands by knows only what graph and topics say
        if (p.State == PipelineState.Standby) return table;
        Add(table, "rows/s", Amounts.Count((long)p.RowsPerSecond));
        Add(table, "rows applied", Amounts.Count(p.RowsApplied));
        Add(table, "in flight", $"{Amounts.Count(p.RowsInFlight)} rows, {Amounts.Bytes(p.BytesInFlight)}");
        Add(table, "latency p50 / p99", $"{Amounts.Milliseconds(p.LatencyP50Ms)} / {Amounts.Milliseconds(p.LatencyP99Ms)}");
        Add(table, "dead letters", Amounts.Count(p.DeadLetters), p.DeadLetters > 0 ? Color.Yellow : null);
        Add(table, "retries", Amounts.Count(p.Retries));
        if (p.Incident is { } incident) Add(table, "incident", IncidentText.Of(incident), Color.Yellow);
        if (p.LastError is { } error) Add(table, "last error", p.LastErrorAt is { } at ? $"{IncidentText.Time(at)} UTC: {error}" : error, Color.Red);
        foreach (var copy in p.Copy.Where(c => !IsDone(c))) Add(table, $"copy {copy.Table}", Copy(copy));
        return table;
    }

    private static void AddPosition(Table table, PipelineStatus p)
    {
        if (!p.HasWatermark)
        {
            Add(table, "topics", p.Slot);
            Add(table, "watermark", "none: rows are in order key by key");
            Add(table, "lag", Amounts.Seconds(p.LagSeconds));
            return;
        }
        Add(table, "slot", p.Slot);
        Add(table, "received LSN", p.ReceivedLsn);
        Add(table, "flushed LSN", p.FlushedLsn);
        Add(table, "watermark", p.Watermark);
        Add(table, "lag", Lag(p));
    }

    /// <summary>In bytes of log, or in messages where there is no watermark, and in time.</summary>
    public static string Lag(PipelineStatus p)
    {
        var amount = !p.HasWatermark ? $"{Amounts.Count(p.LagMessages ?? 0)} messages" : p.Watermark == Lsn.Zero.ToString() && p.LagBytes > 0 ? "no watermark yet" : Amounts.Bytes(p.LagBytes);
        return $"{amount}, {Amounts.Seconds(p.LagSeconds)}";
    }

    private static bool IsDone(TableCopyStatus copy) => copy.Phase.Equals(nameof(CopyPhase.Done), StringComparison.OrdinalIgnoreCase);

    private static string Copy(TableCopyStatus copy)
    {
        var rows = $"{copy.Phase.ToLowerInvariant()}, {Amounts.Count(copy.Rows)} rows";
        return copy.EstimatedRows > 0 ? $"{rows} of about {Amounts.Count(copy.EstimatedRows)}" : rows;
    }

    public static Text State(PipelineStatus p, bool withReason)
    {
        var color = p.State switch
        {
            PipelineState.Streaming => Color.Green,
            PipelineState.Copying or PipelineState.Starting or PipelineState.Standby => Color.Blue,
            PipelineState.Degraded or PipelineState.Paused => Color.Yellow,
            _ => Color.Red,
        };
        var words = p.State.ToString().ToLowerInvariant();
        return new Text(p.Reason is null || !withReason ? words : $"{words}: {p.Reason}", new Style(color));
    }

    private static void Add(Table table, string name, string value, Color? color = null) =>
        Add(table, name, new Text(value, color is { } c ? new Style(c) : null));

    private static void Add(Table table, string name, Text value) => table.AddRow(new Text(name), value);
}
