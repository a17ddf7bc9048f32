using PolyglotSync.Graph.Plans;

namespace PolyglotSync.Graph.Writing;

/// <summary>
/// Keys that one row leaves and another takes within one write set (<c>UPDATE t SET id = id + 1</c>, a swap, a delete and a new row). There the node stays with its key
/// and gets the properties of the row that now has it: so the uniqueness constraint is never violated on the way, and relationships of rows
/// that did not change (their foreign key still holds the same value) keep leading to the right node.
/// </summary>
internal sealed class KeyReuse
{
    // null where there are none, which is the rule
    private readonly HashSet<(TableName, ulong)>? _left;
    private readonly HashSet<(TableName, ulong)>? _taken;
    private readonly HashSet<(TableName, ulong)>? _arrived;

    public KeyReuse(GraphPlan plan, ReadOnlySpan<RowOperation> operations)
    {
        foreach (ref readonly var operation in operations)
        {
            var changesKey = ChangesKey(operation);
            if (!changesKey && operation.Kind != RowOperationKind.Delete) continue;
            if (plan.For(operation.OldRelation) is NodePlan)
                (_left ??= []).Add((operation.OldRelation.Table, RowKey.Hash(operation.Old.Image, operation.OldRelation)));
            if (changesKey) (_arrived ??= []).Add((operation.Relation.Table, RowKey.Hash(operation.New.Image, operation.Relation)));
        }
        if (_left is null) return;
        foreach (ref readonly var operation in operations)
        {
            if (operation.Kind == RowOperationKind.Delete || (operation.Kind == RowOperationKind.Update && !ChangesKey(operation))) continue;
            var key = (operation.Relation.Table, RowKey.Hash(operation.New.Image, operation.Relation));
            if (_left.Contains(key)) (_taken ??= []).Add(key);
        }
    }

    /// <summary>True where a key changes hands in the set.</summary>
    public bool Any => _taken is not null;

    /// <summary>True where a row is brought to a key by a change of key.</summary>
    public bool AnyArrives => _arrived is not null;

    public static bool ChangesKey(in RowOperation operation) =>
        operation.Kind is RowOperationKind.Update or RowOperationKind.Upsert && operation.Old.Exists
        && !RowKey.Equal(operation.Old.Image, operation.OldRelation, operation.New.Image, operation.Relation);

    /// <summary>
    /// True where another operation brings the same row to the same key by a change of key: a copy may have read it there already. This one is written
    /// before that one, which says what its relationships are.
    /// </summary>
    public bool IsOvertaken(in RowOperation operation) =>
        _arrived is not null && operation.Kind != RowOperationKind.Delete && !ChangesKey(operation)
        && _arrived.Contains((operation.Relation.Table, RowKey.Hash(operation.New.Image, operation.Relation)));

    /// <summary>True where the row's new key was another's before.</summary>
    public bool IsReused(NodePlan plan, RowImage image, Relation relation) =>
        _taken is not null && _taken.Contains((plan.Relation.Table, RowKey.Hash(image, relation)));

    /// <summary>True where another row takes the key that this one leaves.</summary>
    public bool IsTakenAgain(NodePlan plan, RowImage old, Relation relation) => IsReused(plan, old, relation);
}
