using Akka.Streams.Engine;

namespace Akka.Streams.Stages;

/// <summary>Operators that read ahead of demand, up to their size.</summary>
internal static class Buffering
{
    public static Pipe<T> Buffer<T>(StreamRun run, Pipe<T> up, int size, OverflowStrategy strategy)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        var buffer = new Handover<T>(size);
        run.Drive(ReadAsync);
        return new IteratorPipe<T>(run, _ => EmitAsync(buffer), cause =>
        {
            up.Cancel(cause);
            buffer.Close();
        });

        async Task ReadAsync()
        {
            try
            {
                while ((strategy != OverflowStrategy.Backpressure || await buffer.WaitForSpaceAsync().ConfigureAwait(false))
                       && await up.PullAsync().ConfigureAwait(false))
                    if (!buffer.TryPut(up.Current, strategy))
                        throw new BufferOverflowException($"Buffer overflow (max capacity was {size})");
                buffer.Complete();
            }
            catch (Exception cause)
            {
                up.Cancel(cause);
                buffer.Fail(cause);
            }
        }
    }

    /// <summary>Folds what arrives while downstream is busy into one element, up to a cost; then it stops reading.</summary>
    public static Pipe<TOut> Batch<TIn, TOut>(StreamRun run, Pipe<TIn> up, long max, Func<TIn, long> cost, Func<TIn, TOut> seed, Func<TOut, TIn, TOut> aggregate)
    {
        var gate = new Lock();
        var batches = new Handover<Cell<TOut>>(1);
        Cell<TOut> open = null;
        run.Drive(ReadAsync);
        return new IteratorPipe<TOut>(run, _ => EmitBatchesAsync(), cause =>
        {
            up.Cancel(cause);
            batches.Close();
        });

        async Task ReadAsync()
        {
            try
            {
                while (await up.PullAsync().ConfigureAwait(false))
                {
                    var element = up.Current;
                    if (TryAdd(element))
                        continue;
                    if (!await batches.WaitForSpaceAsync().ConfigureAwait(false))
                        return;
                    var cell = new Cell<TOut> { Value = seed(element), Left = max - cost(element) };
                    lock (gate)
                        open = cell;
                    batches.Put(cell);
                }
                batches.Complete();
            }
            catch (Exception cause)
            {
                up.Cancel(cause);
                batches.Fail(cause);
            }
        }

        bool TryAdd(TIn element)
        {
            lock (gate)
            {
                var price = cost(element);
                if (open == null || open.Left < price)
                    return false;
                open.Value = aggregate(open.Value, element);
                open.Left -= price;
                return true;
            }
        }

        async IAsyncEnumerable<TOut> EmitBatchesAsync()
        {
            while (await batches.WaitForItemAsync().ConfigureAwait(false))
            {
                Cell<TOut> batch;
                lock (gate)
                    open = null;
                batch = batches.Take();
                yield return batch.Value;
            }
        }
    }

    private static async IAsyncEnumerable<T> EmitAsync<T>(Handover<T> buffer)
    {
        while (await buffer.WaitForItemAsync().ConfigureAwait(false))
            yield return buffer.Take();
    }

    private sealed class Cell<T>
    {
        public T Value;
        public long Left;
    }
}
