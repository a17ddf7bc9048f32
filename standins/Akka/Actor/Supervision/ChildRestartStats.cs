using System.Diagnostics;

namespace Akka.Actor.Internal;

/// <summary>A child and how often it was restarted in the window of time.</summary>
internal sealed class ChildRestartStats(IInternalActorRef child)
{
    private long _count;
    private long _windowStart;

    internal IInternalActorRef Child { get; } = child;

    internal long Uid => Child.Path.Uid;

    /// <summary>Counts a restart; false when it is one too many. Negative numbers are no limit.</summary>
    internal bool RequestRestartPermission(int maxNrOfRetries, int withinTimeMilliseconds)
    {
        if (maxNrOfRetries == 0)
            return false;
        if (withinTimeMilliseconds <= 0)
            return maxNrOfRetries < 0 || ++_count <= maxNrOfRetries;
        var now = Stopwatch.GetTimestamp();
        if (_windowStart != 0 && Stopwatch.GetElapsedTime(_windowStart, now).TotalMilliseconds <= withinTimeMilliseconds)
            return ++_count <= (maxNrOfRetries > 0 ? maxNrOfRetries : 1);
        _windowStart = now;
        _count = 1;
        return true;
    }
}
