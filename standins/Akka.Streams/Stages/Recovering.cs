using System.Runtime.ExceptionServices;
using Akka.Event;
using Akka.Streams.Engine;
using Akka.Util;

namespace Akka.Streams.Stages;

/// <summary>Operators that go on after a failure.</summary>
internal static class Recovering
{
    public static async IAsyncEnumerable<T> Recover<T>(Pipe<T> up, Func<Exception, Option<T>> partial)
    {
        while (true)
        {
            var (any, last) = (false, Option<T>.None);
            try
            {
                any = await up.PullAsync().ConfigureAwait(false);
            }
            catch (Exception cause)
            {
                last = partial(cause);
                if (!last.HasValue)
                    throw;
            }
            if (any)
                yield return up.Current;
            else if (last.HasValue)
                yield return last.Value;
            if (!any)
                yield break;
        }
    }

    public static async IAsyncEnumerable<T> SelectError<T>(Pipe<T> up, Func<Exception, Exception> selector)
    {
        while (true)
        {
            try
            {
                if (!await up.PullAsync().ConfigureAwait(false))
                    break;
            }
            catch (Exception cause)
            {
                ExceptionDispatchInfo.Throw(selector(cause));
            }
            yield return up.Current;
        }
    }

    /// <summary>Switches to another source on failure, so many times (-1: without end).</summary>
    public static Pipe<T> RecoverWithRetries<T>(StreamRun run, Pipe<T> up, Func<Exception, Pipe<T>> partial, int attempts)
    {
        var inner = new Joining.Current<T>();
        inner.Set(up);
        return new IteratorPipe<T>(run, _ => EmitAsync(), inner.Cancel);

        async IAsyncEnumerable<T> EmitAsync()
        {
            var pipe = up;
            for (var left = attempts; ;)
            {
                try
                {
                    if (!await pipe.PullAsync().ConfigureAwait(false))
                        yield break;
                }
                catch (Exception cause) when (left != 0)
                {
                    if (partial(cause) is not { } next)
                        throw;
                    left = Math.Max(left - 1, -1);
                    pipe = inner.Set(next);
                    continue;
                }
                yield return pipe.Current;
            }
        }
    }

    /// <summary>
    /// Starts a source again with exponential backoff, after failures and, if asked, after completion. The count of restarts begins anew once
    /// the source has run for the settings' period.
    /// </summary>
    public static Pipe<T> Restart<T>(StreamRun run, Func<Pipe<T>> start, RestartSettings settings, bool onlyOnFailures)
    {
        var inner = new Joining.Current<T>();
        return new IteratorPipe<T>(run, EmitAsync, inner.Cancel);

        async IAsyncEnumerable<T> EmitAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
        {
            var restarts = 0;
            while (true)
            {
                var began = Environment.TickCount64;
                Pipe<T> pipe = null;
                Exception failure = null;
                while (true)
                {
                    try
                    {
                        pipe ??= inner.Set(start());
                        if (!await pipe.PullAsync().ConfigureAwait(false))
                            break;
                    }
                    catch (Exception cause)
                    {
                        failure = cause;
                        break;
                    }
                    yield return pipe.Current;
                }
                if (stop.IsCancellationRequested)
                    yield break;
                if (Environment.TickCount64 - began > settings.MaxRestartsWithin.TotalMilliseconds)
                    restarts = 0;
                if (failure == null && onlyOnFailures)
                    yield break;
                if (restarts == settings.MaxRestarts)
                {
                    if (failure == null)
                        yield break;
                    ExceptionDispatchInfo.Throw(failure);
                }
                if (failure != null)
                    run.Log.Warning(failure, "Restarting graph due to failure.");
                await Task.Delay(Backoff(settings, restarts++), stop).ConfigureAwait(false);
            }
        }
    }

    private static TimeSpan Backoff(RestartSettings settings, int restarts)
    {
        var random = 1 + Random.Shared.NextDouble() * settings.RandomFactor;
        var milliseconds = settings.MinBackoff.TotalMilliseconds * Math.Pow(2, Math.Min(restarts, 30));
        return TimeSpan.FromMilliseconds(Math.Min(settings.MaxBackoff.TotalMilliseconds, milliseconds) * random);
    }
}
