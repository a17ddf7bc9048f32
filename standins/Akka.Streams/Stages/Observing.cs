using Akka.Event;
using Akka.Streams.Dsl;
using Akka.Streams.Engine;

namespace Akka.Streams.Stages;

/// <summary>Tells a task how the stream ended at this place. A cancel without a failure counts as done.</summary>
internal sealed class WatchPipe<T>(Pipe<T> up, TaskCompletionSource<Done> done) : Pipe<T>
{
    public static Flow<T, T, Task<Done>> Flow() => new((run, up) =>
    {
        var done = new TaskCompletionSource<Done>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = done.Task.ContinueWith(static t => t.Exception, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously);
        return (new WatchPipe<T>(up, done), done.Task);
    });

    public override async ValueTask<bool> PullAsync()
    {
        try
        {
            if (await up.PullAsync().ConfigureAwait(false))
            {
                Current = up.Current;
                return true;
            }
        }
        catch (Exception cause)
        {
            done.TrySetException(cause);
            throw;
        }
        done.TrySetResult(Done.Instance);
        return false;
    }

    public override void Cancel(Exception cause)
    {
        up.Cancel(cause);
        if (cause == null)
            done.TrySetResult(Done.Instance);
        else
            done.TrySetException(cause);
    }
}

/// <summary>Logs elements and the end, at the levels of the attributes around it.</summary>
internal sealed class LogPipe<T>(Pipe<T> up, string name, Func<T, object> extract, ILoggingAdapter log, Attributes.LogLevels levels) : Pipe<T>
{
    private static readonly Attributes.LogLevels Levels = new(LogLevel.DebugLevel, LogLevel.DebugLevel, LogLevel.ErrorLevel);

    private bool _ended;

    public static LogPipe<T> Create(StreamRun run, Pipe<T> up, string name, Func<T, object> extract, ILoggingAdapter log)
        => new(up, name, extract ?? (static element => element), log ?? run.Log, run.Attributes.GetAttribute(Levels));

    public override async ValueTask<bool> PullAsync()
    {
        try
        {
            if (await up.PullAsync().ConfigureAwait(false))
            {
                Current = up.Current;
                if (levels.OnElement != Attributes.LogLevels.Off && log.IsEnabled(levels.OnElement))
                    log.Log(levels.OnElement, null, $"[{name}] Element: {extract(Current)}");
                return true;
            }
        }
        catch (Exception cause)
        {
            End(levels.OnFailure, $"[{name}] Upstream failed.", cause);
            throw;
        }
        End(levels.OnFinish, $"[{name}] Upstream finished.", null);
        return false;
    }

    public override void Cancel(Exception cause)
    {
        End(levels.OnFinish, $"[{name}] Downstream finished.", null);
        up.Cancel(cause);
    }

    private void End(LogLevel level, string message, Exception cause)
    {
        if (Interlocked.Exchange(ref _ended, true) || level == Attributes.LogLevels.Off)
            return;
        log.Log(level, cause, message);
    }
}
