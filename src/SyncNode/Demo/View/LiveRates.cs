using System.Diagnostics;

namespace PolyglotSync.SyncNode.Demo.View;

/// <summary>Rates over the last second, from two counters that are looked at now and then, and one point a second of how they went. Not thread-safe.</summary>
internal sealed class LiveRates
{
    /// <summary>Seconds of history.</summary>
    public const int Kept = 40;

    private readonly Queue<(long At, long Written, long Applied)> _looks = new();
    private readonly List<double> _history = [];
    private long _lastPoint;

    /// <summary>Statements committed a second.</summary>
    public double Written { get; private set; }

    /// <summary>Rows applied to the graph a second.</summary>
    public double Applied { get; private set; }

    /// <summary><see cref="Applied"/> of each of the last seconds, oldest first.</summary>
    public IReadOnlyList<double> History => _history;

    /// <param name="now">A <see cref="Stopwatch"/> timestamp.</param>
    public void Look(long now, long written, long applied)
    {
        _looks.Enqueue((now, written, applied));
        while (_looks.Count > 2 && Stopwatch.GetElapsedTime(_looks.ElementAt(1).At, now).TotalSeconds >= 1) _looks.Dequeue();
        var first = _looks.Peek();
        var seconds = Stopwatch.GetElapsedTime(first.At, now).TotalSeconds;
        if (seconds <= 0) return;
        Written = (written - first.Written) / seconds;
        Applied = (applied - first.Applied) / seconds;
        if (seconds < 0.9 || Stopwatch.GetElapsedTime(_lastPoint, now).TotalSeconds < 0.95) return;
        _lastPoint = now;
        _history.Add(Applied);
        if (_history.Count > Kept) _history.RemoveAt(0);
    }
}
