namespace PolyglotSync.SyncNode.Load.Worlds;

/// <summary>
/// The rows of a table as a connection knows them: two numbers each. Each connection has rows of its own, which no other one touches: so that no two wait for each other's locks, and
/// what one does depends on nothing but its seed.
/// </summary>
/// <param name="Table">Of the world.</param>
/// <param name="Read">Gives the two numbers of each row of connection $2 out of $1 connections, $3 rows at the most, in an order that is always the same.</param>
internal sealed record KeySet(string Table, string Read)
{
    /// <summary>Whether the second number is that of a parent of which is counted how many children it has.</summary>
    public bool CountsParents { get; init; }

    // two sets are never the same by chance: compared by reference, which is quick
    public bool Equals(KeySet? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>A row by the two numbers of its set.</summary>
internal readonly record struct RowRef(KeySet Set, long A, long B = 0);
