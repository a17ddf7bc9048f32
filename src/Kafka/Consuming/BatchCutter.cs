namespace PolyglotSync.Kafka.Consuming;

/// <summary>
/// Gathers changes into batches and says where they may be cut, as direct capture does: at the end of a transaction, and inside one that is too large to be whole. A cut of the log raises the watermark; one that
/// had to be found between two of them does not. Not thread-safe; pure.
/// </summary>
/// <param name="offsets">Where to read on from, as it is now.</param>
/// <param name="fullRows">A batch of so many rows ends as soon as it may.</param>
internal sealed class BatchCutter(LimitSettings limits, Cut reached, CopyState copy, Func<string> offsets, int fullRows = BatchCutter.FullRows)
{
    public const int FullRows = 5_000;
    private const int FullBytes = 4 * 1024 * 1024;

    /// <summary>So many rows do not wait for those of the next cut.</summary>
    private const int WorthwhileRows = 1_000;

    /// <summary>Messages that could not be read, at the most in one batch.</summary>
    private const int MaxRefused = 100;

    private readonly List<RefusedMessage> _refused = [];
    private CopyState _copy = copy;
    private CopyState? _moved;
    private Position _last = reached.Position;
    private long _timestamp;
    private int _rows;
    private long _bytes;
    private int _before;
    private bool _isParted = !reached.Position.IsWhole;
    private bool _isHalf;

    public ChangeBatchWriter Writer { get; } = new();

    /// <summary>The last cut, without offsets.</summary>
    public Cut Reached { get; private set; } = reached with { Offsets = null };

    /// <summary>A change is about to be added.</summary>
    /// <returns>The batch that ends before it; null where it goes on.</returns>
    public ChangeBatch? Before(Position next)
    {
        var isBoundary = next.CommitLsn != _last.CommitLsn;
        var isFull = Writer.Count >= fullRows || Writer.Bytes >= FullBytes || _refused.Count >= MaxRefused;
        if (isBoundary)
        {
            (_rows, _bytes, _isParted) = (0, 0, false);
            return isFull ? Cut(Position.EndOf(_last.CommitLsn)) : null;
        }
        if (!isFull) return null;
        if (!_isParted && _rows < limits.MaxSourceTransactionRows && _bytes < limits.MaxSourceTransactionBytes)
        {
            _isHalf = true;
            return Complete(null);
        }
        (_rows, _bytes, _isParted) = (0, 0, true);
        return Cut(_last);
    }

    /// <summary>A change was added.</summary>
    public void Added(Position position, long timestamp)
    {
        _rows++;
        _bytes += Writer.Bytes - _before;
        _before = Writer.Bytes;
        _last = position > _last || position.CommitLsn != _last.CommitLsn ? position : _last;
        if (timestamp != 0) _timestamp = timestamp;
    }

    /// <summary>The message is no change that can be read: it goes along, to be kept where dead letters are.</summary>
    /// <returns>A batch where these are too many to wait for a cut.</returns>
    public ChangeBatch? Refuse(RefusedMessage message)
    {
        _refused.Add(message);
        return _refused.Count >= MaxRefused ? Cut(_last) : null;
    }

    /// <summary>Rows of the old columns go first, in a batch that ends at a cut.</summary>
    public ChangeBatch? BeforeSchemaChange() => Writer.IsEmpty && !_isHalf ? null : Cut(_last);

    public void Add(SchemaChange change, Position at) => Writer.AddSchemaChange(change, at);

    /// <summary>A cut of the log is reached.</summary>
    /// <param name="more">True where the next waits already.</param>
    /// <returns>What was gathered up to here; null where it is little, and goes with the next.</returns>
    public ChangeBatch? At(CutStep step, bool more)
    {
        Reached = new Cut(step.Cut.Position > Reached.Position ? step.Cut.Position : Reached.Position, Lsn.Max(step.Cut.Watermark, Reached.Watermark));
        if (step.CommitTimestamp != 0) _timestamp = step.CommitTimestamp;
        (_last, _rows, _bytes, _isParted) = (Reached.Position, 0, 0, !Reached.Position.IsWhole);
        if (!CopyStates.Same(_copy, step.Copy)) _copy = _moved = step.Copy;
        return more && Writer.Count < Math.Min(WorthwhileRows, fullRows) && Writer.Bytes < FullBytes ? null : Complete(Reached);
    }

    private ChangeBatch Cut(Position position)
    {
        if (position > Reached.Position) Reached = Reached with { Position = position };
        return Complete(Reached);
    }

    private ChangeBatch Complete(Cut? cut)
    {
        foreach (var refused in _refused) Writer.AddRefused(refused);
        _refused.Clear();
        _before = 0;
        if (cut is null) return Writer.Complete(null, null, _timestamp);
        var (moved, place) = (_moved, offsets());
        _moved = null;
        _isHalf = false;
        return Writer.Complete(cut.Value with { Offsets = place }, moved, _timestamp);
    }
}
