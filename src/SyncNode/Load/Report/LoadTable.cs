using System.Globalization;
using PolyglotSync.Cli.Terminal;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace PolyglotSync.SyncNode.Load.Report;

/// <summary>The report for people.</summary>
internal static class LoadTable
{
    public static IRenderable Render(LoadReport r)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn(new TableColumn(new Text("load")).NoWrap());
        table.AddColumn(new TableColumn(new Text($"{r.World} in schema {r.Schema}", new Style(decoration: Decoration.Bold))));
        void Add(string name, string value, Color? color = null) => table.AddRow(new Text(name), new Text(value, color is { } c ? new Style(c) : null));
        Add("asked for", string.Create(CultureInfo.InvariantCulture,
            $"{(r.Rate is { } rate ? $"{rate:0.###} rows/s" : "as fast as it goes")}, {r.Connections} connection{(r.Connections == 1 ? "" : "s")}, {r.TransactionRows} rows a transaction, skew {r.Skew:0.##}, seed {r.Seed}"));
        Add("mix", r.Mix);
        Add("rows", $"{Amounts.Count(r.Rows.All)} in {Amounts.Seconds(r.Seconds)}: {Amounts.Count((long)r.RowsPerSecond)} rows/s");
        Add("  inserts", Amounts.Count(r.Rows.Inserts));
        Add("  updates", Amounts.Count(r.Rows.Updates));
        Add("  deletes", Amounts.Count(r.Rows.Deletes));
        Add("  key changes", Amounts.Count(r.Rows.KeyChanges));
        Add("transactions", $"{Amounts.Count(r.Transactions)}: {Amounts.Count((long)r.TransactionsPerSecond)} a second");
        Add("commit", Line(r.Commit));
        Add("transaction", Line(r.Transaction));
        if (r.FailedTransactions > 0) Add("failed transactions", Amounts.Count(r.FailedTransactions), Color.Red);
        if (r.Reconnects > 0) Add("reconnected", Amounts.Count(r.Reconnects), Color.Yellow);
        foreach (var error in r.Errors) Add("  error", $"{Amounts.Count(error.Count)} × {error.Error}", Color.Red);
        if (r.Graph is { } graph)
        {
            Add("commit to graph", Line(graph.Latency));
            Add("  samples", $"{Amounts.Count(graph.Latency?.Samples ?? 0)}, of {graph.Target}");
            Add("  missing", Amounts.Count(graph.Missing), graph.Missing > 0 ? Color.Red : null);
            if (graph.Unwatched > 0) Add("  not watched", Amounts.Count(graph.Unwatched), Color.Yellow);
        }
        return table;
    }

    private static string Line(LatencyFigures? l) => l is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"p50 {l.P50Ms:0.0#} ms, p90 {l.P90Ms:0.0#} ms, p99 {l.P99Ms:0.0#} ms, max {l.MaxMs:0.0#} ms");
}
