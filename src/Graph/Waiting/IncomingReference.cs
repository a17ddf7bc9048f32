using PolyglotSync.Graph.Plans;
using PolyglotSync.Graph.Values;

namespace PolyglotSync.Graph.Waiting;

/// <summary>A foreign key seen from its parent: the children of a row are found by their own properties.</summary>
/// <param name="Name">See <see cref="WaitingRelationships.NameOf"/>.</param>
/// <param name="IsToKey">True where it refers to the parent's key, which only a new node or a new key brings.</param>
internal sealed record IncomingReference(string Name, TableName Child, string ChildLabel, string Type, IReadOnlyList<IncomingColumn> Columns, bool IsToKey);

/// <param name="Parent">The parent's column.</param>
/// <param name="Property">The child's property that holds its value.</param>
/// <param name="Decoder">How the child writes it.</param>
internal sealed record IncomingColumn(string Parent, string Property, PropertyDecoder Decoder);

/// <summary>A join table seen from one of its ends.</summary>
internal sealed record IncomingJoin(string Name, JoinPlan Plan, bool IsStart)
{
    public NodeEnd End => IsStart ? Plan.Start : Plan.End;
}
