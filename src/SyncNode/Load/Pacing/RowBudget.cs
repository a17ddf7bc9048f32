namespace PolyglotSync.SyncNode.Load.Pacing;

/// <summary>How many rows are still to be written, by all connections together.</summary>
/// <param name="rows">null: no limit.</param>
internal sealed class RowBudget(long? rows)
{
    private long _left = rows ?? long.MaxValue;

    /// <returns>As many of the rows wanted as are left; 0 at the end.</returns>
    public int Take(int wanted)
    {
        while (true)
        {
            var left = Interlocked.Read(ref _left);
            var taken = (int)Math.Min(wanted, left);
            if (taken == 0 || Interlocked.CompareExchange(ref _left, left - taken, left) == left) return taken;
        }
    }
}
