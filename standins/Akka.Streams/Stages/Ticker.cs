using System.Diagnostics;
using System.Runtime.CompilerServices;
using Akka.Actor;

namespace Akka.Streams.Stages;

/// <summary>The clock behind Source.Tick and the handle that stops it.</summary>
internal sealed class Ticker<T>(IScheduler scheduler)
{
    public Cancelable Handle { get; } = new(scheduler);

    public static async IAsyncEnumerable<T> Run(TimeSpan initialDelay, TimeSpan interval, T tick, [EnumeratorCancellation] CancellationToken stop)
    {
        var start = Stopwatch.GetTimestamp();
        var due = initialDelay;
        while (true)
        {
            var wait = due - Stopwatch.GetElapsedTime(start);
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, stop).ConfigureAwait(false);
            yield return tick;
            var passed = Stopwatch.GetElapsedTime(start) - initialDelay;
            due = initialDelay + interval * (Math.Floor(passed / interval) + 1);
        }
    }
}
