namespace PolyglotSync.Graph.Writing;

/// <summary>Runs the statements of one write set, in order.</summary>
internal interface ICypherRunner
{
    /// <summary>True inside a transaction with rollback: plain creates are allowed.</summary>
    bool IsAtomic { get; }

    /// <summary>Rows a statement takes at most.</summary>
    int BatchRows { get; }

    /// <summary>Empty rows for the next statement: what the one before took is not looked at any more.</summary>
    /// <param name="capacity">Rows that are to come.</param>
    ParameterRows NewRows(int capacity);

    /// <summary>Runs <paramref name="shape"/> for each row.</summary>
    /// <returns>The values of the one record that the shape returns; empty where it returns none.</returns>
    Task<IReadOnlyList<object?>> RunAsync(CypherShape shape, ParameterRows rows, CancellationToken cancellationToken);

    /// <summary>Runs a statement without rows.</summary>
    Task<IReadOnlyList<object?>> RunAsync(string cypher, CancellationToken cancellationToken);
}
