using System.Diagnostics;
using Akka.Event;
using Akka.Streams.Kafka.Settings;
using Akka.Util;
using Confluent.Kafka;

namespace Akka.Streams.Kafka.Consuming;

/// <summary>
/// One consumer and the thread that polls it. It polls in every state, so that the group keeps it: what is read ahead is bounded, and where that is full the thread
/// waits between polls instead of pausing partitions, since a pause throws away what librdkafka has fetched. Only where a reader waits for one partition while the
/// others are full are those paused.
/// </summary>
internal sealed class ConsumerLoop<K, V>
{
    private const int LeastRecordsAhead = 16 * 1024;
    private static readonly TimeSpan PauseAfter = TimeSpan.FromMilliseconds(5);
    private static int _number;

    private readonly ConsumerSettings<K, V> _settings;
    private readonly ISubscription _subscription;
    private readonly ILoggingAdapter _log;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Backlog _backlog;
    private IDestinations<K, V> _destinations;
    private Exception _failure;
    private long _closeAt = long.MaxValue;
    private int _fullPolls;

    public ConsumerLoop(ConsumerSettings<K, V> settings, ISubscription subscription, ILoggingAdapter log)
    {
        (_settings, _subscription, _log) = (settings, subscription, log);
        _backlog = new Backlog(Math.Max(settings.BufferSize, LeastRecordsAhead) * Backlog.RecordWeight);
        Control = new Control(() => _destinations.End(null), () => Shutdown(_settings.StopTimeout), _closed.Task);
    }

    public Control Control { get; }

    public ILoggingAdapter Log => _log;

    public ConsumerSettings<K, V> Settings => _settings;

    public Lane<T> NewLane<T>(Func<T, long> weigh, Action<Lane<T>, Exception> cancelled) => new(_backlog, weigh, cancelled);

    public static long Weigh(ConsumeResult<K, V> record)
        => Backlog.RecordWeight + (record.Message is { } message ? Size(message.Key) + Size(message.Value) : 0);

    /// <summary>A fair part of what may be read ahead.</summary>
    public long Share(int lanes) => _backlog.Capacity / Math.Max(1, lanes);

    public bool HasRoomAgain => _backlog.IsHalfEmpty;

    public void Start(IDestinations<K, V> destinations)
    {
        _destinations = destinations;
        new Thread(Run) { IsBackground = true, Name = $"kafka-consumer-{Interlocked.Increment(ref _number)}" }.Start();
    }

    /// <summary>Completes the stream; the consumer is closed after so long.</summary>
    public void Shutdown(TimeSpan delay)
    {
        _destinations.End(null);
        var at = Stopwatch.GetTimestamp() + (long)(delay.TotalSeconds * Stopwatch.Frequency);
        for (var now = Interlocked.Read(ref _closeAt); at < now;)
        {
            var seen = Interlocked.CompareExchange(ref _closeAt, at, now);
            if (seen == now)
                break;
            now = seen;
        }
        _backlog.Wake();
    }

    /// <summary>The reader has left: a stream that is torn down closes at once, any other after the stop timeout.</summary>
    public void ReaderLeft(Exception cause) => Shutdown(cause is AbruptTerminationException ? TimeSpan.Zero : _settings.StopTimeout);

    /// <summary>Fails the stream. For handlers on the consumer's thread, whose exceptions must not cross librdkafka.</summary>
    public void Fail(Exception cause) => _failure ??= cause;

    public void Timed(string handler, Action call)
    {
        var start = Stopwatch.GetTimestamp();
        call();
        if (Stopwatch.GetElapsedTime(start) > _settings.PartitionHandlerWarning)
            _log.Warning("Partition assignment handler `{0}` took longer than `partition-handler-warning`: {1} ms", handler, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    private void Run()
    {
        IConsumer<K, V> consumer = null;
        try
        {
            consumer = Open();
            while (_failure == null && Stopwatch.GetTimestamp() < Interlocked.Read(ref _closeAt))
                Poll(consumer);
            if (_failure != null)
                _destinations.End(_failure);
        }
        catch (Exception cause)
        {
            _destinations.End(cause);
        }
        finally
        {
            Close(consumer);
        }
    }

    private IConsumer<K, V> Open()
    {
        var statistics = _subscription.StatisticsHandler;
        var consumer = _settings.Builder((_, error) => OnError(new KafkaException(error)), (c, json) => statistics.OnSuccess(handler => handler.OnStatistics(c, json)))
            .SetPartitionsAssignedHandler((_, partitions) => Guarded(() => _destinations.Assigned(partitions)) ?? [])
            .SetPartitionsRevokedHandler((_, partitions) => Guarded(() =>
            {
                _destinations.Revoked(partitions);
                return partitions;
            }))
            .Build();
        _destinations.Opened(consumer);
        switch (_subscription)
        {
            case AutoSubscription topics:
                consumer.Subscribe(topics.Topics);
                break;
            case ManualSubscription manual:
                consumer.Assign(manual.Partitions);
                break;
            default:
                throw new NotSupportedException($"This stand-in of Akka.Streams.Kafka knows the subscriptions that Subscriptions makes; {_subscription.GetType().Name} is none.");
        }
        return consumer;
    }

    private void Poll(IConsumer<K, V> consumer)
    {
        var paused = _destinations.ResumePaused();
        if (_backlog.IsFull)
            WaitForRoom(paused);
        ConsumeResult<K, V> record = null;
        try
        {
            record = consumer.Consume(paused ? PauseAfter : _backlog.IsFull ? TimeSpan.Zero : _settings.PollTimeout);
        }
        catch (KafkaException cause)
        {
            OnError(cause);
        }
        if (_failure != null)
            return;
        _destinations.AfterPoll();
        if (record != null)
            _destinations.Route(record);
    }

    private void WaitForRoom(bool paused)
    {
        if (!paused)
            _backlog.WaitForRoom(PauseAfter, alsoForHunger: false);
        if (_backlog.IsFull && _backlog.IsHungry)
        {
            if (!paused || (++_fullPolls & 127) == 0)
                _destinations.PauseSated();
        }
        else if (_backlog.IsFull)
        {
            _backlog.WaitForRoom(_settings.PollTimeout, alsoForHunger: true);
        }
    }

    /// <summary>As the real package decides by default: one source goes on after what is not fatal, a partitioned one does not.</summary>
    private void OnError(KafkaException cause)
    {
        if (_destinations.StopsAtErrors || cause.Error.IsFatal || cause.Error.IsSerializationError())
            Fail(cause);
        else
            _log.Info("Kafka consumer goes on after: {0}", cause.Error);
    }

    private T Guarded<T>(Func<T> handler)
        where T : class
    {
        try
        {
            return handler();
        }
        catch (Exception cause)
        {
            Fail(cause);
            return null;
        }
    }

    private void Close(IConsumer<K, V> consumer)
    {
        try
        {
            if (consumer != null)
            {
                _destinations.Closing();
                consumer.Close();
            }
        }
        catch (Exception cause)
        {
            _log.Warning("Closing a Kafka consumer: {0}", cause.Message);
        }
        finally
        {
            consumer?.Dispose();
            _closed.TrySetResult();
        }
    }

    private static long Size<T>(T part) => part switch
    {
        byte[] bytes => bytes.Length,
        string text => 2L * text.Length,
        ReadOnlyMemory<byte> memory => memory.Length,
        _ => 0,
    };
}
