using PolyglotSync.Kafka.Tests.Consuming;
using PolyglotSync.Kafka.Tests.Envelope;

namespace PolyglotSync.Kafka.Tests.Sharing;

/// <summary>A graph in memory that several nodes write: rows by key, and where each partition stands. A change of columns marks every row that is there, so that its place among the rows can be told.</summary>
internal sealed class SharedGraph : IPartitionBook
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SourcePartition, PartitionState> _states = [];

    public SortedDictionary<string, string> Rows { get; } = new(StringComparer.Ordinal);

    /// <summary>Truncates and changes of columns that were carried out.</summary>
    public int Carried { get; private set; }

    public IReadOnlyList<PartitionState> Claim(IEnumerable<SourcePartition> partitions)
    {
        lock (_lock)
        {
            foreach (var partition in partitions)
            {
                var known = _states.GetValueOrDefault(partition, new PartitionState(partition, PartitionState.Nothing, 0));
                _states[partition] = known with { Generation = known.Generation + 1 };
            }
            return [.. partitions.Select(p => _states[p])];
        }
    }

    /// <exception cref="PipelineFailure">Fenced: a partition has a newer owner.</exception>
    public void Apply(ChangeBatch batch, IReadOnlyList<PartitionState> claims)
    {
        lock (_lock)
        {
            RequireOwner(claims);
            foreach (var entry in batch.Entries)
            {
                if (entry.Kind is ChangeKind.Truncate or ChangeKind.Schema) Carried++;
                Write(Rows, entry.Kind, entry.Relation, Images.New(batch, entry), Images.Old(batch, entry), entry.Kind == ChangeKind.Schema ? batch.SchemaChanges[entry.Old] : null);
            }
            foreach (var (partition, offset) in batch.Cut!.Value.Partitions!)
            {
                offset.ShouldBeGreaterThanOrEqualTo(_states[partition].Offset, "a partition goes forward");
                _states[partition] = _states[partition] with { Offset = offset };
            }
        }
    }

    public Task<IReadOnlyList<PartitionState>> ReadPartitionsAsync(string pipeline, IReadOnlyCollection<SourcePartition>? partitions, CancellationToken cancellationToken)
    {
        lock (_lock) return Task.FromResult<IReadOnlyList<PartitionState>>([.. _states.Values.Where(s => partitions?.Contains(s.Partition) != false)]);
    }

    public Task MarkPartitionsAsync(string pipeline, IReadOnlyCollection<PartitionState> partitions, BarrierMark mark, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            RequireOwner(partitions);
            foreach (var state in partitions)
            {
                _states[state.Partition].Mark.Barrier.ShouldBeLessThanOrEqualTo(mark.Barrier, "barriers are passed in their order");
                _states[state.Partition] = _states[state.Partition] with { Mark = mark };
            }
            return Task.CompletedTask;
        }
    }

    /// <summary>The same of a story that is told in its order.</summary>
    public static SortedDictionary<string, string> Of(Story story)
    {
        var rows = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var happening in story.Transactions.SelectMany(t => t)) Write(rows, happening.Kind, happening.Relation, happening.New, happening.Old, happening.Change);
        return rows;
    }

    private static void Write(SortedDictionary<string, string> rows, ChangeKind kind, Relation relation, string?[]? now, string?[]? old, SchemaChange? change)
    {
        var table = relation.Table.ToString();
        switch (kind)
        {
            case ChangeKind.Schema or ChangeKind.Truncate:
                foreach (var key in rows.Keys.Where(k => k.StartsWith(table + " ", StringComparison.Ordinal)).ToList())
                {
                    if (kind == ChangeKind.Truncate) rows.Remove(key);
                    else rows[key] += $" +{change!.Added[0]}";
                }
                break;
            case ChangeKind.Delete:
                rows.Remove($"{table} {old![0]}");
                break;
            default:
                if (old is not null && old[0] != Images.NotSent && old[0] != now![0] && rows.Remove($"{table} {old[0]}", out var moved) && now.Contains(Images.NotSent)) rows[$"{table} {now[0]}"] = moved;
                Put(rows, $"{table} {now![0]}", relation, now);
                break;
        }
    }

    /// <summary>Values that were not sent stay; a row that is written is not marked any more.</summary>
    private static void Put(SortedDictionary<string, string> rows, string key, Relation relation, string?[] now)
    {
        var values = rows.TryGetValue(key, out var before) ? before.Split(" +")[0].Split('\u0001').Select(v => v.Split('\u0002')).ToDictionary(v => v[0], v => v[1]) : [];
        for (var i = 0; i < now.Length; i++)
        {
            if (now[i] == Images.NotSent) continue;
            if (now[i] is { } value) values[relation.Columns[i].Name] = value;
            else values.Remove(relation.Columns[i].Name);
        }
        rows[key] = string.Join('\u0001', values.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => $"{v.Key}\u0002{v.Value}"));
    }

    private void RequireOwner(IReadOnlyCollection<PartitionState> claims)
    {
        if (claims.Any(c => _states[c.Partition].Generation != c.Generation)) throw new PipelineFailure(FailureClass.Fenced, "a partition has a newer owner");
    }
}
