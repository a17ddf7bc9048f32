namespace Akka.Streams.Engine;

/// <summary>
/// The buffer between a part of a stream that reads ahead and the part that emits. A failure overtakes what is buffered, completion does not:
/// so do the stages of Akka Streams.
/// </summary>
internal sealed class Handover<T>
{
    private readonly Lock _gate = new();
    private readonly Queue<T> _items = new();
    private readonly AsyncSignal _changed = new();
    private readonly AsyncSignal _space = new();
    private readonly int _capacity;
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception _failure;
    private bool _complete;
    private bool _closed;

    public Handover(int capacity) => _capacity = capacity;

    /// <summary>Waits until an element fits. False when the reader has left.</summary>
    public async ValueTask<bool> WaitForSpaceAsync()
    {
        while (true)
        {
            lock (_gate)
            {
                if (_closed)
                    return false;
                if (_items.Count < _capacity)
                    return true;
            }
            await _space.WaitAsync().ConfigureAwait(false);
        }
    }

    public void Put(T item)
    {
        lock (_gate)
            _items.Enqueue(item);
        _changed.Set();
    }

    /// <summary>Puts an element as the strategy says. False when the strategy is to fail.</summary>
    public bool TryPut(T item, OverflowStrategy whenFull)
    {
        lock (_gate)
        {
            if (_items.Count >= _capacity)
                switch (whenFull)
                {
                    case OverflowStrategy.DropHead: _items.Dequeue(); break;
                    case OverflowStrategy.DropBuffer: _items.Clear(); break;
                    case OverflowStrategy.DropTail:
                        var kept = _items.ToArray();
                        _items.Clear();
                        foreach (var one in kept.AsSpan(0, kept.Length - 1))
                            _items.Enqueue(one);
                        break;
                    case OverflowStrategy.DropNew: return true;
                    default: return false;
                }
            _items.Enqueue(item);
        }
        _changed.Set();
        return true;
    }

    public void Complete()
    {
        lock (_gate)
            _complete = true;
        _changed.Set();
    }

    public void Fail(Exception cause)
    {
        lock (_gate)
            _failure ??= cause;
        _failed.TrySetResult();
        _changed.Set();
    }

    /// <summary>Completes when the handover has failed.</summary>
    public Task Failed => _failed.Task;

    public void ThrowIfFailed()
    {
        Exception failure;
        lock (_gate)
            failure = _failure;
        if (failure != null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>True: an element is there for <see cref="Take"/>. False: complete and empty. Throws the failure, ahead of what is buffered.</summary>
    public async ValueTask<bool> WaitForItemAsync()
    {
        while (true)
        {
            lock (_gate)
            {
                if (_failure != null)
                    System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure);
                if (_items.Count > 0)
                    return true;
                if (_complete || _closed)
                    return false;
            }
            await _changed.WaitAsync().ConfigureAwait(false);
        }
    }

    public T Take()
    {
        T item;
        lock (_gate)
            item = _items.Dequeue();
        _space.Set();
        return item;
    }

    public int Count
    {
        get
        {
            lock (_gate)
                return _items.Count;
        }
    }

    /// <summary>Nothing will be added any more.</summary>
    public bool Ended
    {
        get
        {
            lock (_gate)
                return _complete || _closed || _failure != null;
        }
    }

    public List<T> TakeUpTo(int n)
    {
        var taken = new List<T>();
        lock (_gate)
            while (taken.Count < n && _items.TryDequeue(out var item))
                taken.Add(item);
        _space.Set();
        return taken;
    }

    /// <summary>The reader leaves: the writer stops at its next look.</summary>
    public void Close()
    {
        lock (_gate)
            _closed = true;
        _space.Set();
        _changed.Set();
    }
}
