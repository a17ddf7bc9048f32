namespace PolyglotSync.Graph;

/// <summary>The reading side of a target: whole small results.</summary>
internal interface ICypherQueries
{
    Task<IReadOnlyList<IReadOnlyList<object?>>> QueryAsync(string cypher, CancellationToken cancellationToken);
}
