using System.Buffers;
using PolyglotSync.Actors.Entities;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Source;

/// <summary>
/// Parts a batch by bucket. A row whose key changed stays with the bucket it had at the last drain, so that one actor sees its whole story; <see cref="Forget"/>
/// is called at each drain. Pure: no actor, no clock.
/// </summary>
public sealed class ChangeRouter(int buckets)
{
    private readonly Dictionary<(TableName Table, ulong Hash), int> _moved = [];
    private readonly int[][] _indexes = new int[buckets][];
    private readonly int[] _counts = new int[buckets];

    /// <summary>Tables emptied since the last drain.</summary>
    public HashSet<TableName> Truncated { get; } = [];

    /// <summary>The slices of the batch, for the buckets that it touches, in bucket order.</summary>
    public IEnumerable<EntitySlice> Part(ChangeBatch batch, Position unknownUpTo)
    {
        var entries = batch.Entries;
        Array.Clear(_counts);
        for (var i = 0; i < entries.Length; i++)
        {
            ref readonly var entry = ref entries[i];
            switch (entry.Kind)
            {
                case ChangeKind.Schema:
                    break;
                case ChangeKind.Truncate:
                    Truncated.Add(entry.Relation.Table);
                    for (var b = 0; b < buckets; b++) Put(b, i, entries.Length);
                    break;
                case ChangeKind.Insert or ChangeKind.Copy:
                    Put(BucketOf(entry.Relation.Table, RowKey.Hash(batch.New(entry), entry.Relation)), i, entries.Length);
                    break;
                case ChangeKind.Update:
                    Put(BucketOfUpdate(batch, entry), i, entries.Length);
                    break;
                case ChangeKind.Delete:
                    Put(BucketOfDelete(batch, entry), i, entries.Length);
                    break;
                default:
                    throw new InvalidOperationException($"not a kind of change: {entry.Kind}");
            }
        }
        return Slices(batch, unknownUpTo);
    }

    /// <summary>A drain took everything: rows are found by their own keys again.</summary>
    public void Forget()
    {
        _moved.Clear();
        Truncated.Clear();
    }

    private List<EntitySlice> Slices(ChangeBatch batch, Position unknownUpTo)
    {
        var slices = new List<EntitySlice>(buckets);
        for (var b = 0; b < buckets; b++)
        {
            if (_counts[b] == 0) continue;
            slices.Add(new EntitySlice(b, batch, _indexes[b], _counts[b], unknownUpTo));
            _indexes[b] = null!;
        }
        return slices;
    }

    private int BucketOf(TableName table, ulong hash) =>
        _moved.Count > 0 && _moved.TryGetValue((table, hash), out var bucket) ? bucket : (int)(hash % (ulong)buckets);

    private int BucketOfUpdate(ChangeBatch batch, in ChangeEntry entry)
    {
        var hash = RowKey.Hash(batch.New(entry), entry.Relation);
        if (entry.OldImage == OldImage.None) return BucketOf(entry.Relation.Table, hash);
        var oldHash = RowKey.Hash(batch.Old(entry), entry.Relation);
        var bucket = BucketOf(entry.Relation.Table, oldHash);
        if (hash == oldHash) return bucket;
        _moved.Remove((entry.Relation.Table, oldHash));
        _moved[(entry.Relation.Table, hash)] = bucket;
        return bucket;
    }

    private int BucketOfDelete(ChangeBatch batch, in ChangeEntry entry)
    {
        var hash = RowKey.Hash(batch.Old(entry), entry.Relation);
        var bucket = BucketOf(entry.Relation.Table, hash);
        if (_moved.Count > 0) _moved.Remove((entry.Relation.Table, hash));
        return bucket;
    }

    private void Put(int bucket, int index, int capacity)
    {
        ref var indexes = ref _indexes[bucket];
        indexes ??= ArrayPool<int>.Shared.Rent(Math.Min(capacity, 256));
        if (_counts[bucket] == indexes.Length)
        {
            var larger = ArrayPool<int>.Shared.Rent(indexes.Length * 2);
            indexes.CopyTo(larger, 0);
            ArrayPool<int>.Shared.Return(indexes);
            indexes = larger;
        }
        indexes[_counts[bucket]++] = index;
    }
}
