using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Writers;

/// <summary>
/// What becomes of later changes to rows with dead letters, so that none is lost unsaid: the graph may lack such a row, and an update that finds no node writes nothing. A change
/// that holds the whole row is written as an upsert and resolves the letter; one that does not is a dead letter itself. A row that goes takes its letter along. Pure.
/// </summary>
internal static class DeadRows
{
    public const string Follows = "it follows a dead letter of its row, and does not hold the whole row: unchanged large values were not sent; "
        + "an update of those columns, once the graph takes the row, brings it in";

    /// <param name="keys">Not empty; left as it is.</param>
    public static DeadRowPlan Plan(IReadOnlyList<RowOperation> operations, DeadKeys keys)
    {
        List<RowOperation>? kept = null;
        var dead = new List<RowOperation>();
        var settled = new List<RowOperation>();
        for (var i = 0; i < operations.Count; i++)
        {
            var operation = operations[i];
            var lacks = operation.Kind != RowOperationKind.Insert && keys.Contains(Known(operation), KnownRelation(operation));
            var touches = lacks || (operation.New.Exists && keys.Contains(operation.New, operation.Relation));
            if (!touches)
            {
                kept?.Add(operation);
                continue;
            }
            kept ??= [.. operations.Take(i)];
            if (lacks && operation.Kind != RowOperationKind.Delete)
            {
                if (!operation.New.Image.IsWhole)
                {
                    dead.Add(operation);
                    if (Departure(operation) is not { } departure) continue;
                    kept.Add(departure);
                    settled.Add(departure);
                    continue;
                }
                operation = operation with { Kind = RowOperationKind.Upsert };
            }
            kept.Add(operation);
            settled.Add(operation);
        }
        return new DeadRowPlan(kept ?? operations, dead, settled);
    }

    /// <summary>Forgets the rows that an operation brought up to date, under their old key and their new.</summary>
    public static IEnumerable<DeadKey> Settle(in RowOperation operation, DeadKeys keys)
    {
        var old = operation.Old.Exists ? keys.Take(operation.Old, operation.OldRelation) : [];
        return operation.New.Exists ? [.. old, .. keys.Take(operation.New, operation.Relation)] : [.. old];
    }

    /// <summary>What is left to do for a dead operation that changed the row's key: no node may stay at the old one. Null where the key did not change.</summary>
    public static RowOperation? Departure(in RowOperation operation) =>
        operation.Kind == RowOperationKind.Delete || !operation.Old.Exists
        || RowKey.Equal(operation.Old.Image, operation.OldRelation, operation.New.Image, operation.Relation)
            ? null
            : operation with { Kind = RowOperationKind.Delete, Relation = operation.OldRelation, New = default, OldImage = OldImage.Key };

    private static ImageRef Known(in RowOperation operation) => operation.Old.Exists ? operation.Old : operation.New;

    private static Relation KnownRelation(in RowOperation operation) => operation.Old.Exists ? operation.OldRelation : operation.Relation;
}

/// <param name="Write">What is written.</param>
/// <param name="Dead">What becomes a dead letter instead.</param>
/// <param name="Settled">Those of <paramref name="Write"/> that resolve letters once they are committed.</param>
internal sealed record DeadRowPlan(IReadOnlyList<RowOperation> Write, IReadOnlyList<RowOperation> Dead, IReadOnlyList<RowOperation> Settled);
