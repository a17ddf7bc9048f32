using System.Collections.Concurrent;
using PolyglotSync.SyncNode.Load.Choosing;

namespace PolyglotSync.SyncNode.Load.Report;

/// <summary>What all connections together have written so far. Thread-safe.</summary>
internal sealed class LoadTally
{
    /// <summary>Different errors that are kept apart.</summary>
    private const int MostErrors = 20;

    private readonly long[] _rows = new long[Enum.GetValues<LoadKind>().Length];
    private readonly ConcurrentDictionary<string, long> _errors = [];
    private long _transactions;
    private long _failed;
    private long _reconnects;

    /// <summary>What COMMIT took.</summary>
    public LatencyHistogram Commits { get; } = new();

    /// <summary>What a transaction took, COMMIT included.</summary>
    public LatencyHistogram Whole { get; } = new();

    public long Transactions => Interlocked.Read(ref _transactions);

    public long Failed => Interlocked.Read(ref _failed);

    public long Reconnects => Interlocked.Read(ref _reconnects);

    public long Rows => Enum.GetValues<LoadKind>().Sum(Of);

    public IReadOnlyList<ErrorCount> Errors => [.. _errors.Select(e => new ErrorCount(e.Key, e.Value)).OrderByDescending(e => e.Count).ThenBy(e => e.Error, StringComparer.Ordinal)];

    public long Of(LoadKind kind) => Interlocked.Read(ref _rows[(int)kind]);

    /// <param name="rows">By kind, as the server counted them.</param>
    public void Committed(ReadOnlySpan<long> rows, TimeSpan commit, TimeSpan whole)
    {
        for (var kind = 0; kind < rows.Length; kind++) Interlocked.Add(ref _rows[kind], rows[kind]);
        Interlocked.Increment(ref _transactions);
        Commits.Add(commit);
        Whole.Add(whole);
    }

    public void FailedWith(string error)
    {
        Interlocked.Increment(ref _failed);
        _errors.AddOrUpdate(_errors.Count < MostErrors || _errors.ContainsKey(error) ? error : "others", 1, (_, count) => count + 1);
    }

    public void Reconnected() => Interlocked.Increment(ref _reconnects);
}

/// <param name="Error">SQLSTATE and message, or what became of the connection.</param>
internal sealed record ErrorCount(string Error, long Count);
