using System.Diagnostics;
using Akka.Streams.Engine;

namespace Akka.Streams.Stages;

/// <summary>Operators that a clock drives.</summary>
internal static class Timed
{
    /// <summary>Groups of up to n elements; a smaller one when the interval since the last group is over and something has come.</summary>
    public static Pipe<IEnumerable<T>> GroupedWithin<T>(StreamRun run, Pipe<T> up, int n, TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        var elements = new Handover<T>(n);
        var full = new AsyncSignal();
        run.Drive(ReadAsync);
        return new IteratorPipe<IEnumerable<T>>(run, _ => EmitAsync(), cause =>
        {
            up.Cancel(cause);
            elements.Close();
            full.Set();
        });

        async Task ReadAsync()
        {
            try
            {
                while (await elements.WaitForSpaceAsync().ConfigureAwait(false) && await up.PullAsync().ConfigureAwait(false))
                {
                    elements.Put(up.Current);
                    if (elements.Count >= n)
                        full.Set();
                }
                elements.Complete();
            }
            catch (Exception cause)
            {
                up.Cancel(cause);
                elements.Fail(cause);
            }
            full.Set();
        }

        async IAsyncEnumerable<IEnumerable<T>> EmitAsync()
        {
            var last = Stopwatch.GetTimestamp();
            while (await elements.WaitForItemAsync().ConfigureAwait(false))
            {
                // The real stage ticks every interval since the last group, also while it is empty.
                var passed = Stopwatch.GetElapsedTime(last);
                var due = interval - TimeSpan.FromTicks(passed.Ticks % interval.Ticks);
                while (elements.Count < n && !elements.Ended && due > TimeSpan.Zero)
                {
                    var waitingSince = Stopwatch.GetTimestamp();
                    await WaitAsync(full, due).ConfigureAwait(false);
                    due -= Stopwatch.GetElapsedTime(waitingSince);
                }
                elements.ThrowIfFailed();
                last = Stopwatch.GetTimestamp();
                yield return elements.TakeUpTo(n);
            }
        }
    }

    private static async Task WaitAsync(AsyncSignal signal, TimeSpan atMost)
    {
        var wait = signal.WaitAsync();
        if (wait.IsCompleted)
            return;
        using var stop = new CancellationTokenSource();
        await Task.WhenAny(wait, Task.Delay(atMost, stop.Token)).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
    }
}
