using Akka.Streams.Engine;

namespace Akka.Streams.Stages;

/// <summary>Operators that hold at most the element in hand.</summary>
internal static class Linear
{
    public static Pipe<TOut> Steps<TIn, TOut>(StreamRun run, Pipe<TIn> up, Func<Pipe<TIn>, IAsyncEnumerable<TOut>> steps)
        => new IteratorPipe<TOut>(run, _ => steps(up), up.Cancel);

    public static async IAsyncEnumerable<TOut> Select<TIn, TOut>(Pipe<TIn> up, Func<TIn, TOut> mapper)
    {
        while (await up.PullAsync().ConfigureAwait(false))
            yield return mapper(up.Current);
    }

    public static async IAsyncEnumerable<T> Where<T>(Pipe<T> up, Predicate<T> predicate)
    {
        while (await up.PullAsync().ConfigureAwait(false))
            if (predicate(up.Current))
                yield return up.Current;
    }

    public static async IAsyncEnumerable<TOut> SelectMany<TIn, TOut>(Pipe<TIn> up, Func<TIn, IEnumerable<TOut>> mapper)
    {
        while (await up.PullAsync().ConfigureAwait(false))
            foreach (var one in mapper(up.Current))
                yield return one;
    }

    public static async IAsyncEnumerable<T> Take<T>(Pipe<T> up, long n)
    {
        for (var left = n; left > 0 && await up.PullAsync().ConfigureAwait(false); left--)
        {
            // The last element completes the stream with it, not at the next demand.
            if (left == 1)
                up.Cancel(null);
            yield return up.Current;
        }
    }

    public static async IAsyncEnumerable<T> TakeWhile<T>(Pipe<T> up, Predicate<T> predicate, bool inclusive)
    {
        while (await up.PullAsync().ConfigureAwait(false))
        {
            var wanted = predicate(up.Current);
            if (wanted || inclusive)
                yield return up.Current;
            if (!wanted)
                yield break;
        }
    }

    public static async IAsyncEnumerable<T> Skip<T>(Pipe<T> up, long n)
    {
        while (await up.PullAsync().ConfigureAwait(false))
            if (n > 0)
                n--;
            else
                yield return up.Current;
    }

    public static async IAsyncEnumerable<IEnumerable<T>> Grouped<T>(Pipe<T> up, int n)
    {
        var group = new List<T>();
        while (await up.PullAsync().ConfigureAwait(false))
        {
            group.Add(up.Current);
            if (group.Count < n)
                continue;
            yield return group;
            group = [];
        }
        if (group.Count > 0)
            yield return group;
    }

    public static async IAsyncEnumerable<TOut> Scan<TIn, TOut>(Pipe<TIn> up, TOut zero, Func<TOut, TIn, TOut> scan)
    {
        yield return zero;
        while (await up.PullAsync().ConfigureAwait(false))
            yield return zero = scan(zero, up.Current);
    }

    public static async IAsyncEnumerable<T> WireTap<T>(Pipe<T> up, Action<T> action)
    {
        while (await up.PullAsync().ConfigureAwait(false))
        {
            action(up.Current);
            yield return up.Current;
        }
    }

    public static async IAsyncEnumerable<TOut> Collect<TIn, TOut>(Pipe<TIn> up, Func<TIn, bool> isDefined, Func<TIn, TOut> collector)
    {
        while (await up.PullAsync().ConfigureAwait(false))
            if (isDefined(up.Current))
                yield return collector(up.Current);
    }

    public static async IAsyncEnumerable<TOut> Aggregate<TIn, TOut>(Pipe<TIn> up, TOut zero, Func<TOut, TIn, TOut> fold)
    {
        while (await up.PullAsync().ConfigureAwait(false))
            zero = fold(zero, up.Current);
        yield return zero;
    }
}
