using Akka.Actor;

namespace PolyglotSync.Actors.Pipelines;

/// <summary>Questions between actors that wait for their answer no longer than so, by the node's clock.</summary>
internal static class BoundedAsk
{
    /// <param name="gone">Cancelled where nobody is left who could answer.</param>
    /// <returns>The answer; null where none came in time.</returns>
    /// <exception cref="Exception">What a <see cref="Status.Failure"/> in the place of the answer holds.</exception>
    public static async Task<T?> AskWithinAsync<T>(this IActorRef who, object question, TimeSpan within, TimeProvider clock, CancellationToken gone = default)
        where T : class
    {
        using var time = new CancellationTokenSource(within, clock);
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(time.Token, gone);
        try
        {
            return await who.Ask<T>(question, Timeout.InfiniteTimeSpan, bounded.Token);
        }
        catch (OperationCanceledException) when (bounded.IsCancellationRequested)
        {
            return null;
        }
    }
}
