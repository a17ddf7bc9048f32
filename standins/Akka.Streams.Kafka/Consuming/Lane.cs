using System.Runtime.ExceptionServices;
using Akka.Streams.Engine;

namespace Akka.Streams.Kafka.Consuming;

/// <summary>
/// What leads from the consumer's thread to the reader of one source. Two lists change places, so that the reader takes a lock once in a batch. When a lane ends,
/// what the reader has not asked for yet is dropped, as the stages of the real package do.
/// </summary>
internal sealed class Lane<T>(Backlog backlog, Func<T, long> weigh, Action<Lane<T>, Exception> cancelled) : Pipe<T>
{
    /// <summary>Records after which the reader tells what it has made room for.</summary>
    private const int ReleaseEvery = 64;

    private readonly Lock _gate = new();
    private List<T> _filling = [];
    private List<T> _reading = [];
    private int _next;
    private long _held;
    private long _read;
    private TaskCompletionSource<bool> _reader;
    private volatile bool _ended;
    private Exception _failure;

    /// <summary>Weight of what waits here.</summary>
    public long Held
    {
        get
        {
            lock (_gate)
                return _held;
        }
    }

    /// <summary>Whether somebody waits for a record.</summary>
    public bool IsHungry => Volatile.Read(ref _reader) != null;

    public void Put(T item)
    {
        TaskCompletionSource<bool> reader;
        lock (_gate)
        {
            if (_ended)
                return;
            var weight = weigh(item);
            _held += weight;
            backlog.Add(weight);
            reader = _reader;
            _reader = null;
            if (reader == null)
                _filling.Add(item);
            else
                Current = item;
            if (reader != null)
                Read(item);
        }
        if (reader == null)
            return;
        backlog.Hunger(-1);
        reader.SetResult(true);
    }

    /// <summary>Completes the source, or fails it.</summary>
    public void End(Exception failure)
    {
        TaskCompletionSource<bool> reader;
        lock (_gate)
        {
            if (_ended)
                return;
            _failure = failure;
            _ended = true;
            reader = _reader;
            _reader = null;
            backlog.Release(_held);
            _held = 0;
            _filling.Clear();
        }
        if (reader == null)
            return;
        backlog.Hunger(-1);
        if (failure == null)
            reader.SetResult(false);
        else
            reader.SetException(failure);
    }

    public override ValueTask<bool> PullAsync()
    {
        if (!_ended && _next < _reading.Count)
        {
            Take();
            return ValueTask.FromResult(true);
        }
        lock (_gate)
        {
            if (_ended)
            {
                if (_failure != null)
                    ExceptionDispatchInfo.Throw(_failure);
                return ValueTask.FromResult(false);
            }
            (_filling, _reading, _next) = (_reading, _filling, 0);
            _filling.Clear();
            if (_reading.Count == 0)
            {
                _reader = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
                Settle();
                backlog.Hunger(1);
                return new ValueTask<bool>(_reader.Task);
            }
        }
        Take();
        return ValueTask.FromResult(true);
    }

    public override void Cancel(Exception cause)
    {
        if (_ended)
            return;
        cancelled(this, cause);
        End(null);
    }

    /// <summary>The first of what nobody has read; for a lane that ends by a cancel, before it does.</summary>
    public bool TryPeek(out T item)
    {
        lock (_gate)
        {
            var source = _next < _reading.Count ? _reading : _filling;
            var at = _next < _reading.Count ? _next : 0;
            item = at < source.Count ? source[at] : default;
            return item != null;
        }
    }

    private void Take()
    {
        Current = _reading[_next];
        _reading[_next++] = default;
        Read(Current);
    }

    private void Read(T item)
    {
        _read += weigh(item);
        if ((_next & (ReleaseEvery - 1)) == 0)
            Settle();
    }

    private void Settle()
    {
        if (_read == 0)
            return;
        lock (_gate)
        {
            // an end has released everything already
            if (_ended)
                return;
            _held -= _read;
            backlog.Release(_read);
            _read = 0;
        }
    }
}
