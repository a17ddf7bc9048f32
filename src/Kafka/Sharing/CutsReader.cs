using Confluent.Kafka;
using PolyglotSync.Kafka.Consuming;
using PolyglotSync.Kafka.Cuts;

namespace PolyglotSync.Kafka.Sharing;

/// <summary>Reads <c>PREFIX.__cuts</c> from its beginning, as each of the nodes does that share partitions: outside of their group. A node that stands by reads them to say how far the work is, and takes no step.</summary>
internal sealed class CutsReader : IAsyncDisposable
{
    private const long MostWaitingBytes = 4 * 1024 * 1024;

    /// <summary>Partitions that hold nothing of the next so many changes need not be read yet.</summary>
    private const long Window = 100_000;

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TopicConsumer _consumer;
    private readonly PartitionLane _lane;
    private readonly CutSteps _steps;
    private readonly CutTimes _times = new();
    private readonly string _where;
    private readonly Action<PipelineFailure> _fail;
    private readonly Task _following;
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="fail">Told once that following has ended, and why.</param>
    public CutsReader(KafkaSettings settings, string pipeline, string topic, Action<PipelineFailure> fail)
    {
        (_where, _fail) = ($"{settings.BootstrapServers}, {topic}", fail);
        _steps = new CutSteps(ReadPlace.Start(settings.Prefix), Cut.Start, _where);
        var budget = new LaneBudget(MostWaitingBytes);
        _lane = new PartitionLane(topic, 0, 0, budget);
        _consumer = new TopicConsumer(settings, pipeline, budget, fail);
        _consumer.Add([_lane]);
        _following = Task.Run(FollowAsync);
    }

    /// <summary>The epoch that the log has come to; null before the first.</summary>
    public EpochRecord? Epoch
    {
        get
        {
            lock (_lock) return _steps.Epoch;
        }
    }

    /// <summary>The newest cut told of; null before the first.</summary>
    public CutStep? Newest
    {
        get
        {
            lock (_lock) return _steps.Newest;
        }
    }

    /// <summary>When the oldest change behind a watermark was committed: microseconds since 1970-01-01 UTC; 0 where there is none.</summary>
    public long CommitAfter(Lsn watermark)
    {
        lock (_lock) return _times.After(watermark);
    }

    /// <summary>Up to where partitions are worth reading now, by topic; null: as far as they go.</summary>
    public IReadOnlyDictionary<string, long[]>? Horizon
    {
        get
        {
            lock (_lock) return _steps.Ahead(Window)?.Offsets;
        }
    }

    /// <summary>Completes at the next record. To be asked for before looking.</summary>
    public Task News
    {
        get
        {
            lock (_lock) return _news.Task;
        }
    }

    /// <summary>The next step, where one waits.</summary>
    /// <param name="more">True where another waits behind it.</param>
    /// <param name="relations">All columns that were told of so far.</param>
    public bool TryNext(out CutStep step, out bool more, out IReadOnlyList<RelationRecord> relations)
    {
        lock (_lock)
        {
            (step, more, relations) = (null!, false, []);
            if (!_steps.HasStep) return false;
            step = _steps.Next();
            more = _steps.HasStep;
            relations = [.. _steps.Relations];
            return true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following;
        await _consumer.DisposeAsync();
        _stop.Dispose();
    }

    private async Task FollowAsync()
    {
        try
        {
            while (true)
            {
                while (_lane.TryPeek(long.MaxValue, out var message))
                {
                    if (CutsCodec.Read(message.Key.ToArray(), message.Value.ToArray(), $"{_where}, offset {message.Offset}") is { } record)
                    {
                        lock (_lock)
                        {
                            _steps.Take(record);
                            if (record is CutRecord cut && cut.Epoch == _steps.Epoch?.Epoch) _times.Take(cut);
                        }
                        Tell();
                    }
                    _lane.Take();
                }
                await _lane.WaitAsync(_stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // whoever reads ends
        }
        catch (PipelineFailure failure)
        {
            _fail(failure);
        }
    }

    private void Tell()
    {
        TaskCompletionSource news;
        lock (_lock) (news, _news) = (_news, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        news.TrySetResult();
    }
}
