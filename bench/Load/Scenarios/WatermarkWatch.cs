using System.Collections.Concurrent;
using System.Diagnostics;
using PolyglotSync.Bench.Report;
using PolyglotSync.Bench.Servers;
using PolyglotSync.Contracts;

namespace PolyglotSync.Bench.Scenarios;

/// <summary>Asks the node for the oldest commit that is not visible yet, again and again; each answer tells of all up to its watermark.</summary>
internal sealed class WatermarkWatch(NodeUnderLoad node, ConcurrentQueue<Commit> commits, ConcurrentQueue<Commit> visible)
{
    /// <summary>Milliseconds from which on waiting is noted with its moment.</summary>
    private const double Long = 30;

    private readonly List<double> _times = [];
    private readonly List<Stall> _stalls = [];
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <summary>Longest first.</summary>
    public IReadOnlyList<Stall> Stalls => [.. _stalls.OrderByDescending(s => s.Milliseconds)];

    /// <param name="written">No more commits come.</param>
    /// <returns>Milliseconds from COMMIT to visible, one for each commit.</returns>
    public async Task<List<double>> RunAsync(CancellationToken written, CancellationToken stop)
    {
        while (true)
        {
            if (commits.TryPeek(out var oldest)) Take(await node.AskAsync(oldest.Lsn, stop));
            else if (written.IsCancellationRequested) return _times;
            else Pace.Moment();
        }
    }

    private void Take(Lsn watermark)
    {
        var now = Stopwatch.GetTimestamp();
        if (commits.TryPeek(out var oldest) && oldest.Lsn <= watermark && Stopwatch.GetElapsedTime(oldest.At, now).TotalMilliseconds is > Long and var waited)
            _stalls.Add(new Stall(Stopwatch.GetElapsedTime(_started, oldest.At).TotalSeconds, waited));
        while (commits.TryPeek(out var commit) && commit.Lsn <= watermark && commits.TryDequeue(out commit))
        {
            _times.Add(Stopwatch.GetElapsedTime(commit.At, now).TotalMilliseconds);
            visible.Enqueue(commit);
        }
    }
}

/// <summary>Waits that are finer than the timer's.</summary>
internal static class Pace
{
    /// <summary>Below this the rest is spent yielding: a timer wakes a millisecond late.</summary>
    private static readonly TimeSpan Fine = TimeSpan.FromMilliseconds(2);

    public static async Task UntilAsync(long started, TimeSpan due)
    {
        while (true)
        {
            var left = due - Stopwatch.GetElapsedTime(started);
            if (left <= TimeSpan.Zero) return;
            if (left > Fine) await Task.Delay(left - TimeSpan.FromMilliseconds(1));
            else Thread.Sleep(TimeSpan.FromMicroseconds(200));
        }
    }

    public static void Moment() => Thread.Sleep(TimeSpan.FromMicroseconds(100));
}
