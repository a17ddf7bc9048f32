using PolyglotSync.Kafka.Cuts;
using PolyglotSync.Kafka.Envelope;

namespace PolyglotSync.Kafka.Consuming;

/// <summary>The columns of one pipeline's tables at the place that the merge has come to, and the changes of columns on the way. Not thread-safe; pure.</summary>
/// <param name="options">How rows are read; null: as where all partitions are.</param>
internal sealed class RelationHistory(GraphMapping mapping, string where, EnvelopeOptions? options = null)
{
    private readonly Dictionary<TableName, RelationRecord> _inForce = [];
    private readonly Dictionary<TableName, Relation> _relations = [];
    private readonly Dictionary<TableName, EnvelopeReader> _readers = [];
    private readonly Queue<RelationRecord> _ahead = new();
    private readonly HashSet<(long Change, TableName Table)> _learnt = [];
    private RelationRecord? _last;
    private long _epoch;
    private long _from;

    /// <summary>Number of the change from which on the next columns hold; beyond every change where none are known.</summary>
    public long NextChange => _ahead.TryPeek(out var next) ? next.Change : long.MaxValue;

    /// <summary>Begins an epoch, or goes on in the middle of one.</summary>
    /// <param name="records">All that the log holds, in order.</param>
    /// <param name="change">The last change that was read of the epoch.</param>
    public void Enter(IReadOnlyList<RelationRecord> records, long epoch, long change)
    {
        _ahead.Clear();
        _learnt.Clear();
        (_epoch, _from, _last) = (epoch, change, null);
        foreach (var record in records.Where(r => r.Epoch < epoch || (r.Epoch == epoch && r.Change <= change))) Put(record);
        Learn(records);
    }

    /// <summary>Takes what the log has told since. Records of a later epoch wait for it.</summary>
    public void Learn(IReadOnlyList<RelationRecord> records)
    {
        if (records.Count == 0 || ReferenceEquals(records[^1], _last)) return;
        _last = records[^1];
        foreach (var record in records)
        {
            if (record.Epoch == _epoch && record.Change > _from && mapping.Find(record.Table) is not null && _learnt.Add((record.Change, record.Table))) _ahead.Enqueue(record);
        }
    }

    /// <summary>The next columns are in force.</summary>
    /// <returns>What the graph is to be told; null where rows just come so.</returns>
    /// <exception cref="PipelineFailure">Fatal: the capture tells rows apart by another key than the mapping.</exception>
    public (SchemaChange Change, Position At)? Advance()
    {
        var record = _ahead.Dequeue();
        var before = _relations.GetValueOrDefault(record.Table);
        Put(record);
        if (record.Changed is not { } changed || before is null) return null;
        return (new SchemaChange(before, _relations[record.Table], [.. changed.Renamed.Select(r => (r.From, r.To))], changed.Dropped, changed.Added), record.At);
    }

    /// <summary>The reader of a table's topic; null where nothing was said of the table's columns yet.</summary>
    public EnvelopeReader? Reader(TableName table) => _readers.GetValueOrDefault(table);

    private void Put(RelationRecord record)
    {
        if (mapping.Find(record.Table) is not { } map) return;
        if (!map.Key.SequenceEqual(record.Key))
        {
            throw Connecting.KafkaFailures.Unfit(where, $"table {record.Table}: its capture tells rows apart by ({string.Join(", ", record.Key)}), and this mapping by ({string.Join(", ", map.Key)}); "
                + "name the same key in both manifests, or start capture and nodes with the same one");
        }
        if (_inForce.TryGetValue(record.Table, out var known) && Same(known, record))
        {
            _inForce[record.Table] = record;
            return;
        }
        _inForce[record.Table] = record;
        var relation = _relations[record.Table] = record.ToRelation();
        if (_readers.TryGetValue(record.Table, out var reader)) reader.Define(relation, wholeOldRows: false);
        else _readers.Add(record.Table, new EnvelopeReader([relation], [], options ?? new EnvelopeOptions()));
    }

    private static bool Same(RelationRecord one, RelationRecord other) => one.Columns.SequenceEqual(other.Columns) && one.Key.SequenceEqual(other.Key);
}
