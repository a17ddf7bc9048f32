using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Source;

/// <summary>What was routed to the entity actors and is not drained yet, or drained and not committed yet: the batches whose buffers it keeps alive, and where it ends.</summary>
internal sealed class PendingSpan
{
    private readonly List<ChangeBatch> _batches = [];

    public Cut? Cut { get; private set; }
    public CopyState? Copy { get; private set; }

    /// <summary>Of the newest transaction, microseconds since 1970 UTC; 0 unknown.</summary>
    public long CommitTimestamp { get; private set; }

    /// <summary>Of the oldest transaction.</summary>
    public long OldestCommit { get; private set; }
    public int Rows { get; private set; }
    public long Bytes { get; private set; }
    public HashSet<int> Buckets { get; } = [];
    public List<SchemaChange> SchemaChanges { get; } = [];

    /// <summary>Messages of a broker that could not be read.</summary>
    public List<RefusedMessage> Refused { get; } = [];

    /// <summary>True where something must be written: not only a watermark that moved.</summary>
    public bool HasWork => Rows > 0 || Copy is not null || Refused.Count > 0;

    public void Add(ChangeBatch batch)
    {
        _batches.Add(batch);
        Rows += batch.Count;
        Bytes += batch.Bytes;
        SchemaChanges.AddRange(batch.SchemaChanges);
        Refused.AddRange(batch.Refused);
        if (batch.Cut is { } cut) Cut = cut;
        Copy = batch.CopyState ?? Copy;
        if (batch.CommitTimestamp == 0) return;
        CommitTimestamp = batch.CommitTimestamp;
        if (OldestCommit == 0) OldestCommit = batch.CommitTimestamp;
    }

    public void Release()
    {
        foreach (var batch in _batches) batch.Release();
        _batches.Clear();
    }
}
