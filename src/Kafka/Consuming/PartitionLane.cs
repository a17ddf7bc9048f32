namespace PolyglotSync.Kafka.Consuming;

/// <summary>
/// The messages of one partition between the thread that reads them and the merge. Two lists change places, so that the merge takes the lock once for many. Messages in front of
/// <see cref="Position"/> are dropped where they arrive.
/// </summary>
/// <param name="arrived">Called by the reading thread after something has come; null: nobody listens.</param>
internal sealed class PartitionLane(string topic, int partition, long position, LaneBudget budget, Action? arrived = null)
{
    private readonly Lock _lock = new();
    private List<RawMessage> _filling = [];
    private List<RawMessage> _reading = [];
    private int _next;
    private long _held;
    private long _released;
    private long _end = -1;
    private TaskCompletionSource? _waiter;

    public string Topic => topic;

    public int Partition => partition;

    /// <summary>Offset of the next message that the merge wants.</summary>
    public long Position { get; private set; } = position;

    /// <summary>Offset of the next message to be read from the broker. For the reading thread.</summary>
    public long Arriving { get; private set; } = position;

    /// <summary>Offset up to which messages are wanted soon. For the reading thread.</summary>
    public long Horizon { get; set; } = long.MaxValue;

    /// <summary>Of the message that the merge has looked at. For the merge.</summary>
    public ChangePlace Head { get; set; }

    /// <summary>Bytes that wait here.</summary>
    public long Held => Interlocked.Read(ref _held);

    /// <summary>True where the merge waits for a message of this partition.</summary>
    public bool IsHungry
    {
        get
        {
            lock (_lock) return _waiter is not null;
        }
    }

    /// <summary>For the reading thread.</summary>
    public void Put(in RawMessage message)
    {
        TaskCompletionSource? waiter;
        Arriving = message.Offset + 1;
        lock (_lock)
        {
            if (message.Offset < Position) return;
            _filling.Add(message);
            waiter = _waiter;
            _waiter = null;
        }
        var weight = LaneBudget.Weight(message);
        Interlocked.Add(ref _held, weight);
        budget.Add(weight);
        waiter?.TrySetResult();
        arrived?.Invoke();
    }

    /// <summary>For the reading thread: the partition ends here for now, whatever offsets were compacted away before.</summary>
    public void ReachEnd(long offset)
    {
        TaskCompletionSource? waiter;
        Arriving = Math.Max(Arriving, offset);
        lock (_lock)
        {
            _end = Math.Max(_end, offset);
            waiter = _waiter;
            _waiter = null;
        }
        waiter?.TrySetResult();
        arrived?.Invoke();
    }

    /// <summary>The merge stands at the next message below an offset.</summary>
    /// <returns>True where there is one, and it is here; false where there is none, or it is not here yet: <see cref="IsExhausted"/> tells.</returns>
    public bool TryPeek(long below, out RawMessage message)
    {
        while (Position < below)
        {
            if (_next == _reading.Count && !Swap()) break;
            message = _reading[_next];
            if (message.Offset >= below) break;
            if (message.Offset >= Position) return true;
            Take();
        }
        message = default;
        return false;
    }

    /// <summary>The message that was peeked is done with.</summary>
    public void Take()
    {
        var message = _reading[_next];
        _reading[_next++] = default;
        Position = Math.Max(Position, message.Offset + 1);
        _released += LaneBudget.Weight(message);
        if ((_next & 63) == 0) Settle();
    }

    /// <summary>True where no message below the offset will come any more.</summary>
    public bool IsExhausted(long below)
    {
        if (Position >= below || (_next < _reading.Count && _reading[_next].Offset >= below)) return true;
        lock (_lock) return _next == _reading.Count && (_filling.Count > 0 ? _filling[0].Offset >= below : _end >= below);
    }

    /// <summary>What stands before an offset is none of the merge's business.</summary>
    public void SkipTo(long offset)
    {
        lock (_lock) Position = Math.Max(Position, offset);
    }

    /// <summary>Completes when something has come.</summary>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        Settle();
        Task arrival;
        lock (_lock)
        {
            if (_filling.Count > 0 || _next < _reading.Count) return Task.CompletedTask;
            _waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            arrival = _waiter.Task;
        }
        budget.Wake();
        return arrival.WaitAsync(cancellationToken);
    }

    private bool Swap()
    {
        Settle();
        lock (_lock)
        {
            if (_filling.Count == 0) return false;
            (_filling, _reading, _next) = (_reading, _filling, 0);
            _filling.Clear();
            return true;
        }
    }

    private void Settle()
    {
        if (_released == 0) return;
        Interlocked.Add(ref _held, -_released);
        budget.Release(_released);
        _released = 0;
    }
}
