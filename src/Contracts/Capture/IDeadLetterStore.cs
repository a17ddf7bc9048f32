namespace PolyglotSync.Contracts;

/// <summary>
/// Where changes that the graph refuses are kept: a table in the source database. A letter is open until a later change of its row brings the graph up to date
/// (or the row goes); then it is resolved, and kept as a record.
/// </summary>
public interface IDeadLetterStore
{
    /// <summary>Stores the letters; one that is there already (same pipeline, table, key and position) is not stored twice.</summary>
    Task AddAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken);

    /// <summary>The open ones.</summary>
    Task<long> CountAsync(string pipeline, CancellationToken cancellationToken);

    /// <param name="limit">At most so many open ones, newest first.</param>
    Task<IReadOnlyList<DeadLetter>> ListAsync(string pipeline, int limit, CancellationToken cancellationToken);

    /// <summary>The rows that open letters speak of: the graph lacks them, or has them as they were before.</summary>
    Task<IReadOnlyList<DeadKey>> KeysAsync(string pipeline, CancellationToken cancellationToken);

    /// <summary>The graph is right about these rows again: their letters are resolved.</summary>
    Task ResolveAsync(string pipeline, IReadOnlyList<DeadKey> keys, CancellationToken cancellationToken);
}

/// <param name="Key">The row's key as JSON, as <see cref="DeadLetter.Key"/> has it.</param>
public readonly record struct DeadKey(TableName Table, string Key);

/// <param name="Key">The row's key as JSON.</param>
/// <param name="Row">The row's columns as a JSON object of texts; columns that were not sent are missing.</param>
/// <param name="Reason">What the graph or the encoder said.</param>
/// <param name="Cypher">The statement that refused it; null where it never reached the graph.</param>
public sealed record DeadLetter(
    string Pipeline, TableName Table, string Operation, string Key, string? Row, Position Position, string Reason, string? Cypher, DateTimeOffset At);
