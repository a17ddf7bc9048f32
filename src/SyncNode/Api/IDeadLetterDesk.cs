using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Api;

/// <summary>What the API may ask about dead letters. What is refused is an <see cref="ApiRefusal"/>.</summary>
internal interface IDeadLetterDesk
{
    /// <summary>Letters, the newest id first.</summary>
    /// <exception cref="PipelineFailure">The source cannot be asked.</exception>
    Task<IReadOnlyList<StoredDeadLetter>> ListAsync(DeadLetterFilter filter, long? before, int limit, CancellationToken cancellationToken);

    /// <summary>Has the rows of open letters tried again: all that are named, or none.</summary>
    /// <returns>The letters that wait for their retry now.</returns>
    Task<IReadOnlyList<long>> RetryAsync(DeadLetterFilter filter, CancellationToken cancellationToken);

    /// <summary>Closes open letters: all that are named, or none.</summary>
    Task<IReadOnlyList<long>> DiscardAsync(DeadLetterFilter filter, CancellationToken cancellationToken);
}

/// <summary>A request that cannot be met, with the HTTP status that says so.</summary>
internal sealed class ApiRefusal(int status, string error, string? hint) : Exception(error)
{
    public int Status => status;

    public string? Hint => hint;
}
