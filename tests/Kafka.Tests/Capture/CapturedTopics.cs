using System.Text;
using Confluent.Kafka;
using PolyglotSync.Kafka.Cuts;
using PolyglotSync.Kafka.Envelope;
using PolyglotSync.Kafka.Tests.Envelope;
using PolyglotSync.Kafka.Topics;

namespace PolyglotSync.Kafka.Tests.Capture;

/// <summary>
/// What the topics hold for whoever keeps to the cuts, read with a plain consumer, from their beginning: each epoch's messages between where it begins and the last of its cuts that counts.
/// </summary>
public sealed class CapturedTopics
{
    private readonly Dictionary<TableName, SortedDictionary<string, string?[]>> _tables = [];

    private CapturedTopics(IReadOnlyList<CutsRecord> records, IReadOnlyList<Taken> changes, int orphans)
    {
        (Records, Changes, Orphans) = (records, changes, orphans);
        foreach (var change in changes) Apply(change);
    }

    /// <summary>All of the log of cuts that counts.</summary>
    public IReadOnlyList<CutsRecord> Records { get; }

    /// <summary>In the order of capture.</summary>
    public IReadOnlyList<Taken> Changes { get; }

    /// <summary>Envelopes that belong to no cut.</summary>
    public int Orphans { get; }

    /// <summary>What contradicts: a known insert of a row that is there, an update or delete of one that is not.</summary>
    public List<string> Complaints { get; } = [];

    public IEnumerable<CutRecord> Cuts => Records.OfType<CutRecord>();

    public static CapturedTopics Read(KafkaSettings settings)
    {
        var names = new TopicNames(settings);
        var log = new CutsLog();
        var records = new List<CutsRecord>();
        var ends = new Dictionary<long, IReadOnlyDictionary<string, long[]>>();
        foreach (var message in Consume(settings, names.Cuts))
        {
            var record = CutsCodec.Read(message.Message.Key, message.Message.Value, $"{message.TopicPartitionOffset}");
            if (record is null || !log.Take(record)) continue;
            records.Add(record);
            if (record is CutRecord cut) ends[cut.Epoch] = cut.Offsets;
            if (record is not EpochRecord { ResumesEpoch: > 0 } epoch) continue;
            // what was published behind the cut that is resumed from would be lost
            ends[epoch.ResumesEpoch].Values.SelectMany(o => o).ShouldBe(epoch.Offsets.Where(o => ends[epoch.ResumesEpoch].ContainsKey(o.Key)).SelectMany(o => o.Value));
        }
        var segments = records.OfType<EpochRecord>().Where(e => ends.ContainsKey(e.Epoch)).Select(e => new Segment(e, ends[e.Epoch], [.. log.Relations.Where(r => r.Epoch <= e.Epoch)])).ToList();
        var orphans = 0;
        var changes = new List<Taken>();
        var messages = segments.SelectMany(s => s.Ends.Keys).Distinct().ToDictionary(topic => topic, topic => Consume(settings, topic));
        foreach (var segment in segments) changes.AddRange(segment.Read(messages));
        orphans = messages.Values.SelectMany(m => m).Count(m => m.Message.Value is not null && !segments.Any(s => s.Holds(m)));
        return new CapturedTopics(records, changes, orphans);
    }

    /// <summary>The table's rows once all changes are applied, by key: each column that is not NULL as PostgreSQL prints it, '|' between.</summary>
    public SortedDictionary<string, string> Table(string name) => new(_tables.GetValueOrDefault(new TableName("public", name), [])
        .ToDictionary(r => r.Key, r => string.Join('|', r.Value.Where(v => v is not null))), StringComparer.Ordinal);

    private void Apply(Taken change)
    {
        if (!_tables.TryGetValue(change.Table, out var rows)) _tables[change.Table] = rows = new SortedDictionary<string, string?[]>(StringComparer.Ordinal);
        if (change.Kind == ChangeKind.Truncate)
        {
            rows.Clear();
            return;
        }
        var gone = change.Kind is ChangeKind.Update or ChangeKind.Delete ? change.OldKey ?? change.Key : null;
        string?[]? before = null;
        if (gone is not null && !rows.Remove(gone, out before) && !change.IsUnknown) Complaints.Add($"{change.Kind} of {change.Table} {gone}: not there");
        if (change.New is null) return;
        if (change.Kind is ChangeKind.Insert or ChangeKind.Copy && rows.ContainsKey(change.Key) && !change.IsUnknown) Complaints.Add($"{change.Kind} of {change.Table} {change.Key}: already there");
        rows[change.Key] = [.. change.New.Select((value, i) => value == Images.NotSent ? before?[i] : value)];
    }

    private static List<ConsumeResult<byte[], byte[]>> Consume(KafkaSettings settings, string topic)
    {
        var config = new ConsumerConfig { BootstrapServers = settings.BootstrapServers, GroupId = "reader", EnableAutoCommit = false, AutoOffsetReset = AutoOffsetReset.Earliest, EnablePartitionEof = true };
        using var consumer = new ConsumerBuilder<byte[], byte[]>(config).Build();
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = settings.BootstrapServers }).Build();
        var partitions = admin.GetMetadata(topic, TimeSpan.FromSeconds(10)).Topics[0].Partitions.Count;
        consumer.Assign(Enumerable.Range(0, partitions).Select(p => new TopicPartitionOffset(topic, p, Offset.Beginning)));
        var messages = new List<ConsumeResult<byte[], byte[]>>();
        for (var ended = 0; ended < partitions;)
        {
            var message = consumer.Consume(TimeSpan.FromSeconds(20)) ?? throw new TimeoutException($"{topic} does not end");
            if (message.IsPartitionEOF) ended++;
            else messages.Add(message);
        }
        return messages;
    }

    /// <summary>A change as an envelope tells it.</summary>
    public sealed record Taken(long Epoch, long Number, TableName Table, ChangeKind Kind, Position Position, string Key, string? OldKey, string?[]? New, bool IsUnknown, int Partitions = 1);

    private sealed record Segment(EpochRecord Epoch, IReadOnlyDictionary<string, long[]> Ends, IReadOnlyList<RelationRecord> Relations)
    {
        public bool Holds(ConsumeResult<byte[], byte[]> message) =>
            Ends.TryGetValue(message.Topic, out var ends) && message.Partition < ends.Length && message.Offset >= Epoch.Ends[message.Topic][message.Partition] && message.Offset < ends[message.Partition];

        public IEnumerable<Taken> Read(IReadOnlyDictionary<string, List<ConsumeResult<byte[], byte[]>>> messages)
        {
            var found = messages.Values.SelectMany(m => m).Where(Holds).SelectMany(Read).ToList();
            var once = found.GroupBy(t => t.Number).Select(g => g.First() with { Partitions = g.Count() }).OrderBy(t => t.Number).ToList();
            once.ShouldAllBe(t => t.Kind == ChangeKind.Truncate || t.Partitions == 1);
            // changes of columns are in the log of cuts alone
            var numbers = once.Select(t => t.Number).Concat(Relations.Where(r => r.Epoch == Epoch.Epoch && r.Changed is not null).Select(r => r.Change)).Order().ToList();
            numbers.ShouldBe(Enumerable.Range(1, numbers.Count).Select(n => (long)n), $"epoch {Epoch.Epoch}");
            return once;
        }

        private IEnumerable<Taken> Read(ConsumeResult<byte[], byte[]> message)
        {
            var (key, value) = (message.Message.Key ?? [], message.Message.Value ?? []);
            if (value.Length == 0) return [];
            // first the number, which tells the columns: a table of none makes the reader say no more than that
            var read = ReadUnder(Relations.Last(r => Topic(r) == message.Topic), key, value, out _);
            var relation = Relations.Last(r => Topic(r) == message.Topic && (r.Epoch < read.Epoch || r.Change <= read.Number));
            read = ReadUnder(relation, key, value, out var batch);
            read.Epoch.ShouldBe(Epoch.Epoch);
            if (read.Kind == EnvelopeKind.KeyLeft) return [];
            var entry = batch.Entries[0];
            var (now, old) = (Images.New(batch, entry), Images.Old(batch, entry));
            var oldKey = old is null ? null : Key(old, entry.Relation);
            return [new Taken(read.Epoch, read.Number, relation.Table, entry.Kind, entry.Position, now is null ? oldKey ?? "" : Key(now, entry.Relation), oldKey, now, entry.ExistenceUnknown)];
        }

        private string Topic(RelationRecord relation) => Ends.Keys.Single(t => t.EndsWith($".{relation.Table}", StringComparison.Ordinal));

        private static EnvelopeRead ReadUnder(RelationRecord relation, byte[] key, byte[] value, out ChangeBatch batch)
        {
            var writer = new ChangeBatchWriter(256, 4);
            var read = new EnvelopeReader([relation.ToRelation()], [], new EnvelopeOptions()).Read(key, value, writer);
            batch = writer.Complete(null);
            return read;
        }

        private static string Key(string?[] row, Relation relation) => new StringBuilder().AppendJoin(',', relation.KeyOrdinals.Select(k => row[k])).ToString();
    }
}
