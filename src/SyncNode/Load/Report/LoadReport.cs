namespace PolyglotSync.SyncNode.Load.Report;

/// <summary>What a load wrote; <c>-o json</c> prints it.</summary>
/// <param name="Seconds">From the first transaction to the last one's commit.</param>
/// <param name="FailedTransactions">Rolled back by an error, or ended with the connection; their rows are not counted.</param>
/// <param name="Rows">As the server counted them; what a cascade changes is not among them.</param>
/// <param name="Graph">null where no graph was watched.</param>
internal sealed record LoadReport(
    string World, string Schema, string Mix, string TransactionRows, double Skew, int Seed, int Connections, double? Rate, double Seconds,
    long Transactions, long FailedTransactions, long Reconnects, RowFigures Rows, double RowsPerSecond, double TransactionsPerSecond,
    LatencyFigures? Commit, LatencyFigures? Transaction, IReadOnlyList<ErrorCount> Errors, GraphFigures? Graph);

internal sealed record RowFigures(long Inserts, long Updates, long Deletes, long KeyChanges, long All);

/// <summary>From COMMIT returning to the graph showing what it wrote.</summary>
/// <param name="Missing">Commits that the graph did not show in time.</param>
/// <param name="Unwatched">Commits that were too many to wait for.</param>
internal sealed record GraphFigures(string Target, LatencyFigures? Latency, long Missing, long Unwatched);
