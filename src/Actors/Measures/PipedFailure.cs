namespace PolyglotSync.Actors.Measures;

internal static class PipedFailure
{
    /// <summary>What a task that was piped to an actor failed by: it comes in the task's own wrapping.</summary>
    public static Exception Unwrapped(this Exception failure) => failure is AggregateException { InnerException: { } inner } ? inner : failure;
}
