using PolyglotSync.SyncNode.Load.Choosing;
using PolyglotSync.SyncNode.Load.Worlds;

namespace PolyglotSync.SyncNode.Load.Statements;

/// <summary>What a connection starts from.</summary>
/// <param name="Rows">Of each set, those that are the connection's own.</param>
/// <param name="HighestId">See <see cref="LoadWorld.HighestId"/>.</param>
/// <param name="HighestNumber">See <see cref="LoadWorld.HighestNumber"/>.</param>
internal sealed record KnownRows(IReadOnlyDictionary<KeySet, IReadOnlyList<(long A, long B)>> Rows, long HighestId, long HighestNumber)
{
    /// <summary>Rows of a set that a connection knows at the most; it leaves others alone. Of all connections together four times as many.</summary>
    public const int MostEach = 100_000;
    private const int MostOfAll = 4 * MostEach;

    public static int MostFor(int connections) => Math.Min(MostEach, MostOfAll / connections);
}

/// <summary>A connection's rows, kept up to date by what it does: nothing is asked of the database. Not thread-safe.</summary>
internal sealed class OwnRows
{
    /// <summary>Where keys of the load begin: rows that a person inserts meanwhile get lower ones, from the tables' sequences.</summary>
    public const long FirstId = 1_000_000_000;

    private readonly Dictionary<KeySet, KeyPool> _pools = [];
    private readonly Random _random;
    private readonly Zipf _skew;
    private readonly int _connections;
    private long _nextId;
    private long _nextNumber;
    private long _stamp;

    public OwnRows(IReadOnlyList<KeySet> sets, KnownRows known, int number, int connections, Random random, double skew)
    {
        (_random, _skew, _connections) = (random, new Zipf(skew), connections);
        foreach (var set in sets)
        {
            var pool = _pools[set] = new KeyPool(KnownRows.MostFor(connections), set.CountsParents);
            foreach (var (a, b) in known.Rows.GetValueOrDefault(set, [])) pool.Add(a, b, random);
        }
        _nextId = (((Math.Max(FirstId, known.HighestId) / connections) + 1) * connections) + number;
        _nextNumber = known.HighestNumber + 1;
    }

    /// <summary>A row that is drawn more often the earlier it came, by the skew.</summary>
    public PooledRow? Hot(KeySet set) => At(set, _pools[set].Count == 0 ? -1 : _skew.Draw(_random, _pools[set].Count));

    /// <summary>Any row, all alike.</summary>
    public PooledRow? Any(KeySet set) => At(set, _pools[set].Count == 0 ? -1 : _random.Next(_pools[set].Count));

    public bool Contains(KeySet set, long a, long b) => _pools[set].Contains(a, b);

    /// <summary>Whether a row of the set has this parent.</summary>
    public bool HasChildren(KeySet set, long parent) => _pools[set].HasChildren(parent);

    public RowRef Add(KeySet set, long a, long b = 0)
    {
        _pools[set].Add(a, b, _random);
        return set.CountsParents ? new RowRef(set, a) : new RowRef(set, a, b);
    }

    public RowRef Remove(PooledRow at)
    {
        _pools[at.Set].RemoveAt(at.Index);
        return at.Row;
    }

    /// <returns>The row under its new numbers.</returns>
    public RowRef Move(PooledRow at, long a, long b = 0)
    {
        _pools[at.Set].Replace(at.Index, a, b);
        return at.Set.CountsParents ? new RowRef(at.Set, a) : new RowRef(at.Set, a, b);
    }

    /// <summary>A key that no row has, of whichever connection.</summary>
    public long FreshId() => (_nextId += _connections) - _connections;

    /// <summary>A number that no row of the connection's parents has.</summary>
    public long FreshNumber() => _nextNumber++;

    /// <summary>Another number each time: so that an update changes something.</summary>
    public long Stamp() => ++_stamp;

    /// <summary>Whether something happens that happens so often, 0 to 1.</summary>
    public bool Chance(double share) => _random.NextDouble() < share;

    private PooledRow? At(KeySet set, int index) => index < 0 ? null : new PooledRow(set, index, _pools[set][index].A, _pools[set][index].B);
}

/// <summary>A row as it is in its pool, until that changes.</summary>
internal readonly record struct PooledRow(KeySet Set, int Index, long A, long B)
{
    /// <summary>A parent is no part of the key.</summary>
    public RowRef Row => Set.CountsParents ? new RowRef(Set, A) : new RowRef(Set, A, B);
}
