namespace PolyglotSync.Contracts;

/// <summary>Where changes that the graph refuses are kept: a table in the source database.</summary>
public interface IDeadLetterStore
{
    /// <summary>Stores the letters; one that is there already (same pipeline, table, key and position) is not stored twice.</summary>
    Task AddAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken);

    Task<long> CountAsync(string pipeline, CancellationToken cancellationToken);

    /// <param name="limit">At most so many, newest first.</param>
    Task<IReadOnlyList<DeadLetter>> ListAsync(string pipeline, int limit, CancellationToken cancellationToken);
}

/// <param name="Key">The row's key as JSON.</param>
/// <param name="Row">The row's columns as a JSON object of texts; columns that were not sent are missing.</param>
/// <param name="Reason">What the graph or the encoder said.</param>
/// <param name="Cypher">The statement that refused it; null where it never reached the graph.</param>
public sealed record DeadLetter(
    string Pipeline, TableName Table, string Operation, string Key, string? Row, Position Position, string Reason, string? Cypher, DateTimeOffset At);
