namespace PolyglotSync.SyncNode.Demo.Compare;

/// <summary>Asks a graph, past the product's own code.</summary>
internal interface IGraphReader : IAsyncDisposable
{
    /// <returns>Rows of cells as text: numbers in digits, booleans as true and false, dates and times in ISO form; null for no value.</returns>
    Task<IReadOnlyList<string?[]>> QueryAsync(string cypher, CancellationToken cancellationToken);
}
