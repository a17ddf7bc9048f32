using Akka.Pattern;
using Akka.Streams.Engine;

namespace Akka.Streams.Stages;

/// <summary>Source.Queue: the pipe is the queue. One offer may wait; with size 0 an offer is taken when a pull waits for it.</summary>
internal sealed class QueuePipe<T>(int size, OverflowStrategy strategy) : Pipe<T>, ISourceQueueWithComplete<T>
{
    private readonly Lock _gate = new();
    private readonly Queue<T> _buffer = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<bool> _puller;
    private (T Element, TaskCompletionSource<IQueueOfferResult> Answer)? _waiting;
    private Exception _failure;
    private bool _completing;
    private bool _over;

    public Task WatchCompletionAsync() => _completion.Task;

    public Task<IQueueOfferResult> OfferAsync(T element)
    {
        lock (_gate)
        {
            if (_over)
                return Task.FromException<IQueueOfferResult>(new StreamDetachedException());
            if (_puller != null && _buffer.Count == 0)
            {
                Current = element;
                Answer(true);
                return Enqueued();
            }
            if (_buffer.Count < size)
            {
                _buffer.Enqueue(element);
                return Enqueued();
            }
            return OfferToFull(element);
        }
    }

    public void Complete()
    {
        lock (_gate)
        {
            _completing = true;
            if (_buffer.Count == 0 && _waiting == null)
                End(null);
        }
    }

    public void Fail(Exception ex)
    {
        lock (_gate)
            End(ex);
    }

    public override ValueTask<bool> PullAsync()
    {
        lock (_gate)
        {
            if (_failure != null)
                return ValueTask.FromException<bool>(_failure);
            if (_over)
                return ValueTask.FromResult(false);
            if (_buffer.TryDequeue(out var next))
            {
                Current = next;
                if (_waiting is { } follower)
                    _buffer.Enqueue(follower.Element);
            }
            else if (_waiting is { } direct)
            {
                Current = direct.Element;
            }
            else
            {
                _puller = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
                return new ValueTask<bool>(_puller.Task);
            }
            _waiting?.Answer.TrySetResult(QueueOfferResult.Enqueued.Instance);
            _waiting = null;
            if (_completing && _buffer.Count == 0)
                End(null);
            return ValueTask.FromResult(true);
        }
    }

    public override void Cancel(Exception cause)
    {
        lock (_gate)
        {
            _buffer.Clear();
            _waiting?.Answer.TrySetResult(QueueOfferResult.QueueClosed.Instance);
            _waiting = null;
            End(null);
        }
    }

    private Task<IQueueOfferResult> OfferToFull(T element)
    {
        switch (strategy)
        {
            case OverflowStrategy.Backpressure:
                if (_waiting != null)
                    return Task.FromException<IQueueOfferResult>(
                        new IllegalStateException("You have to wait for previous offer to be resolved to send another request"));
                return Wait(element);
            case OverflowStrategy.Fail when size > 0 || _waiting != null:
                var overflow = new BufferOverflowException($"Buffer overflow (max capacity was: {size})!");
                End(overflow);
                return Task.FromResult<IQueueOfferResult>(new QueueOfferResult.Failure(overflow));
            case OverflowStrategy.DropHead or OverflowStrategy.DropBuffer or OverflowStrategy.DropTail when size > 0:
                Drop();
                _buffer.Enqueue(element);
                return Enqueued();
            default:
                return OfferDirectly(element);
        }
    }

    /// <summary>Without a buffer the one waiting offer takes its place.</summary>
    private Task<IQueueOfferResult> OfferDirectly(T element)
    {
        if (size > 0 || _waiting != null && strategy is OverflowStrategy.DropTail or OverflowStrategy.DropNew && _waiting != null)
            return Task.FromResult<IQueueOfferResult>(QueueOfferResult.Dropped.Instance);
        _waiting?.Answer.TrySetResult(QueueOfferResult.Dropped.Instance);
        return Wait(element);
    }

    private void Drop()
    {
        switch (strategy)
        {
            case OverflowStrategy.DropHead:
                _buffer.Dequeue();
                break;
            case OverflowStrategy.DropBuffer:
                _buffer.Clear();
                break;
            default:
                var kept = _buffer.Take(_buffer.Count - 1).ToArray();
                _buffer.Clear();
                foreach (var element in kept)
                    _buffer.Enqueue(element);
                break;
        }
    }

    private Task<IQueueOfferResult> Wait(T element)
    {
        var answer = new TaskCompletionSource<IQueueOfferResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting = (element, answer);
        return answer.Task;
    }

    private static Task<IQueueOfferResult> Enqueued() => Task.FromResult<IQueueOfferResult>(QueueOfferResult.Enqueued.Instance);

    private void Answer(bool any)
    {
        var puller = _puller;
        _puller = null;
        puller?.SetResult(any);
    }

    private void End(Exception cause)
    {
        if (_over)
            return;
        _over = true;
        _failure = cause;
        _waiting?.Answer.TrySetException(new StreamDetachedException());
        _waiting = null;
        if (cause == null)
        {
            _completion.TrySetResult();
            Answer(false);
            return;
        }
        _buffer.Clear();
        _completion.TrySetException(cause);
        var puller = _puller;
        _puller = null;
        puller?.SetException(cause);
    }
}
