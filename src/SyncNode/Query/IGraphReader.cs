namespace PolyglotSync.SyncNode.Query;

/// <summary>What a graph answered.</summary>
/// <param name="Rows">Cells as text: numbers in digits, booleans as true and false, dates and times in ISO form, nodes and relationships as patterns; null for no value.</param>
internal sealed record GraphAnswer(IReadOnlyList<string> Columns, IReadOnlyList<string?[]> Rows);

/// <summary>Asks a graph, past the product's own writing code. Never writes.</summary>
internal interface IGraphReader : IAsyncDisposable
{
    /// <exception cref="Contracts.PipelineFailure">The server cannot be reached, or refuses the login or the question.</exception>
    Task<GraphAnswer> QueryAsync(string cypher, CancellationToken cancellationToken);
}
