using System.Collections.Immutable;
using Akka.Actor;
using Akka.Streams;
using Confluent.Kafka;
using PolyglotSync.Kafka.Connecting;
using PolyglotSync.Kafka.Cuts;

namespace PolyglotSync.Kafka.Consuming;

/// <summary>
/// Follows <c>PREFIX.__cuts</c> as a member of the pipeline's consumer group. The topic has one partition: the member that is given it applies the cuts, the others stand by; when it leaves or dies, the next is
/// given it. Who joins reads from the beginning.
/// </summary>
internal sealed class CutsFollower : IAsyncDisposable
{
    /// <summary>Cuts that are kept for whoever begins to follow, about.</summary>
    private const int MaxKept = 1_000;

    /// <summary>Partitions that hold nothing of the next so many changes need not be read yet.</summary>
    private const long Window = 100_000;

    private readonly KafkaSettings _settings;
    private readonly string _topic;
    private readonly Lock _lock = new();
    private readonly List<CutsRecord> _kept = [];
    private readonly GroupStream _group;
    private CutSteps? _steps;
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PipelineFailure? _failure;
    private bool _isAssigned;
    private int _assignments;
    private int _keptCuts;
    private long _next;

    public CutsFollower(KafkaSettings settings, string pipeline, string topic, ActorSystem system)
    {
        (_settings, _topic) = (settings, topic);
        var config = KafkaClients.Consumer(settings, pipeline);
        // one partition has one owner: there is nothing to hand over by and by
        config.PartitionAssignmentStrategy = PartitionAssignmentStrategy.Range;
        // what was read before the partition came back is passed over
        config.AutoOffsetReset = AutoOffsetReset.Earliest;
        var materializer = system.Materializer();
        _group = new GroupStream(config, [topic], Where, system, Assigned, Revoked, messages => _ = FollowAsync(messages.RunForeach(Take, materializer)), Fail);
    }

    /// <summary>True while the group has given the partition to us.</summary>
    public bool IsActive
    {
        get
        {
            lock (_lock) return _isAssigned && _failure is null;
        }
    }

    /// <summary>What ended it; null while it follows.</summary>
    public PipelineFailure? Failure
    {
        get
        {
            lock (_lock) return _failure;
        }
    }

    /// <summary>The first epoch that counts, once the log has told of one.</summary>
    public EpochRecord? Epoch
    {
        get
        {
            lock (_lock) return _kept.OfType<EpochRecord>().FirstOrDefault();
        }
    }

    /// <summary>From now on steps lead on from there.</summary>
    public void Attach(ReadPlace from, Cut reached)
    {
        lock (_lock)
        {
            var steps = new CutSteps(from, reached, Where);
            foreach (var record in _kept) steps.Take(record);
            _steps = steps;
        }
    }

    /// <summary>The next step, where one waits.</summary>
    /// <param name="more">True where another waits behind it.</param>
    /// <param name="relations">All columns that were told of so far.</param>
    /// <exception cref="PipelineFailure">What ended it.</exception>
    public bool TryNext(out CutStep step, out bool more, out IReadOnlyList<RelationRecord> relations)
    {
        lock (_lock)
        {
            if (_failure is not null) throw _failure;
            (step, more, relations) = (null!, false, []);
            if (_steps is not { HasStep: true } steps) return false;
            step = steps.Next();
            more = steps.HasStep;
            relations = [.. steps.Relations];
            return true;
        }
    }

    /// <summary>Up to where partitions are worth reading now, by topic; null: as far as they go.</summary>
    public IReadOnlyDictionary<string, long[]>? Horizon
    {
        get
        {
            lock (_lock) return _steps?.Ahead(Window)?.Offsets;
        }
    }

    /// <summary>The newest cut told of since <see cref="Attach"/>; null before the first.</summary>
    public CutStep? Newest
    {
        get
        {
            lock (_lock) return _steps?.Newest;
        }
    }

    /// <summary>Completes at the next record, change of ownership, or end. To be asked for before looking.</summary>
    public Task News
    {
        get
        {
            lock (_lock) return _news.Task;
        }
    }

    public ValueTask DisposeAsync() => _group.DisposeAsync();

    private string Where => $"{_settings.BootstrapServers}, {_topic}";

    private void Assigned(IImmutableSet<TopicPartition> partitions)
    {
        // a member that stands by is told of what it gets as well: nothing
        if (partitions.Count == 0) return;
        lock (_lock)
        {
            _isAssigned = true;
            _assignments++;
        }
        Failpoint.Reach(Failpoint.InRebalance);
        Tell();
    }

    /// <summary>A group that forms anew takes everything away before it deals it out: only what does not come back is lost. Meanwhile the graph's generation keeps whoever is first from being disturbed.</summary>
    private void Revoked(IImmutableSet<TopicPartition> partitions)
    {
        // told when a member joins, and after partitions that were taken have come back: nothing is gone
        if (partitions.Count == 0) return;
        int assignment;
        lock (_lock)
        {
            _isAssigned = false;
            assignment = ++_assignments;
        }
        Failpoint.Reach(Failpoint.InRebalance);
        Tell();
        _ = LoseAsync();

        async Task LoseAsync()
        {
            await Task.Delay(TimeSpan.FromMilliseconds(_settings.SessionTimeoutMs / 2.0));
            lock (_lock)
                if (assignment != _assignments) return;
            Fail(new PipelineFailure(FailureClass.Transient,
                $"Kafka {Where}: the consumer group has given the cuts to another node, or this one was silent for longer than kafka.session_timeout_ms; it stands by")
            { ExitCode = ExitCode.Fenced });
        }
    }

    private void Take(ConsumeResult<byte[], byte[]> read)
    {
        try
        {
            if (CutsCodec.Read(read.Message.Key ?? [], read.Message.Value ?? [], $"{Where}, offset {read.Offset.Value}") is not { } record) return;
            lock (_lock)
            {
                if (read.Offset.Value < _next) return;
                _next = read.Offset.Value + 1;
                _kept.Add(record);
                if (record is CutRecord && ++_keptCuts > MaxKept) Thin();
                _steps?.Take(record);
            }
            Tell();
        }
        catch (PipelineFailure failure)
        {
            Fail(failure);
        }
    }

    /// <summary>Every other cut does as well; the last of each epoch stays.</summary>
    private void Thin()
    {
        var (kept, isOdd) = (new List<CutsRecord>(_kept.Count), false);
        for (var i = 0; i < _kept.Count; i++)
        {
            if (_kept[i] is CutRecord && i + 1 < _kept.Count && _kept[i + 1] is CutRecord && (isOdd = !isOdd)) continue;
            kept.Add(_kept[i]);
        }
        _kept.Clear();
        _kept.AddRange(kept);
        _keptCuts = kept.Count(r => r is CutRecord);
    }

    private async Task FollowAsync(Task partition)
    {
        try
        {
            await partition;
        }
        catch (Exception e)
        {
            Fail(KafkaFailures.Classify(KafkaFailures.Cause(e), Where));
        }
    }

    private void Fail(PipelineFailure failure)
    {
        lock (_lock)
        {
            _failure ??= failure;
            _isAssigned = false;
        }
        Tell();
    }

    private void Tell()
    {
        TaskCompletionSource news;
        lock (_lock) (news, _news) = (_news, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        news.TrySetResult();
    }
}
