using System.Runtime.CompilerServices;
using Akka.Actor;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using PolyglotSync.Kafka.Connecting;
using PolyglotSync.Kafka.Consuming;
using PolyglotSync.Kafka.Topics;

namespace PolyglotSync.Kafka.PerKey;

/// <summary>
/// Topics that Debezium writes as a source of changes: those of each key in order, and nothing more (<see cref="ChangeOrder.PerKey"/>). The pipeline's nodes share the partitions, as their consumer group deals them
/// out. The catalog is PostgreSQL's, by way of another source.
/// </summary>
public sealed class KeyedChangeSource : IChangeSource
{
    /// <summary>Why a dead letter's row cannot be read again.</summary>
    public const string NoRefresh = "only Debezium can send a row once more: change the row in PostgreSQL, or have its incremental snapshot send the table";

    private static readonly TimeSpan LookForTopicsEvery = TimeSpan.FromSeconds(1);

    private readonly PipelineSettings _settings;
    private readonly KafkaSettings _kafka;
    private readonly IChangeSource _database;
    private readonly Func<ActorSystem> _system;
    private readonly ILogger _log;
    private readonly TopicNames _names;
    private readonly ReadState _state;
    private DatabaseSchema? _schema;
    private IReadOnlyList<TableColumns> _tables = [];
    private IReadOnlyList<string> _missing = [];
    private GroupMember? _member;
    private TopicConsumer? _consumer;

    /// <param name="database">Describes the source; never read.</param>
    /// <param name="system">Where streams run; asked for when the first is opened.</param>
    public KeyedChangeSource(PipelineSettings settings, IChangeSource database, Func<ActorSystem> system, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(loggers);
        _settings = settings;
        _kafka = settings.Kafka ?? throw new ArgumentException("the pipeline does not go through Kafka", nameof(settings));
        (_database, _system) = (database, system);
        _names = new TopicNames(_kafka);
        _log = loggers.CreateLogger<KeyedChangeSource>();
        _state = new ReadState(settings.Name, _log);
    }

    public IReadOnlyList<SourcePartition>? Partitions { get; private set; }

    public SourceProgress Progress => _state.Progress($"{_kafka.Prefix}.*", Lsn.Zero, _consumer?.Behind ?? 0);

    public async Task<DatabaseSchema> DescribeAsync(CancellationToken cancellationToken)
    {
        await KafkaConnection.CheckAsync(_kafka, _settings.Name, cancellationToken);
        return _schema = await _database.DescribeAsync(cancellationToken);
    }

    /// <summary>Waits until there are topics, and until the group deals partitions of them to this node.</summary>
    public async Task PrepareAsync(GraphMapping mapping, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        var schema = _schema ?? throw new InvalidOperationException($"{nameof(DescribeAsync)} comes before {nameof(PrepareAsync)}");
        try
        {
            _tables = await FindAsync(mapping, schema, cancellationToken);
            _member = new GroupMember(_kafka, _settings.Name, [.. _tables.Select(t => _names.Of(t.Table))], _system());
            Partitions = await _member.DealtAsync(
                () => _state.Wait(new SourceWait(IsStandby: true, $"other nodes have all partitions of '{_kafka.Prefix}', or the consumer group is still forming")), cancellationToken);
        }
        finally
        {
            _state.WaitIsOver();
        }
    }

    public async IAsyncEnumerable<ChangeBatch> ReadAsync(Cut from, CopyState copy, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_member is not { } member || from.Partitions is not { } offsets) throw new InvalidOperationException($"{nameof(PrepareAsync)} and the claim of partitions come before {nameof(ReadAsync)}");
        var budget = LaneBudget.Of(_settings.Limits);
        var arrivals = new Arrivals();
        var (lanes, topics) = await OpenAsync(offsets, budget, arrivals, cancellationToken);
        using var end = new ReadEnd(ConfirmedAsync, cancellationToken);
        await using var consumer = new TopicConsumer(_kafka, _settings.Name, budget, end.Fail);
        _consumer = consumer;
        var watching = member.WatchAsync(Partitions!, HasNewTopicsAsync, end.Fail, end.Stop);
        var merge = new KeyedMerge(topics, lanes, DescribeAsync, arrivals);
        var before = _state.Rows;
        KeyedLog.Reading(_log, _settings.Name, lanes.Length, topics.Count, _kafka.Prefix);
        consumer.Add(lanes);
        _state.IsOpen = true;
        var batches = merge.ReadAsync(end.Stop).GetAsyncEnumerator(end.Stop);
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
            _consumer = null;
            await end.CancelAsync();
            await watching;
            await batches.DisposeAsync();
        }

        async Task<PipelineFailure> ConfirmedAsync(PipelineFailure failure)
        {
            using var admin = new TopicAdmin(_kafka, _settings.Name);
            return await admin.ConfirmedAsync(failure, topics.Select(t => t.Lanes[0].Topic), cancellationToken);
        }
    }

    /// <summary>Nothing to do: offsets are in the graph alone.</summary>
    public void Acknowledge(Lsn watermark)
    {
    }

    /// <exception cref="PipelineFailure">Always: topics of Debezium's have no watermark that a marker could pass.</exception>
    public Task<Lsn> MarkAsync(CancellationToken cancellationToken) => Task.FromException<Lsn>(NotOurs("there is no watermark to wait for"));

    /// <exception cref="PipelineFailure">Always: nobody of ours captures who could answer.</exception>
    public Task RefreshAsync(IReadOnlyList<DeadKey> rows, CancellationToken cancellationToken) => Task.FromException(NotOurs(NoRefresh));

    public async ValueTask DisposeAsync()
    {
        if (_member is { } member) await member.DisposeAsync();
        await _database.DisposeAsync();
    }

    private PipelineFailure NotOurs(string what) => new(FailureClass.Fatal, $"pipeline '{_settings.Name}' reads topics that Debezium writes: {what}");

    /// <summary>The mapping's tables that have topics; Debezium makes a table's with its first row.</summary>
    private async Task<IReadOnlyList<TableColumns>> FindAsync(GraphMapping mapping, DatabaseSchema schema, CancellationToken cancellationToken)
    {
        var names = _names.Of([.. mapping.Tables.Select(t => t.Table)]);
        using var admin = new TopicAdmin(_kafka, _settings.Name);
        while (true)
        {
            var partitions = await admin.PartitionsAsync([.. names.Values], cancellationToken);
            if (partitions.Count > 0)
            {
                _missing = [.. names.Values.Where(n => !partitions.ContainsKey(n))];
                return [.. mapping.Tables.Where(t => partitions.ContainsKey(names[t.Table])).Select(t => new TableColumns(t, schema.Find(t.Table)!, partitions[names[t.Table]]))];
            }
            _state.Wait(new SourceWait(IsStandby: false, $"there is no topic {names.Values.Order(StringComparer.Ordinal).First()} nor any other of the pipeline's tables (Kafka {_kafka.BootstrapServers}): "
                + "Debezium makes them with their first rows; is kafka.prefix its topic.prefix?"));
            await Task.Delay(LookForTopicsEvery, cancellationToken);
        }
    }

    private async Task<bool> HasNewTopicsAsync(CancellationToken cancellationToken)
    {
        if (_missing.Count == 0) return false;
        using var admin = new TopicAdmin(_kafka, _settings.Name);
        return (await admin.PartitionsAsync(_missing, cancellationToken)).Count > 0;
    }

    private async Task<(PartitionLane[] Lanes, IReadOnlyList<TopicLanes> Topics)> OpenAsync(
        IReadOnlyList<PartitionOffset> offsets, LaneBudget budget, Arrivals arrivals, CancellationToken cancellationToken)
    {
        using var ends = new PartitionOffsets(_kafka, _settings.Name);
        var ranges = await ends.ReadAsync(offsets.Select(o => new TopicPartition(o.Partition.Source, o.Partition.Partition)), cancellationToken);
        var lanes = offsets.Select(o => Lane(o, ranges[new TopicPartition(o.Partition.Source, o.Partition.Partition)])).ToArray();
        var topics = lanes.GroupBy(l => l.Topic).Select(topic => new TopicLanes(
            [.. topic], [.. topic.Select(l => ranges[new TopicPartition(l.Topic, l.Partition)].End)], _tables.First(t => _names.Of(t.Table) == topic.Key))).ToList();
        return (lanes, topics);

        PartitionLane Lane(PartitionOffset at, OffsetRange range)
        {
            if (at.Offset == PartitionState.Nothing)
            {
                if (range.Earliest > 0) KeyedLog.BeginsLate(_log, _settings.Name, at.Partition.Source, at.Partition.Partition, range.Earliest);
                return new PartitionLane(at.Partition.Source, at.Partition.Partition, range.Earliest, budget, arrivals.Tell);
            }
            if (!range.Holds(at.Offset))
            {
                throw range.Lacks(at.Offset, $"{_kafka.BootstrapServers}, {at.Partition.Source} [{at.Partition.Partition}]",
                    "start again in a graph without the pipeline's data, from topics that Debezium has filled anew");
            }
            return new PartitionLane(at.Partition.Source, at.Partition.Partition, at.Offset, budget, arrivals.Tell);
        }
    }

    private async Task<TableSchema?> DescribeAsync(TableName table, CancellationToken cancellationToken) => (await _database.DescribeAsync(cancellationToken)).Find(table);
}
