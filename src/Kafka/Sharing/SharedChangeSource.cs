using System.Runtime.CompilerServices;
using Akka.Actor;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using PolyglotSync.Kafka.Connecting;
using PolyglotSync.Kafka.Consuming;
using PolyglotSync.Kafka.Cuts;
using PolyglotSync.Kafka.Envelope;
using PolyglotSync.Kafka.PerKey;
using PolyglotSync.Kafka.Topics;

namespace PolyglotSync.Kafka.Sharing;

/// <summary>
/// Topics that a capture of ours writes, whose partitions the nodes of a pipeline share: each reads those that the consumer group deals to it, up to each cut. Rows are in order key by key
/// (<see cref="ChangeOrder.PerKey"/>), changes of a whole table pass all partitions together, and the watermark is that of the newest cut which all partitions have reached. Catalog and markers are PostgreSQL's, by way of
/// another source.
/// </summary>
public sealed class SharedChangeSource : IChangeSource
{
    /// <summary>How often the graph is asked where the partitions of other nodes stand.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    private readonly PipelineSettings _settings;
    private readonly KafkaSettings _kafka;
    private readonly IChangeSource _database;
    private readonly Func<CancellationToken, Task<SourceIdentity>> _identity;
    private readonly Func<ActorSystem> _system;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly TopicNames _names;
    private readonly AppliedOffsets _applied = new();
    private readonly ReadState _state;
    private readonly CutsOutlook _outlook;
    private GraphMapping? _mapping;
    private GroupMember? _member;
    private BarrierCrossing? _barriers;
    private IPartitionBook? _book;
    private SharedMerge? _merge;
    private CutsReader? _cuts;

    /// <param name="database">Describes the source and writes markers into its log; never read.</param>
    /// <param name="identity">Which database that is.</param>
    /// <param name="system">Where streams run; asked for when the first is opened.</param>
    public SharedChangeSource(
        PipelineSettings settings, IChangeSource database, Func<CancellationToken, Task<SourceIdentity>> identity, Func<ActorSystem> system, ILoggerFactory loggers, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(loggers);
        _settings = settings;
        _kafka = settings.Kafka ?? throw new ArgumentException("the pipeline does not go through Kafka", nameof(settings));
        (_database, _identity, _system, _time) = (database, identity, system, time);
        _names = new TopicNames(_kafka);
        _log = loggers.CreateLogger<SharedChangeSource>();
        _state = new ReadState(settings.Name, _log);
        _outlook = new CutsOutlook(_kafka, settings.Name, _names.Cuts);
    }

    public IReadOnlyList<SourcePartition>? Partitions { get; private set; }

    /// <summary>Once all partitions have reached a cut.</summary>
    public bool HasWatermark => true;

    public SourceProgress Progress
    {
        get
        {
            var (merge, newest) = (_merge, _cuts is { } cuts ? cuts.Newest : _outlook.Newest);
            return _state.Progress(_database.Progress.Slot, newest?.Cut.Watermark ?? Lsn.Zero, merge is not null && newest is not null ? merge.Behind(newest) : 0, newest?.Offsets);
        }
    }

    public long CommitAfter(Lsn watermark) => _cuts is { } cuts ? cuts.CommitAfter(watermark) : _outlook.CommitAfter(watermark);

    public async Task<DatabaseSchema> DescribeAsync(CancellationToken cancellationToken)
    {
        await KafkaConnection.CheckAsync(_kafka, _settings.Name, cancellationToken);
        return await _database.DescribeAsync(cancellationToken);
    }

    /// <summary>Waits until somebody captures, and until the group deals partitions to this node.</summary>
    public async Task PrepareAsync(GraphMapping mapping, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        var topics = _names.Of([.. mapping.Tables.Select(t => t.Table)]).Values.ToList();
        _mapping = mapping;
        try
        {
            await CapturedTopics.UntilThereAsync(_kafka, _settings.Name, [_names.Cuts, .. topics], _state.Wait, cancellationToken);
            _member = new GroupMember(_kafka, _settings.Name, topics, _system());
            Partitions = await _member.DealtAsync(StandBy, cancellationToken);
        }
        finally
        {
            _state.WaitIsOver();
            await _outlook.CloseAsync();
        }
    }

    public void Claimed(IReadOnlyList<PartitionState> partitions, IPartitionBook book)
    {
        ArgumentNullException.ThrowIfNull(partitions);
        _book = new PatientBook(book, _time);
        _barriers = new BarrierCrossing(_settings.Name, partitions, _book, _time, _log);
        _applied.Tell([.. partitions.Select(p => new PartitionOffset(p.Partition, p.Offset))]);
    }

    public void Applied(in Cut cut)
    {
        if (cut.Partitions is { } partitions) _applied.Tell(partitions);
    }

    public async IAsyncEnumerable<ChangeBatch> ReadAsync(Cut from, CopyState copy, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_member is not { } member || _mapping is not { } mapping || _barriers is null || from.Partitions is not { } offsets)
            throw new InvalidOperationException($"{nameof(PrepareAsync)} and the claim of partitions come before {nameof(ReadAsync)}");
        var topics = _names.Of([.. mapping.Tables.Select(t => t.Table)]).ToDictionary(t => t.Value, t => t.Key);
        using var end = new ReadEnd(failure => CapturedTopics.ConfirmedAsync(_kafka, _settings.Name, failure, [_names.Cuts, .. topics.Keys], cancellationToken), cancellationToken);
        var budget = LaneBudget.Of(_settings.Limits);
        var lanes = await OpenAsync(offsets, budget, cancellationToken);
        await using var consumer = new TopicConsumer(_kafka, _settings.Name, budget, end.Fail);
        await using var cuts = new CutsReader(_kafka, _settings.Name, _names.Cuts, end.Fail);
        var relations = new RelationHistory(mapping, Where, new EnvelopeOptions(KeyChanges: KeyChanges.Split, ExistenceUnknown: true));
        var merge = new SharedMerge(topics, relations, lanes, _barriers, Where);
        (_cuts, _merge) = (cuts, merge);
        var watching = member.WatchAsync(Partitions!, static _ => Task.FromResult(false), end.Fail, end.Stop);
        SharedLog.Reading(_log, _settings.Name, lanes.Length, lanes.Select(l => l.Topic).Distinct().Count(), _kafka.Prefix);
        consumer.Add(lanes);
        var before = _state.Rows;
        _state.IsOpen = true;
        var batches = FollowAsync(merge, cuts, consumer, topics.Keys, offsets, end.Stop).GetAsyncEnumerator(end.Stop);
        try
        {
            while (await end.MoveNextAsync(batches))
            {
                _state.Rows = before + merge.Rows;
                yield return batches.Current;
            }
        }
        finally
        {
            _state.IsOpen = false;
            (_cuts, _merge) = (null, null);
            await end.CancelAsync();
            await watching;
            await batches.DisposeAsync();
        }
    }

    public void Acknowledge(Lsn watermark) => _state.Acknowledge(watermark);

    public Task<Lsn> MarkAsync(CancellationToken cancellationToken) => _database.MarkAsync(cancellationToken);

    /// <inheritdoc/>
    /// <remarks>The capture meets the request in the log, as it would read it directly: the rows come by way of the topics, to whoever reads their partitions.</remarks>
    public Task RefreshAsync(IReadOnlyList<DeadKey> rows, CancellationToken cancellationToken) => _database.RefreshAsync(rows, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_member is { } member) await member.DisposeAsync();
        await _outlook.CloseAsync();
        await _database.DisposeAsync();
    }

    /// <summary>Where there is nothing for this node it says how far the others are.</summary>
    private void StandBy()
    {
        _state.Wait(new SourceWait(IsStandby: true, $"other nodes have all partitions of '{_kafka.Prefix}', or the consumer group is still forming"));
        _outlook.Open();
    }

    private string Where => $"{_kafka.BootstrapServers}, {_names.Cuts}";

    private async IAsyncEnumerable<ChangeBatch> FollowAsync(
        SharedMerge merge, CutsReader cuts, TopicConsumer consumer, IReadOnlyCollection<string> topics, IReadOnlyList<PartitionOffset> from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var walk = new SharedWalk(merge, _barriers!, _applied, from);
        var shared = new SharedWatermark(topics);
        var mine = from.Select(f => f.Partition).ToHashSet();
        var (isKnown, isAlone) = (false, false);
        var looked = _time.GetTimestamp();
        while (true)
        {
            // under load there is always one more cut
            if (!isAlone && _time.GetElapsedTime(looked) >= LookEvery && await LookAsync()) yield return walk.Tell(shared.Reached);
            var news = cuts.News;
            if (!cuts.TryNext(out var step, out var more, out var relations))
            {
                if (!isAlone && await LookAsync()) yield return walk.Tell(shared.Reached);
                await Task.WhenAny(news, Task.Delay(isAlone ? Timeout.InfiniteTimeSpan : LookEvery, _time, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
                continue;
            }
            if (!isKnown && cuts.Epoch is { } epoch)
            {
                CapturedTopics.RequireSource(await _identity(cancellationToken), epoch, _kafka.Prefix, Where);
                isKnown = true;
            }
            isAlone = topics.All(t => !step.Offsets.TryGetValue(t, out var ends) || Enumerable.Range(0, ends.Length).All(p => mine.Contains(new SourcePartition(t, p))));
            consumer.ReadUpTo(cuts.Horizon);
            Failpoint.Reach(Failpoint.BeforeCutRead);
            await foreach (var batch in walk.ReadAsync(step, relations, more, () => isAlone ? merge.Reached : shared.Reached, cancellationToken)) yield return batch;
            shared.Passed(step);
            Failpoint.Reach(Failpoint.AfterCutRead);
        }

        async Task<bool> LookAsync()
        {
            looked = _time.GetTimestamp();
            return shared.Look(await _book!.ReadPartitionsAsync(_settings.Name, null, cancellationToken));
        }
    }

    private async Task<PartitionLane[]> OpenAsync(IReadOnlyList<PartitionOffset> offsets, LaneBudget budget, CancellationToken cancellationToken)
    {
        using var ends = new PartitionOffsets(_kafka, _settings.Name);
        var ranges = await ends.ReadAsync(offsets.Select(o => new TopicPartition(o.Partition.Source, o.Partition.Partition)), cancellationToken);
        return [.. offsets.Select(Lane)];

        PartitionLane Lane(PartitionOffset at)
        {
            var range = ranges[new TopicPartition(at.Partition.Source, at.Partition.Partition)];
            var from = Math.Max(0, at.Offset);
            return range.Holds(from) ? new PartitionLane(at.Partition.Source, at.Partition.Partition, from, budget)
                : throw range.Lacks(from, $"{_kafka.BootstrapServers}, {at.Partition.Source} [{at.Partition.Partition}]", Resync.Anew);
        }
    }
}
