using System.Globalization;
using Confluent.Kafka;
using PolyglotSync.Kafka.Connecting;
using PolyglotSync.Kafka.Cuts;
using PolyglotSync.Kafka.Envelope;
using PolyglotSync.Kafka.Topics;

namespace PolyglotSync.Kafka.Capture;

/// <summary>Writes batches into the topics of their tables. Used by one task; what is on its way, and how much of it may be, <see cref="DeliveryMarks"/> knows.</summary>
internal sealed class ChangeProducer
{
    /// <summary>A large batch gets marks in between, so that its first messages are told of before its last are sent.</summary>
    private const int MarkBytes = 1024 * 1024;

    /// <summary>What a message takes beside key and value, at the most, where it is the only one of its batch.</summary>
    private const int MessageOverhead = 512;

    private static readonly Headers NoHeaders = [];

    private readonly IProducer<byte[], byte[]> _producer;
    private readonly EnvelopeWriter _writer;
    private readonly DeliveryMarks _marks;
    private readonly RelationBook _relations;
    private readonly TopicLayout _layout;
    private readonly KafkaSettings _settings;
    private readonly LimitSettings _limits;
    private readonly BrokerTrouble _heard;
    private readonly Dictionary<TableName, PartitionSlot[]> _tables = [];
    private readonly PartitionSlot _cuts;
    private readonly List<PartitionSlot> _touched = [];
    private readonly ExactArrays _arrays = new();
    private readonly Message<byte[], byte[]> _message = new();
    private Relation? _last;
    private PartitionSlot[] _lastPartitions = [];
    private CopyState _copy;
    private int _messages;
    private long _bytes;
    private long _rows;

    public ChangeProducer(IProducer<byte[], byte[]> producer, EpochStart start, EnvelopeOrigin origin, DeliveryMarks marks, PipelineSettings settings, TimeProvider time, BrokerTrouble heard)
    {
        (_producer, _marks, _layout, _limits, _heard) = (producer, marks, start.Layout, settings.Limits, heard);
        _settings = settings.Kafka!;
        _copy = start.Record.Copy;
        _relations = new RelationBook(start.Record.Epoch, start.Relations);
        _writer = new EnvelopeWriter(origin with { Epoch = start.Record.Epoch }, time);
        _cuts = new PartitionSlot(new TopicPartition(new TopicNames(_settings).Cuts, 0), -1);
        foreach (var (table, topic) in _layout.TopicOf)
        {
            var first = _layout.FirstOf(topic);
            _tables[table] = [.. Enumerable.Range(0, _layout.CountOf(topic)).Select(p => new PartitionSlot(new TopicPartition(topic, p), first + p))];
        }
    }

    /// <summary>Number of the last change written.</summary>
    public long Change { get; private set; }

    /// <summary>Changes written, but for those of columns.</summary>
    public long Rows => Interlocked.Read(ref _rows);

    /// <summary>Hands the batch's messages to the producer, waiting for room.</summary>
    /// <exception cref="PipelineFailure">A message is too large, or one before was not delivered.</exception>
    public async ValueTask WriteAsync(ChangeBatch batch, CancellationToken cancellationToken)
    {
        _copy = batch.CopyState ?? _copy;
        for (var next = Write(batch, 0); next < batch.Count; next = Write(batch, next))
        {
            Mark(null);
            await RoomAsync(cancellationToken);
        }
        Mark(batch.Cut is { } cut ? new DeliveredCut(cut, Change, _copy, batch.CommitTimestamp, new long[_layout.Count]) : null);
        if (batch.Count > 0) Failpoint.Reach(Failpoint.AfterProduce);
        await RoomAsync(cancellationToken);
    }

    /// <summary>A quarter of the pipeline's limits keeps a broker busy; more would be memory, beside a reader that may run in the same process.</summary>
    private ValueTask RoomAsync(CancellationToken cancellationToken) => _marks.RoomAsync(_limits.MaxInFlightRows / 4, _limits.MaxInFlightBytes / 4, cancellationToken);

    /// <returns>The first entry that is not written yet.</returns>
    private int Write(ChangeBatch batch, int from)
    {
        var entries = batch.Entries;
        var i = from;
        for (; i < entries.Length && _bytes < MarkBytes; i++)
        {
            ref readonly var entry = ref entries[i];
            Change++;
            if (entry.Kind == ChangeKind.Schema)
            {
                foreach (var record in _relations.Change(batch.SchemaChanges[entry.Old], Change, entry.Position)) Announce(record);
                continue;
            }
            var partitions = PartitionsOf(entry);
            var messages = _writer.Write(batch, entry, Change);
            for (var m = 0; m < messages.Count; m++)
            {
                var message = messages[m];
                Check(entry, message);
                if (!message.Key.IsEmpty) Send(partitions[KeyPartitioner.PartitionOf(message.Key.Span, partitions.Length)], message);
                else foreach (var partition in partitions) Send(partition, message);
            }
        }
        Interlocked.Add(ref _rows, i - from);
        return i;
    }

    private PartitionSlot[] PartitionsOf(in ChangeEntry entry)
    {
        if (ReferenceEquals(_last, entry.Relation)) return _lastPartitions;
        if (_relations.Meet(entry.Relation, Change, entry.Position) is { } record) Announce(record);
        _last = entry.Relation;
        return _lastPartitions = _tables[entry.Relation.Table];
    }

    /// <summary>It stands in the log before the cut that holds the first row, for the cut waits until this is acknowledged too.</summary>
    private void Announce(RelationRecord record)
    {
        _last = null;
        Send(_cuts, new EnvelopeMessage(CutsCodec.Key(record), CutsCodec.Value(record)));
    }

    private void Check(in ChangeEntry entry, in EnvelopeMessage message)
    {
        var size = message.Key.Length + message.Value.Length + message.HeaderValue.Length + MessageOverhead;
        if (size <= _settings.MaxMessageBytes) return;
        throw KafkaFailures.Unfit(_settings.BootstrapServers, string.Create(CultureInfo.InvariantCulture,
            $"table {entry.Relation.Table}: the change at {entry.Position} makes a message of {size} bytes (its key has {message.Key.Length}), and kafka.max_message_bytes is {_settings.MaxMessageBytes}; ")
            + $"raise it, and with it max.message.bytes of the topic {_layout.TopicOf[entry.Relation.Table]}; or leave the table out (exclude_tables)");
    }

    private void Send(PartitionSlot slot, in EnvelopeMessage message)
    {
        if (slot.Holds) Produce(slot, null);
        if (slot.Unmarked++ == 0) _touched.Add(slot);
        slot.Holds = true;
        slot.Key = message.Key.IsEmpty ? null : _arrays.Copy(message.Key.Span);
        slot.Value = message.IsTombstone ? null : _arrays.Copy(message.Value.Span);
        slot.Headers = message.Header is null ? NoHeaders : new Headers { { message.Header, message.HeaderValue.ToArray() } };
        _messages++;
        _bytes += message.Key.Length + message.Value.Length;
    }

    /// <summary>Sends what is held back, each partition's with a report.</summary>
    private void Mark(DeliveredCut? cut)
    {
        if (_touched.Count == 0 && cut is null) return;
        var mark = new DeliveryMark { Messages = _messages, Bytes = _bytes, Pending = _touched.Count, Cut = cut };
        _marks.Add(mark);
        foreach (var slot in _touched)
        {
            var (partition, messages) = (slot.Index, slot.Unmarked);
            slot.Unmarked = 0;
            Produce(slot, report =>
            {
                if (report.Error.IsError) _marks.Fail(KafkaFailures.Of(report.Error, $"{_settings.BootstrapServers}, {report.TopicPartition}", null, _heard));
                else _marks.Delivered(mark, partition, messages, report.Offset.Value);
            });
        }
        _touched.Clear();
        (_messages, _bytes) = (0, 0);
    }

    private void Produce(PartitionSlot slot, Action<DeliveryReport<byte[], byte[]>>? report)
    {
        (_message.Key, _message.Value, _message.Headers) = (slot.Key!, slot.Value!, slot.Headers);
        try
        {
            _producer.Produce(slot.Partition, _message, report);
        }
        catch (KafkaException e)
        {
            throw KafkaFailures.Classify(e, $"{_settings.BootstrapServers}, {slot.Partition}", _heard);
        }
        _arrays.Return(slot.Key);
        _arrays.Return(slot.Value);
        (slot.Holds, slot.Key, slot.Value, slot.Headers) = (false, null, null, null);
    }
}
