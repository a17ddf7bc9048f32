using Akka.Streams.Engine;

namespace Akka.Streams.Stages;

/// <summary>Operators that run up to a number of tasks at once. An element counts from the pull until it is emitted.</summary>
internal static class Concurrent
{
    public static Pipe<TOut> SelectAsync<TIn, TOut>(StreamRun run, Pipe<TIn> up, int parallelism, Func<TIn, Task<TOut>> mapper)
        => Create<TIn, TOut>(run, up, parallelism, mapper, ordered: true);

    public static Pipe<TOut> SelectAsyncUnordered<TIn, TOut>(StreamRun run, Pipe<TIn> up, int parallelism, Func<TIn, Task<TOut>> mapper)
        => Create<TIn, TOut>(run, up, parallelism, mapper, ordered: false);

    private static Pipe<TOut> Create<TIn, TOut>(StreamRun run, Pipe<TIn> up, int parallelism, Func<TIn, Task<TOut>> mapper, bool ordered)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parallelism, 1);
        var slots = new SemaphoreSlim(parallelism);
        var results = new Handover<Task<TOut>>(int.MaxValue);
        var running = 1;

        run.Drive(ReadAsync);
        return new IteratorPipe<TOut>(run, _ => EmitAsync(), cause =>
        {
            up.Cancel(cause);
            results.Close();
            slots.Release();
        });

        async Task ReadAsync()
        {
            try
            {
                while (true)
                {
                    await slots.WaitAsync().ConfigureAwait(false);
                    if (!await up.PullAsync().ConfigureAwait(false))
                        break;
                    Interlocked.Increment(ref running);
                    var task = mapper(up.Current);
                    if (ordered)
                        results.Put(task);
                    // A failed task fails the stream at once, also from behind slower ones.
                    if (task.IsCompleted)
                        Done(task);
                    else
                        _ = task.ContinueWith(Done, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                }
                Leave();
            }
            catch (Exception cause)
            {
                results.Fail(cause);
            }
        }

        void Done(Task<TOut> task)
        {
            if (!task.IsCompletedSuccessfully)
                results.Fail(task.Exception?.InnerException ?? new TaskCanceledException(task));
            else if (!ordered)
                results.Put(task);
            Leave();
        }

        void Leave()
        {
            if (Interlocked.Decrement(ref running) == 0)
                results.Complete();
        }

        async IAsyncEnumerable<TOut> EmitAsync()
        {
            while (await results.WaitForItemAsync().ConfigureAwait(false))
            {
                var head = results.Take();
                if (!head.IsCompleted)
                    await Task.WhenAny(head, results.Failed).ConfigureAwait(false);
                results.ThrowIfFailed();
                var value = await head.ConfigureAwait(false);
                slots.Release();
                yield return value;
            }
        }
    }
}
