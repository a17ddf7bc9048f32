using Akka.Streams.Engine;

namespace Akka.Streams.Stages;

/// <summary>Operators with more than one upstream.</summary>
internal static class Joining
{
    /// <summary>The second after the first. Its first element is asked for at once, and held until it is its turn.</summary>
    public static Pipe<T> Concat<T>(StreamRun run, Pipe<T> first, Pipe<T> second)
    {
        return new IteratorPipe<T>(run, _ => EmitAsync(), cause =>
        {
            first.Cancel(cause);
            second.Cancel(cause);
        });

        async IAsyncEnumerable<T> EmitAsync()
        {
            var ahead = second.PullAsync().AsTask();
            while (await first.PullAsync().ConfigureAwait(false))
                yield return first.Current;
            while (await ahead.ConfigureAwait(false))
            {
                var element = second.Current;
                ahead = second.PullAsync().AsTask();
                yield return element;
            }
        }
    }

    /// <summary>One source after another; the next is made when the last is complete.</summary>
    public static Pipe<TOut> ConcatMany<TIn, TOut>(StreamRun run, Pipe<TIn> up, Func<TIn, Pipe<TOut>> start)
    {
        var inner = new Current<TOut>();
        return new IteratorPipe<TOut>(run, _ => EmitAsync(), cause =>
        {
            up.Cancel(cause);
            inner.Cancel(cause);
        });

        async IAsyncEnumerable<TOut> EmitAsync()
        {
            while (await up.PullAsync().ConfigureAwait(false))
            {
                var part = inner.Set(start(up.Current));
                while (await part.PullAsync().ConfigureAwait(false))
                    yield return part.Current;
            }
        }
    }

    /// <summary>Whichever has an element; taking turns when both have. One element of each side is read ahead.</summary>
    public static Pipe<TOut> Merge<TOut>(StreamRun run, Pipe<TOut>[] sides, bool eagerComplete)
    {
        return new IteratorPipe<TOut>(run, _ => EmitAsync(), cause =>
        {
            foreach (var side in sides)
                side.Cancel(cause);
        });

        async IAsyncEnumerable<TOut> EmitAsync()
        {
            var pulls = sides.Select(side => side.PullAsync().AsTask()).ToArray();
            var open = pulls.Length;
            for (var turn = 0; open > 0; turn++)
            {
                await Task.WhenAny(pulls.Where(p => p != null)).ConfigureAwait(false);
                while (pulls[turn % pulls.Length] is not { IsCompleted: true })
                    turn++;
                var at = turn % pulls.Length;
                if (await pulls[at].ConfigureAwait(false))
                {
                    var element = sides[at].Current;
                    pulls[at] = sides[at].PullAsync().AsTask();
                    yield return element;
                }
                else
                {
                    pulls[at] = null;
                    open = eagerComplete ? 0 : open - 1;
                }
            }
        }
    }

    /// <summary>The inner pipe of the moment. A cancel reaches also one that is set after it.</summary>
    internal sealed class Current<T>
    {
        private readonly Lock _gate = new();
        private Pipe<T> _pipe;
        private Exception _cause;
        private bool _cancelled;

        public Pipe<T> Set(Pipe<T> pipe)
        {
            bool late;
            lock (_gate)
            {
                _pipe = pipe;
                late = _cancelled;
            }
            if (late)
                pipe.Cancel(_cause);
            return pipe;
        }

        public void Cancel(Exception cause)
        {
            Pipe<T> pipe;
            lock (_gate)
            {
                (_cancelled, _cause) = (true, cause);
                pipe = _pipe;
            }
            pipe?.Cancel(cause);
        }
    }
}
