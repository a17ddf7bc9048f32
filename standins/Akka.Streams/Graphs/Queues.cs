using Akka.Util;

namespace Akka.Streams;

/// <summary>Feeds a stream from outside.</summary>
public interface ISourceQueue<in T>
{
    /// <summary>Offers an element. With backpressure the task completes once it is buffered; one offer may wait at a time.</summary>
    Task<IQueueOfferResult> OfferAsync(T element);

    /// <summary>Completes when the stream has no more use for the queue; fails when it failed.</summary>
    Task WatchCompletionAsync();
}

/// <inheritdoc/>
public interface ISourceQueueWithComplete<in T> : ISourceQueue<T>
{
    /// <summary>Ends the stream after what is buffered.</summary>
    void Complete();

    /// <summary>Fails the stream at once.</summary>
    void Fail(Exception ex);

    new Task WatchCompletionAsync();
}

/// <summary>Takes elements out of a stream, one a call.</summary>
public interface ISinkQueue<T>
{
    /// <summary>The next element, or none at the end. Fails when the stream failed. One call at a time.</summary>
    Task<Option<T>> PullAsync();
}

/// <summary>What became of an offer: one of the classes in <see cref="QueueOfferResult"/>.</summary>
public interface IQueueOfferResult
{
}

/// <inheritdoc cref="IQueueOfferResult"/>
public sealed class QueueOfferResult
{
    /// <summary>The stream has it.</summary>
    public sealed class Enqueued : IQueueOfferResult
    {
        public static readonly Enqueued Instance = new();

        private Enqueued() { }
    }

    /// <summary>The buffer was full and the strategy let it fall.</summary>
    public sealed class Dropped : IQueueOfferResult
    {
        public static readonly Dropped Instance = new();

        private Dropped() { }
    }

    /// <summary>The offer failed the stream.</summary>
    public sealed class Failure : IQueueOfferResult
    {
        public Failure(Exception cause) => Cause = cause;

        public Exception Cause { get; }
    }

    /// <summary>The stream ended before taking it.</summary>
    public sealed class QueueClosed : IQueueOfferResult
    {
        public static readonly QueueClosed Instance = new();

        private QueueClosed() { }
    }
}
