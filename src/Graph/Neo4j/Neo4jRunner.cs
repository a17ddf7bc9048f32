using Neo4j.Driver;
using PolyglotSync.Graph.Writing;

namespace PolyglotSync.Graph.Neo4j;

/// <summary>Statements of one write set in one explicit transaction.</summary>
internal sealed class Neo4jRunner(IAsyncQueryRunner transaction, int batchRows) : ICypherRunner
{
    public bool IsAtomic => true;

    public int BatchRows => batchRows;

    /// <summary>The statement that ran last, for messages.</summary>
    public string? LastCypher { get; private set; }

    public ParameterRows NewRows(int capacity) => new DriverRows(capacity);

    public Task<IReadOnlyList<object?>> RunAsync(CypherShape shape, ParameterRows rows, CancellationToken cancellationToken) =>
        RunAsync(shape.Statement, new Dictionary<string, object> { ["rows"] = ((DriverRows)rows).Rows }, cancellationToken);

    public Task<IReadOnlyList<object?>> RunAsync(string cypher, CancellationToken cancellationToken) => RunAsync(cypher, [], cancellationToken);

    public async Task<IReadOnlyList<object?>> RunAsync(string cypher, Dictionary<string, object> parameters, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LastCypher = cypher;
        var cursor = await transaction.RunAsync(cypher, parameters);
        IReadOnlyList<object?> first = [];
        while (await cursor.FetchAsync())
            if (first.Count == 0) first = [.. cursor.Current.Keys.Select(k => cursor.Current[k])];
        return first;
    }
}
