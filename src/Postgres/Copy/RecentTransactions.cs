namespace PolyglotSync.Postgres;

/// <summary>
/// The transactions whose commits the stream has passed lately. A commit's record stands in the log before the transaction becomes visible (microseconds, or for as long as a synchronous
/// standby takes): what is read meanwhile lacks it. No backend commits a second one before the first is visible, so a few thousand reach far.
/// </summary>
internal sealed class RecentTransactions(int capacity = 1 << 16)
{
    private uint[] _xids = new uint[Math.Min(256, capacity)];

    /// <summary>Commits since the stream was opened.</summary>
    public long Count { get; private set; }

    public void Add(uint xid)
    {
        if (Count == _xids.Length && _xids.Length < capacity) Array.Resize(ref _xids, Math.Min(capacity, _xids.Length * 2));
        _xids[Count++ % _xids.Length] = xid;
    }

    /// <summary>Whether the snapshot lacks one of the first <paramref name="upTo"/>, as far as they are remembered.</summary>
    public bool AnyUnseen(ChunkSnapshot snapshot, long upTo)
    {
        for (var i = Math.Max(0, Count - _xids.Length); i < upTo; i++)
            if (!snapshot.Sees(_xids[i % _xids.Length])) return true;
        return false;
    }
}
