using Confluent.Kafka;
using PolyglotSync.Kafka.Connecting;

namespace PolyglotSync.Kafka.Consuming;

/// <summary>
/// One consumer of all partitions of a pipeline's topics and the thread that polls it into lanes. Where the lanes are full the thread waits instead of pausing partitions, since a pause throws away what librdkafka has
/// fetched. Paused are partitions that are read as far as their messages are wanted soon, and, where the merge waits for one partition while others fill the budget, those others. (Akka.Streams.Kafka has sources of
/// single partitions for partitions that a group deals out alone; those of a cut must be in one hand.)
/// </summary>
internal sealed class TopicConsumer : IAsyncDisposable
{
    private static readonly TimeSpan PollFor = TimeSpan.FromMilliseconds(100);
    private const int CountEveryMs = 500;
    private static readonly TimeSpan PollSoon = TimeSpan.FromMilliseconds(5);
    private const int LookAtEarlyEveryMs = 20;
    private const int NudgeEveryMs = 10;
    private const string QueueBackoff = "fetch.queue.backoff.ms";
    private const int FirstWithQueueBackoff = 0x020200ff;
    private static readonly TimeSpan NudgeFor = TimeSpan.FromMilliseconds(500);

    /// <summary>Messages that are read beyond a full budget once the merge waits for a partition: to read one for each wait would make the two threads take turns.</summary>
    private const int Grace = 1_000;

    private readonly KafkaSettings _settings;
    private readonly LaneBudget _budget;
    private readonly Action<PipelineFailure> _fail;
    private readonly BrokerTrouble _heard = new();
    private readonly IConsumer<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> _consumer;
    private readonly Dictionary<TopicPartition, PartitionLane> _lanes = [];
    private readonly HashSet<TopicPartition> _paused = [];
    private readonly HashSet<TopicPartition> _early = [];
    private volatile IReadOnlyDictionary<string, long[]>? _horizon;
    private IReadOnlyDictionary<string, long[]>? _kept;
    private bool _isKept = true;
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<PartitionLane> _news = [];
    private (string Topic, Partition Partition, PartitionLane? Lane) _last;
    private long _behind;
    private long _countedAt;
    private long _keptAt;
    private long _nudgedAt;
    private int _grace;
    private volatile bool _stopping;
    private bool _started;

    /// <param name="fail">Told once that reading has ended, and why.</param>
    /// <exception cref="PipelineFailure">librdkafka is missing or refuses a property.</exception>
    public TopicConsumer(KafkaSettings settings, string pipeline, LaneBudget budget, Action<PipelineFailure> fail)
    {
        (_settings, _budget, _fail) = (settings, budget, fail);
        var config = KafkaClients.Consumer(settings, pipeline);
        // partitions are assigned by hand, all at once, which the cooperative protocol refuses
        config.PartitionAssignmentStrategy = PartitionAssignmentStrategy.Range;
        config.EnablePartitionEof = true;
        // a topic that was deleted is missed soon
        config.TopicMetadataRefreshIntervalMs = 5_000;
        config.Set("topic.metadata.propagation.max.ms", "5000");
        config.ConsumeResultFields = "topic";
        var bytes = new SlabCopier();
        try
        {
            if (Library.Version >= FirstWithQueueBackoff && !settings.Properties.ContainsKey(QueueBackoff)) config.Set(QueueBackoff, "10");
            _consumer = new ConsumerBuilder<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>(config).SetKeyDeserializer(bytes).SetValueDeserializer(bytes)
                .SetErrorHandler((_, error) => OnError(error)).SetLogHandler(static (_, _) => { }).Build();
        }
        catch (Exception e)
        {
            throw KafkaFailures.Classify(e, settings.BootstrapServers);
        }
    }

    /// <summary>Messages between what was read and the ends of the partitions, as they were a moment ago.</summary>
    public long Behind => Interlocked.Read(ref _behind);

    /// <summary>Partitions are read up to the horizon, and on when half of that is done with: what lies behind it would take the room of what comes first.</summary>
    /// <param name="horizon">By topic, an offset for each partition; null: all are read.</param>
    public void ReadUpTo(IReadOnlyDictionary<string, long[]>? horizon) => _horizon = horizon;

    /// <summary>Reads partitions besides, each from its lane's position.</summary>
    public void Add(IReadOnlyList<PartitionLane> lanes)
    {
        if (lanes.Count == 0) return;
        lock (_lock) _news.AddRange(lanes);
        _budget.Wake();
        if (_started) return;
        _started = true;
        new Thread(Run) { IsBackground = true, Name = "kafka-topics" }.Start();
    }

    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        _budget.Wake();
        if (_started) await _closed.Task;
        else _consumer.Dispose();
    }

    private void Run()
    {
        try
        {
            while (!_stopping) Poll();
        }
        catch (Exception e)
        {
            _fail(Classify(e));
        }
        finally
        {
            _consumer.Dispose();
            _closed.TrySetResult();
        }
    }

    private void Poll()
    {
        TakeNews();
        Count();
        KeepToHorizon();
        Resume();
        if (_budget.IsFull && !MayGoOn()) return;
        var read = _consumer.Consume(TimeSpan.Zero) ?? _consumer.Consume(_paused.Count + _early.Count > 0 || Behind > 0 || WaitsForOne() ? PollSoon : PollFor);
        if (read is null)
        {
            Nudge();
            return;
        }
        if (_last.Lane is null || _last.Partition != read.Partition || _last.Topic != read.Topic)
        {
            if (!_lanes.TryGetValue(read.TopicPartition, out var lane)) return;
            _last = (read.Topic, read.Partition, lane);
        }
        if (read.IsPartitionEOF) _last.Lane!.ReachEnd(read.Offset.Value);
        else _last.Lane!.Put(new RawMessage(read.Offset.Value, read.Message.Key, read.Message.Value));
        if (_last.Lane.Arriving >= _last.Lane.Horizon) Rest([read.TopicPartition]);
    }

    /// <summary>
    /// Something is to be read, and nothing comes. librdkafka's thread of a broker asks for nothing where all partitions are paused or its queue is full, and then sleeps for up to a second, whatever is resumed
    /// or taken from the queue meanwhile; a request to that broker wakes it. Measured with 2.0.2; from 2.2.0 on <see cref="QueueBackoff"/> says how long it sleeps for a full queue.
    /// </summary>
    private void Nudge()
    {
        if (Environment.TickCount64 < _nudgedAt + NudgeEveryMs) return;
        _nudgedAt = Environment.TickCount64;
        foreach (var (partition, lane) in _lanes)
        {
            if (!lane.IsHungry && (_paused.Contains(partition) || _early.Contains(partition) || _consumer.GetWatermarkOffsets(partition).High.Value <= lane.Arriving)) continue;
            try
            {
                _consumer.QueryWatermarkOffsets(partition, NudgeFor);
            }
            catch (KafkaException)
            {
                // a broker that does not answer is heard of where messages are read
            }
            return;
        }
    }

    /// <summary>Beside a full budget: waits for room.</summary>
    /// <returns>True where there is, or where the merge waits for a partition while others hold everything.</returns>
    private bool MayGoOn()
    {
        if (_grace > 0)
        {
            _grace--;
            return true;
        }
        if (!WaitsForOne()) _budget.Wait(PollFor);
        if (_stopping) return false;
        if (!_budget.IsFull) return true;
        if (!WaitsForOne()) return false;
        PauseSated();
        _grace = Grace;
        return true;
    }

    private void TakeNews()
    {
        if (Volatile.Read(ref _news).Count == 0) return;
        List<PartitionLane> news;
        lock (_lock) (news, _news) = (_news, []);
        foreach (var lane in news) _lanes[new TopicPartition(lane.Topic, lane.Partition)] = lane;
        if (_paused.Count + _early.Count > 0) _consumer.Resume(_paused.Concat(_early));
        _paused.Clear();
        _early.Clear();
        _isKept = false;
        _consumer.Assign(_lanes.Values.Select(l => new TopicPartitionOffset(l.Topic, l.Partition, l.Arriving)));
    }

    private void Count()
    {
        if (Environment.TickCount64 < _countedAt + CountEveryMs) return;
        _countedAt = Environment.TickCount64;
        Interlocked.Exchange(ref _behind, _lanes.Sum(l => Math.Max(0, _consumer.GetWatermarkOffsets(l.Key).High.Value - l.Value.Position)));
    }

    private void KeepToHorizon()
    {
        var horizon = _horizon;
        // the merge may wait for one that rests
        if (_isKept && ReferenceEquals(horizon, _kept) && (_early.Count == 0 || Environment.TickCount64 < _keptAt + LookAtEarlyEveryMs)) return;
        (_kept, _isKept, _keptAt) = (horizon, true, Environment.TickCount64);
        List<TopicPartition> now = [], later = [];
        foreach (var (partition, lane) in _lanes)
        {
            lane.Horizon = horizon is null ? long.MaxValue : horizon.TryGetValue(lane.Topic, out var ends) && lane.Partition < ends.Length ? ends[lane.Partition] : 0;
            var ahead = lane.Horizon - lane.Arriving;
            if (!_early.Contains(partition))
            {
                if (ahead <= 0 && !lane.IsHungry) later.Add(partition);
            }
            else if ((ahead > 0 && ahead >= lane.Arriving - lane.Position) || lane.IsHungry) now.Add(partition);
        }
        if (later.Count > 0) Rest(later);
        if (now.Count == 0) return;
        _early.ExceptWith(now);
        _consumer.Resume(now.Where(p => !_paused.Contains(p)));
    }

    /// <summary>What follows in these partitions is wanted later.</summary>
    private void Rest(IReadOnlyCollection<TopicPartition> early)
    {
        if (early.Where(p => _early.Add(p) && !_paused.Contains(p)).ToList() is { Count: > 0 } reading) _consumer.Pause(reading);
    }

    /// <summary>True where the merge waits for a partition while others have filled the budget.</summary>
    private bool WaitsForOne() => _lanes.Values.Any(l => l.IsHungry);

    private void PauseSated()
    {
        var share = _budget.Capacity / _lanes.Count;
        var sated = _lanes.Where(l => !_paused.Contains(l.Key) && !_early.Contains(l.Key) && l.Value.Held >= share).Select(l => l.Key).ToList();
        if (sated.Count == 0) return;
        _consumer.Pause(sated);
        _paused.UnionWith(sated);
    }

    private void Resume()
    {
        if (_paused.Count == 0) return;
        List<TopicPartition> wanted = _budget.IsHalfEmpty ? [.. _paused] : [.. _paused.Where(p => _lanes[p].IsHungry)];
        if (wanted.Count == 0) return;
        _paused.ExceptWith(wanted);
        _consumer.Resume(wanted.Where(p => !_early.Contains(p)));
    }

    private void OnError(Error error)
    {
        _heard.Hear(error);
        if (error.IsFatal || error.Code == ErrorCode.Local_AllBrokersDown || KafkaFailures.IsHopeless(error))
            _fail(KafkaFailures.Of(error, _settings.BootstrapServers, heard: _heard));
    }

    private PipelineFailure Classify(Exception failure)
    {
        if (failure is not ConsumeException consume) return KafkaFailures.Classify(failure, _settings.BootstrapServers, _heard);
        var at = consume.ConsumerRecord?.TopicPartition;
        var where = at is null ? _settings.BootstrapServers : $"{_settings.BootstrapServers}, {at.Topic} [{at.Partition.Value}]";
        return KafkaFailures.Of(consume.Error, where, consume, _heard);
    }
}
