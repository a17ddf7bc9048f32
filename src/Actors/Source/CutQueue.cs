using System.Diagnostics.CodeAnalysis;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Source;

/// <summary>
/// Batches on their way from the stream to the entity actors, as whole cuts: what one graph transaction may not take any more waits here. Pure: no actor, no clock.
/// </summary>
/// <param name="aimsAtBatch">True where a graph transaction aims at <see cref="LimitSettings.BatchRows"/> net effects: Neo4j takes more rows a second in transactions of 5,000 than in
/// ten times larger ones, and the next is captured meanwhile. False where several writers share a drain.</param>
internal sealed class CutQueue(LimitSettings limits, bool aimsAtBatch)
{
    private readonly List<ChangeBatch> _open = [];
    private readonly Queue<WholeCut> _whole = new();

    // Half of what may be in flight, so that the next span is read while one is written.
    private readonly int _maxRows = Math.Min(limits.MaxTransactionRows, limits.MaxInFlightRows / 2);
    private int _aim = aimsAtBatch ? Math.Min(limits.BatchRows, Math.Min(limits.MaxTransactionRows, limits.MaxInFlightRows / 2)) : int.MaxValue;
    private readonly long _maxBytes = limits.MaxInFlightBytes / 2;

    /// <summary>Rows of whole cuts.</summary>
    public int WholeRows { get; private set; }

    /// <summary>Bytes of whole cuts.</summary>
    public long WholeBytes { get; private set; }

    /// <summary>Rows of transactions that are not whole yet too.</summary>
    public int Rows => WholeRows + _open.Sum(batch => batch.Count);

    public long Bytes => WholeBytes + _open.Sum(batch => (long)batch.Bytes);

    public bool HasWhole => _whole.Count > 0;

    /// <summary>Commit time of the oldest transaction, microseconds since 1970 UTC; 0 where unknown or none.</summary>
    public long OldestCommit => _whole.SelectMany(cut => cut.Batches).Concat(_open).FirstOrDefault(batch => batch.CommitTimestamp != 0)?.CommitTimestamp ?? 0;

    /// <returns>True where the batch ends at a cut: what came since the last one is whole.</returns>
    public bool Add(ChangeBatch batch)
    {
        _open.Add(batch);
        if (batch.Cut is null) return false;
        var cut = new WholeCut([.. _open], _open.Sum(b => b.Count), _open.Sum(b => (long)b.Bytes));
        _open.Clear();
        _whole.Enqueue(cut);
        WholeRows += cut.Rows;
        WholeBytes += cut.Bytes;
        return true;
    }

    /// <summary>The next whole cut, where it fits into the span: always into an empty one.</summary>
    public bool TryTake(PendingSpan span, [NotNullWhen(true)] out IReadOnlyList<ChangeBatch>? batches)
    {
        batches = null;
        if (!_whole.TryPeek(out var cut)) return false;
        if (span.Rows > 0 && (span.Rows + cut.Rows > Math.Min(_aim, _maxRows) || span.Bytes + cut.Bytes > _maxBytes)) return false;
        _whole.Dequeue();
        WholeRows -= cut.Rows;
        WholeBytes -= cut.Bytes;
        batches = cut.Batches;
        return true;
    }

    /// <summary>Where many changes came to few net effects, the next span may hold as many times more.</summary>
    /// <param name="rows">Changes of a span that is written.</param>
    /// <param name="operations">Its net effects.</param>
    public void Learn(int rows, int operations)
    {
        // a small span says little of large ones
        if (!aimsAtBatch || rows < Math.Min(limits.BatchRows, _maxRows) / 2) return;
        _aim = (int)Math.Clamp((long)limits.BatchRows * rows / Math.Max(1, operations), Math.Min(limits.BatchRows, _maxRows), _maxRows);
    }

    /// <summary>Gives up the transaction that is not whole: it will be read again.</summary>
    public void DropOpen()
    {
        foreach (var batch in _open) batch.Release();
        _open.Clear();
    }

    public void DropAll()
    {
        DropOpen();
        foreach (var cut in _whole)
            foreach (var batch in cut.Batches) batch.Release();
        _whole.Clear();
        (WholeRows, WholeBytes) = (0, 0);
    }

    private readonly record struct WholeCut(ChangeBatch[] Batches, int Rows, long Bytes);
}
