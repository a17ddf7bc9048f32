using System.Diagnostics;
using System.Threading.Channels;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Api;

namespace PolyglotSync.SyncNode.Demo;

/// <summary>
/// Measures commit-to-graph latency from outside: from a COMMIT returning to the watermark passing it. One sample at a time; commits in between are not
/// sampled, so measuring does not slow what is measured.
/// </summary>
internal sealed class LatencyProbe(IPipelines pipelines, string pipeline)
{
    private const int Window = 2000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<(long Committed, Lsn Lsn)> _next = Channel.CreateBounded<(long, Lsn)>(1);
    private readonly List<double> _samples = [];
    private readonly Lock _lock = new();
    private int _oldest;
    private int _busy;

    /// <summary>Offers a commit as a sample; refused while another is under way, else its time in the queue would count.</summary>
    public void Committed(long timestamp, Lsn lsn)
    {
        if (Interlocked.Exchange(ref _busy, 1) == 0) _next.Writer.TryWrite((timestamp, lsn));
    }

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await foreach (var (committed, lsn) in _next.Reader.ReadAllAsync(stop))
            {
                var answer = await pipelines.WaitAsync(pipeline, lsn, Patience, stop);
                if (answer.Reached) Add(Stopwatch.GetElapsedTime(committed).TotalMilliseconds);
                Volatile.Write(ref _busy, 0);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The demo ends: so does the measuring.
        }
    }

    /// <summary>Milliseconds at the median and the 99th of 100 of the last samples; null before the first.</summary>
    public (double P50, double P99, int Samples)? Percentiles()
    {
        double[] sorted;
        lock (_lock) sorted = [.. _samples];
        if (sorted.Length == 0) return null;
        Array.Sort(sorted);
        return (sorted[(sorted.Length - 1) / 2], sorted[(int)Math.Ceiling(sorted.Length * 0.99) - 1], sorted.Length);
    }

    private void Add(double milliseconds)
    {
        lock (_lock)
        {
            if (_samples.Count < Window) _samples.Add(milliseconds);
            else _samples[_oldest++ % Window] = milliseconds;
        }
    }
}
