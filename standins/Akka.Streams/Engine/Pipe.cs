namespace Akka.Streams.Engine;

/// <summary>
/// One connection of a running stream, seen from downstream. Demand is a call of <see cref="PullAsync"/>, so nothing is read that nobody asked
/// for. One reader; never two pulls at once.
/// </summary>
internal abstract class Pipe<T>
{
    /// <summary>The element the last successful pull brought.</summary>
    public T Current { get; protected set; }

    /// <summary>True: <see cref="Current"/> holds the next element. False: complete. Throws: failed. After an end it stays false.</summary>
    public abstract ValueTask<bool> PullAsync();

    /// <summary>
    /// The reader wants no more: null when satisfied, otherwise why it failed. May come from any thread, also while a pull is pending, whose
    /// outcome nobody then looks at. Idempotent, and travels to the source at once.
    /// </summary>
    public abstract void Cancel(Exception cause);
}
