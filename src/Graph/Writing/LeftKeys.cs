using PolyglotSync.Graph.Plans;

namespace PolyglotSync.Graph.Writing;

/// <summary>
/// Keys that rows of a set leave, or may leave. A row that stays at such a key (it was away, and came back; or the other one was never there) and did not send everything goes with what is deleted, and is written anew: what it
/// did not send is read first.
/// </summary>
internal sealed class LeftKeys
{
    private readonly HashSet<(TableName, ulong)>? _left;

    public LeftKeys(ReadOnlySpan<RowOperation> operations)
    {
        var (anyLeaves, anyStays) = (false, false);
        foreach (ref readonly var operation in operations) anyLeaves |= Leaves(operation);
        if (!anyLeaves) return;
        foreach (ref readonly var operation in operations) anyStays |= StaysInPart(operation);
        if (!anyStays) return;
        foreach (ref readonly var operation in operations)
        {
            if (Leaves(operation)) (_left ??= []).Add((operation.OldRelation.Table, RowKey.Hash(operation.Old.Image, operation.OldRelation)));
        }
    }

    /// <summary>True where the row stays at its key, lacks values, and another leaves the key.</summary>
    public bool Shares(in RowOperation operation) =>
        _left is not null && StaysInPart(operation) && _left.Contains((operation.Relation.Table, RowKey.Hash(operation.New.Image, operation.Relation)));

    private static bool Leaves(in RowOperation operation) => operation.Kind == RowOperationKind.Delete || KeyReuse.ChangesKey(operation);

    private static bool StaysInPart(in RowOperation operation) => operation.Kind != RowOperationKind.Delete && !operation.New.Image.IsWhole && !KeyReuse.ChangesKey(operation);
}
