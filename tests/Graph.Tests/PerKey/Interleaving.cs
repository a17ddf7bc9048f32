using PolyglotSync.Graph.Tests.Compliance;

namespace PolyglotSync.Graph.Tests.PerKey;

/// <summary>A history in topics: each table's changes parted by key, read in any order that keeps each partition's own, and cut into write sets at random.</summary>
internal sealed class Interleaving
{
    private const int PartitionsPerTable = 3;

    private readonly Random _random;
    private readonly Dictionary<SourcePartition, List<RowEvent>> _topics;
    private readonly Dictionary<SourcePartition, int> _read = [];

    /// <param name="owns">The partitions that this reader has.</param>
    public Interleaving(IReadOnlyList<RowEvent> events, int seed, Func<SourcePartition, bool> owns)
    {
        _random = new Random(seed);
        _topics = events.GroupBy(PartitionOf).Where(g => owns(g.Key)).ToDictionary(g => g.Key, g => g.ToList());
        foreach (var partition in _topics.Keys) _read[partition] = 0;
    }

    public SourcePartition[] Partitions => [.. _topics.Keys.Order()];

    public bool IsDone => _topics.All(t => _read[t.Key] == t.Value.Count);

    public static int NumberOf(SourcePartition partition) => History.Schema.Tables.ToList().FindIndex(t => partition.Source.EndsWith($".{t.Name.Name}", StringComparison.Ordinal)) + partition.Partition;

    /// <summary>Some messages of some partitions; they count as read only once <see cref="Pass"/> is said.</summary>
    public Dictionary<SourcePartition, List<RowEvent>> Next()
    {
        var left = _topics.Where(t => _read[t.Key] < t.Value.Count).Select(t => t.Key).Order().ToList();
        var chosen = left.Where(_ => _random.Next(3) == 0).ToList();
        if (chosen.Count == 0) chosen = [left[_random.Next(left.Count)]];
        return chosen.ToDictionary(p => p, p => _topics[p].Skip(_read[p]).Take(_random.Next(1, 8)).ToList());
    }

    public void Pass(Dictionary<SourcePartition, List<RowEvent>> messages)
    {
        foreach (var (partition, read) in messages) _read[partition] += read.Count;
    }

    public bool OneIn(int chances) => _random.Next(chances) == 0;

    /// <summary>The net effect of each key, as any kind of operation, in any order.</summary>
    public List<(RowOperation Operation, RowEvent Last)> Operations(Rows rows, KnownRows known, IEnumerable<RowEvent> messages)
    {
        var operations = new List<(RowOperation, RowEvent)>();
        foreach (var key in messages.GroupBy(m => (m.Table, m.Key)))
        {
            var last = key.Last();
            var identity = last.KeyColumns.Select(c => (c.Key, c.Value)).ToArray();
            if (last.Row is null)
            {
                operations.Add((rows.Delete(last.Table, identity), last));
                continue;
            }
            if (key.Any(m => m.Row is null) && OneIn(2)) operations.Add((rows.Delete(last.Table, identity), last));
            var columns = last.Row.Select(c => (c.Key, c.Value)).ToArray();
            // what was not changed may not be sent
            var isThere = known.Find(last.Table, last.Key) is { } before && before.TryGetValue("body", out var body) && key.All(m => m.Row is not null && m.Row["body"] == body);
            if (isThere && OneIn(2)) columns = [.. columns.Where(c => c.Key != "body")];
            operations.Add((_random.Next(3) switch
            {
                0 when columns.Length == last.Row.Count => rows.Insert(last.Table, columns),
                1 => rows.Update(last.Table, columns),
                _ => rows.Upsert(last.Table, columns),
            }, last));
        }
        return [.. operations.OrderBy(_ => _random.Next())];
    }

    private static SourcePartition PartitionOf(RowEvent change) => new($"shop.public.{change.Table}", (int)(change.Key.Aggregate(17u, (hash, c) => (hash * 31) + c) % PartitionsPerTable));
}
