using PolyglotSync.SyncNode.Load.Choosing;
using PolyglotSync.SyncNode.Load.Statements;

namespace PolyglotSync.SyncNode.Load.Worlds;

/// <summary>One way to change a row of a world, as a statement for any number of rows at once.</summary>
/// <param name="Weight">Relative to the world's others of the same kind.</param>
/// <param name="Arguments">Numbers that each row takes; the statement's parameters are as many arrays of bigint.</param>
/// <param name="Draw">Chooses a row and its numbers, and notes what becomes of it; null where there is no such row now.</param>
internal sealed record LoadAction(LoadKind Kind, int Weight, string Table, int Arguments, string Sql, Func<OwnRows, DrawnRow?> Draw)
{
    /// <summary><c>unnest</c> of as many arrays, as <c>x(a, b, …)</c>.</summary>
    public static string Rows(int arguments) =>
        $"unnest({string.Join(", ", Enumerable.Range(1, arguments).Select(n => $"${n}::bigint[]"))}) AS x({string.Join(", ", Enumerable.Range(0, arguments).Select(n => (char)('a' + n)))})";
}

/// <summary>A row that was chosen.</summary>
/// <param name="A">First number for the statement.</param>
/// <param name="Row">The row that is written.</param>
internal readonly record struct DrawnRow(long A, long B, long C, RowRef Row)
{
    /// <summary>What the row is called afterwards, where its key changes.</summary>
    public RowRef? MovedTo { get; init; }

    /// <summary>Rows that it refers to: they must be there, under that key, when it is written.</summary>
    public RowRef? Parent { get; init; }

    public RowRef? OtherParent { get; init; }
}
