#nullable enable
namespace Neo4j.Driver.Internal.Sessions;

/// <summary>
/// Runs work again while its errors are retriable: after 1 s, then twice as long each time, each wait 20 % more or less by chance, until the
/// work has taken the whole retry time; at least one second try.
/// </summary>
internal sealed class RetryPolicy(TimeSpan maxRetryTime, ILogger logger, TimeProvider time)
{
    private const double FirstDelayMs = 1000, Growth = 2, Jitter = 0.2;

    /// <exception cref="ServiceUnavailableException">The retry time is used up; the inner exception holds all errors met.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        var start = time.GetTimestamp();
        var errors = new List<Exception>();
        for (var delay = FirstDelayMs; ; delay *= Growth)
        {
            try
            {
                return await work().ConfigureAwait(false);
            }
            catch (Neo4jException e) when (e.IsRetriable)
            {
                errors.Add(e);
                if (errors.Count >= 2 && time.GetElapsedTime(start) >= maxRetryTime)
                {
                    throw new ServiceUnavailableException(
                        $"Failed after {errors.Count} tries in {maxRetryTime.TotalMilliseconds} ms; the last error: {e.Message}", new AggregateException(errors));
                }

                var wait = TimeSpan.FromMilliseconds(delay * (1 - Jitter + (2 * Jitter * Random.Shared.NextDouble())));
                logger.Warn(e, "The transaction failed and is tried again in {0} ms.", (long)wait.TotalMilliseconds);
                await Task.Delay(wait, time).ConfigureAwait(false);
            }
        }
    }
}
