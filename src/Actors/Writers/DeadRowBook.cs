using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Writers;

/// <summary>Keeps account of rows with dead letters over one drain after the other: what was refused, and what is right again once the drain is committed. Not thread-safe.</summary>
internal sealed class DeadRowBook(IEnumerable<DeadKey> open)
{
    private readonly DeadKeys _keys = new(open);
    private readonly Dictionary<(TableName Table, ulong Key, Position Position), RowOperation> _settled = [];
    private readonly Dictionary<(TableName Table, ulong Key, Position Position), RowOperation> _dead = [];

    /// <summary>Whether the graph lacks the row after the last drain.</summary>
    public bool Contains(DeadKey key) => _keys.Contains(key);

    /// <summary>What is to be done with the operations of a drain; null where none touches a row with a dead letter, which is the rule.</summary>
    public DeadRowPlan? Open(IReadOnlyList<RowOperation> operations)
    {
        if (_keys.IsEmpty) return null;
        var plan = DeadRows.Plan(operations, _keys);
        foreach (var operation in plan.Settled) _settled[Identity(operation)] = operation;
        foreach (var operation in plan.Dead) _dead[Identity(operation)] = operation;
        return plan.Settled.Count > 0 || plan.Dead.Count > 0 ? plan : null;
    }

    /// <summary>The graph refused these (in parallel mode one may be refused in several parts).</summary>
    public void Refuse(IReadOnlyList<RowOperation> operations)
    {
        foreach (var operation in operations)
        {
            _settled.Remove(Identity(operation));
            _dead[Identity(operation)] = operation;
            if (DeadRows.Departure(operation) is { } departure) _settled[Identity(departure)] = departure;
        }
    }

    /// <summary>The drain is committed, its images are still valid.</summary>
    /// <returns>The rows whose letters are resolved by it.</returns>
    public IReadOnlyList<DeadKey> Close(IReadOnlyList<TableName> truncated)
    {
        if (_keys.IsEmpty && _dead.Count == 0) return [];
        var resolved = new List<DeadKey>();
        foreach (var table in truncated) resolved.AddRange(_keys.TakeAll(table));
        foreach (var operation in _settled.Values) resolved.AddRange(DeadRows.Settle(operation, _keys));
        foreach (var operation in _dead.Values)
        {
            if (operation.New.Exists) _keys.Add(operation.New, operation.Relation);
            else _keys.Add(operation.Old, operation.OldRelation);
        }
        _settled.Clear();
        _dead.Clear();
        return resolved;
    }

    /// <summary>Changes of these rows could not be read: later ones find the graph without them.</summary>
    public void Miss(IEnumerable<DeadKey> keys)
    {
        foreach (var key in keys) _keys.Add(key);
    }

    private static (TableName, ulong, Position) Identity(in RowOperation operation) => operation.New.Exists
        ? (operation.Relation.Table, RowKey.Hash(operation.New.Image, operation.Relation), operation.Position)
        : (operation.OldRelation.Table, RowKey.Hash(operation.Old.Image, operation.OldRelation), operation.Position);
}
