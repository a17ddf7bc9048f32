namespace PolyglotSync.Contracts;

/// <summary>
/// Where changes that the graph refuses are kept: a table in the source database. A row has one open letter at the most. It stays open until a later change of the row (or a retry) brings the
/// graph up to date, or the row goes: then it is resolved; or until a person discards it. Closed letters are kept as a record.
/// </summary>
public interface IDeadLetterStore
{
    /// <summary>
    /// Stores the letters. Where the row has an open one, that is brought up to date and counts one more; one of the same row and position is never stored twice, whatever became of it.
    /// A letter answers the retry that its row waits for, save where it <see cref="DeadLetter.Follows"/>.
    /// </summary>
    /// <returns>How many rows have an open letter that had none.</returns>
    Task<int> AddAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken);

    /// <summary>The open ones.</summary>
    Task<long> CountAsync(string pipeline, CancellationToken cancellationToken);

    /// <summary>The rows that the graph lacks or has as they were before: those of open letters, and of discarded ones that no later change has made right.</summary>
    Task<IReadOnlyList<DeadKey>> KeysAsync(string pipeline, CancellationToken cancellationToken);

    /// <summary>The graph is right about these rows again: their open letters are resolved, and discarded ones are no longer remembered.</summary>
    Task ResolveAsync(string pipeline, IReadOnlyList<DeadKey> keys, CancellationToken cancellationToken);

    /// <summary>Letters, the newest id first.</summary>
    /// <param name="before">Only those with a lower id: the last one of the page before; null for the first page.</param>
    /// <param name="limit">1 or more.</param>
    Task<IReadOnlyList<StoredDeadLetter>> ListAsync(DeadLetterFilter filter, long? before, int limit, CancellationToken cancellationToken);

    /// <summary>Remembers that the open letters among these are to be tried again.</summary>
    /// <returns>Their ids.</returns>
    Task<IReadOnlyList<long>> RetryAsync(DeadLetterFilter filter, CancellationToken cancellationToken);

    /// <summary>The rows that wait for a retry.</summary>
    Task<IReadOnlyList<DeadKey>> RetriedAsync(string pipeline, CancellationToken cancellationToken);

    /// <summary>Closes the open letters among these without a change of the graph.</summary>
    /// <returns>Their ids.</returns>
    Task<IReadOnlyList<long>> DiscardAsync(DeadLetterFilter filter, CancellationToken cancellationToken);
}
