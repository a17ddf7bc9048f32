using PolyglotSync.SyncNode.Load.Choosing;
using PolyglotSync.SyncNode.Load.Worlds;

namespace PolyglotSync.SyncNode.Load.Statements;

/// <summary>
/// The transactions of one connection, one after the other. Seed, number of connections, settings and the rows that are there at the start decide what they are; time and what other
/// connections do have no part in it.
/// </summary>
internal sealed class TransactionGenerator
{
    private readonly LoadMix _mix;
    private readonly RowRange _sizes;
    private readonly Random _random;
    private readonly Dictionary<LoadKind, LoadAction[]> _actions;
    private readonly Dictionary<LoadKind, int> _weights;
    private readonly LoadAction _otherwise;
    private readonly OwnRows _rows;

    /// <param name="number">The connection's, from 0.</param>
    /// <param name="random">Its own; one that goes on after a connection was lost.</param>
    public TransactionGenerator(LoadWorld world, KnownRows known, LoadMix mix, RowRange sizes, double skew, int number, int connections, Random random)
    {
        (_mix, _sizes, _random) = (mix, sizes, random);
        _actions = world.Actions.GroupBy(a => a.Kind).ToDictionary(a => a.Key, a => a.ToArray());
        _weights = _actions.ToDictionary(a => a.Key, a => a.Value.Sum(one => one.Weight));
        _otherwise = world.Actions[0];
        _rows = new OwnRows(world.Keys, known, number, connections, random, skew);
    }

    /// <summary>A connection's source of randomness: the same for the same seed and number, on every machine.</summary>
    public static Random RandomOf(int seed, int number) => new(unchecked((seed * 1_000_003) + number));

    /// <summary>How many rows the next transaction has.</summary>
    public int NextSize() => _sizes.Draw(_random);

    /// <param name="rows">1 or more.</param>
    public IReadOnlyList<RowStatement> Next(int rows)
    {
        var packer = new StatementPacker();
        for (var i = 0; i < rows; i++)
        {
            var kind = _mix.Draw(_random);
            // where there is no such row, the first action of the kind that finds one; where there is no row at all, one is made
            if (!TryAdd(packer, DrawAction(kind)) && !Array.Exists(_actions[kind], other => TryAdd(packer, other))) TryAdd(packer, _otherwise);
        }
        return packer.Statements;
    }

    private bool TryAdd(StatementPacker packer, LoadAction action)
    {
        if (action.Draw(_rows) is not { } row) return false;
        packer.Add(action, row);
        return true;
    }

    private LoadAction DrawAction(LoadKind kind)
    {
        var left = _random.Next(_weights[kind]);
        foreach (var action in _actions[kind])
        {
            if ((left -= action.Weight) < 0) return action;
        }
        throw new InvalidOperationException("the weights of a kind are more than their sum");
    }
}
