using Akka.Streams.Dsl;
using Akka.Streams.Engine;

namespace Akka.Streams.Stages;

/// <summary>A sink as a loop that ends in a result. However it ends, upstream is cancelled.</summary>
internal static class Sinks
{
    public static Sink<TIn, Task<TResult>> Result<TIn, TResult>(Func<Pipe<TIn>, Task<TResult>> read)
        => new((run, up) =>
        {
            var result = new TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously);
            run.Drive(async () =>
            {
                try
                {
                    var value = await read(up).ConfigureAwait(false);
                    up.Cancel(null);
                    result.TrySetResult(value);
                }
                catch (Exception cause)
                {
                    up.Cancel(cause);
                    result.TrySetException(cause);
                }
            });
            // A stream whose result nobody holds may fail without being an unobserved exception, as in Akka.
            _ = result.Task.ContinueWith(static t => t.Exception, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously);
            return result.Task;
        });
}
