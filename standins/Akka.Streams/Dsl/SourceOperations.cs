using Akka.Event;
using Akka.Streams.Engine;
using Akka.Streams.Stages;
using Akka.Util;

namespace Akka.Streams.Dsl;

/// <summary>The operators of a source. Those that read ahead say so.</summary>
public static class SourceOperations
{
    public static Source<TOut2, TMat> Aggregate<TOut1, TOut2, TMat>(this Source<TOut1, TMat> flow, TOut2 zero, Func<TOut2, TOut1, TOut2> fold)
        => flow.Linear((run, up) => Linear.Steps(run, up, p => Linear.Aggregate(p, zero, fold)));

    /// <summary>Folds up to so many elements into one while downstream is busy.</summary>
    public static Source<TOut2, TMat> Batch<TOut, TOut2, TMat>(this Source<TOut, TMat> flow, long max, Func<TOut, TOut2> seed, Func<TOut2, TOut, TOut2> aggregate)
        => flow.Linear((run, up) => Buffering.Batch(run, up, max, static _ => 1, seed, aggregate));

    /// <summary>Folds elements up to a total cost into one while downstream is busy.</summary>
    public static Source<TOut2, TMat> BatchWeighted<TOut, TOut2, TMat>(this Source<TOut, TMat> flow, long max, Func<TOut, long> costFunction, Func<TOut, TOut2> seed, Func<TOut2, TOut, TOut2> aggregate)
        => flow.Linear((run, up) => Buffering.Batch(run, up, max, costFunction, seed, aggregate));

    /// <summary>Reads up to so many elements ahead.</summary>
    public static Source<TOut, TMat> Buffer<TOut, TMat>(this Source<TOut, TMat> flow, int size, OverflowStrategy strategy)
        => flow.Linear((run, up) => Buffering.Buffer(run, up, size, strategy));

    public static Source<TOut2, TMat> Collect<TOut1, TOut2, TMat>(this Source<TOut1, TMat> flow, Func<TOut1, bool> isDefined, Func<TOut1, TOut2> collector)
        => flow.Linear((run, up) => Linear.Steps(run, up, p => Linear.Collect(p, isDefined, collector)));

    /// <summary>The elements of one source after another.</summary>
    public static Source<TOut2, TMat> ConcatMany<TOut1, TOut2, TMat>(this Source<TOut1, TMat> flow, Func<TOut1, IGraph<SourceShape<TOut2>, TMat>> flatten)
        => flow.Linear((run, up) => Joining.ConcatMany(run, up, element => run.Start(flatten(element))));

    public static Source<TOut, TMat> Concat<TOut, TMat>(this Source<TOut, TMat> flow, IGraph<SourceShape<TOut>, TMat> other)
        => flow.Linear((run, up) => Joining.Concat(run, up, run.Start(other)));

    /// <summary>Folds elements into one for as long as downstream is busy.</summary>
    public static Source<TOut, TMat> Conflate<TOut, TMat>(this Source<TOut, TMat> flow, Func<TOut, TOut, TOut> aggregate)
        => flow.Linear((run, up) => Buffering.Batch(run, up, long.MaxValue, static _ => 0, static first => first, aggregate));

    public static Source<TSeed, TMat> ConflateWithSeed<TOut, TMat, TSeed>(this Source<TOut, TMat> flow, Func<TOut, TSeed> seed, Func<TSeed, TOut, TSeed> aggregate)
        => flow.Linear((run, up) => Buffering.Batch(run, up, long.MaxValue, static _ => 0, seed, aggregate));

    public static Source<IEnumerable<TOut>, TMat> Grouped<TOut, TMat>(this Source<TOut, TMat> flow, int n)
        => flow.Linear((run, up) => Linear.Steps(run, up, p => Linear.Grouped(p, n)));

    /// <summary>Groups of so many, or of what came within the time.</summary>
    public static Source<IEnumerable<TOut>, TMat> GroupedWithin<TOut, TMat>(this Source<TOut, TMat> flow, int n, TimeSpan timeout)
        => flow.Linear((run, up) => Timed.GroupedWithin(run, up, n, timeout));

    /// <summary>Logs elements and the end, at debug and failures at error unless attributes say otherwise.</summary>
    public static Source<TOut, TMat> Log<TOut, TMat>(this Source<TOut, TMat> flow, string name, Func<TOut, object> extract = null, ILoggingAdapter log = null)
        => flow.Linear((run, up) => LogPipe<TOut>.Create(run, up, name, extract, log));

    public static Source<TOut2, TMat> Merge<TOut1, TOut2, TMat>(this Source<TOut1, TMat> flow, IGraph<SourceShape<TOut2>, TMat> other, bool eagerComplete = false)
        where TOut1 : TOut2
        => flow.Linear((run, up) => Joining.Merge(run, [Linear.Steps(run, up, p => Linear.Select(p, static e => (TOut2)e)), run.Start(other)], eagerComplete));

    /// <summary>A last element instead of a failure.</summary>
    public static Source<TOut, TMat> Recover<TOut, TMat>(this Source<TOut, TMat> flow, Func<Exception, Option<TOut>> partialFunc)
        => flow.Linear((run, up) => Linear.Steps(run, up, p => Recovering.Recover(p, partialFunc)));

    /// <summary>Another source instead of a failure, so many times; -1 is without end.</summary>
    public static Source<TOut, TMat> RecoverWithRetries<TOut, TMat>(this Source<TOut, TMat> flow, Func<Exception, IGraph<SourceShape<TOut>, TMat>> partialFunc, int attempts)
        => flow.Linear((run, up) => Recovering.RecoverWithRetries(run, up, cause => partialFunc(cause) is { } next ? run.Start(next) : null, attempts));

    public static Source<TOut2, TMat> Scan<TOut1, TOut2, TMat>(this Source<TOut1, TMat> flow, TOut2 zero, Func<TOut2, TOut1, TOut2> scan)
        => flow.Linear((run, up) => Linear.Steps(run, up, p => Linear.Scan(p, zero, scan)));

    public static Source<TOut, TMat> Select<TIn, TOut, TMat>(this Source<TIn, TMat> flow, Func<TIn, TOut> mapper)
        => flow.Linear((run, up) => Linear.Steps(run, up, p => Linear.Select(p, mapper)));

    /// <summary>Runs up to so many tasks at once; results come in the order of the elements.</summary>
    public static Source<TOut, TMat> SelectAsync<TIn, TOut, TMat>(this Source<TIn, TMat> flow, int parallelism, Func<TIn, Task<TOut>> asyncMapper)
        => flow.Linear((run, up) => Concurrent.SelectAsync(run, up, parallelism, asyncMapper));

    /// <summary>Runs up to so many tasks at once; results come as they are ready.</summary>
    public static Source<TOut, TMat> SelectAsyncUnordered<TIn, TOut, TMat>(this Source<TIn, TMat> flow, int parallelism, Func<TIn, Task<TOut>> asyncMapper)
        => flow.Linear((run, up) => Concurrent.SelectAsyncUnordered(run, up, parallelism, asyncMapper));

    public static Source<TOut, TMat> SelectError<TOut, TMat>(this Source<TOut, TMat> flow, Func<Exception, Exception> selector)
        => flow.Linear((run, up) => Linear.Steps(run, up, p => Recovering.SelectError(p, selector)));

    public static Source<TOut2, TMat> SelectMany<TOut1, TOut2, TMat>(this Source<TOut1, TMat> flow, Func<TOut1, IEnumerable<TOut2>> mapConcater)
        => flow.Linear((run, up) => Linear.Steps(run, up, p => Linear.SelectMany(p, mapConcater)));

    public static Source<TOut, TMat> Skip<TOut, TMat>(this Source<TOut, TMat> flow, long n)
        => flow.Linear((run, up) => Linear.Steps(run, up, p => Linear.Skip(p, n)));

    /// <summary>A mapper with state, made anew for each materialization.</summary>
    public static Source<TOut2, TMat> StatefulSelectMany<TOut1, TOut2, TMat>(this Source<TOut1, TMat> flow, Func<Func<TOut1, IEnumerable<TOut2>>> mapConcaterFactory)
        => flow.Linear((run, up) => Linear.Steps(run, up, p => Linear.SelectMany(p, mapConcaterFactory())));

    public static Source<TOut, TMat> Take<TOut, TMat>(this Source<TOut, TMat> flow, long n)
        => flow.Linear((run, up) => Linear.Steps(run, up, p => Linear.Take(p, n)));

    public static Source<TOut, TMat> TakeWhile<TOut, TMat>(this Source<TOut, TMat> flow, Predicate<TOut> predicate, bool inclusive = false)
        => flow.Linear((run, up) => Linear.Steps(run, up, p => Linear.TakeWhile(p, predicate, inclusive)));

    public static Source<TOut, TMat> Where<TOut, TMat>(this Source<TOut, TMat> flow, Predicate<TOut> predicate)
        => flow.Linear((run, up) => Linear.Steps(run, up, p => Linear.Where(p, predicate)));

    public static Source<TOut, TMat> WhereNot<TOut, TMat>(this Source<TOut, TMat> flow, Predicate<TOut> predicate)
        => flow.Linear((run, up) => Linear.Steps(run, up, p => Linear.Where(p, e => !predicate(e))));

    /// <summary>Shows each element to an action on its way.</summary>
    public static Source<TOut, TMat> WireTap<TOut, TMat>(this Source<TOut, TMat> flow, Action<TOut> action)
        => flow.Linear((run, up) => Linear.Steps(run, up, p => Linear.WireTap(p, action)));

    /// <summary>Adds a task that ends as the stream does at this place; it is done, not failed, when downstream has enough.</summary>
    public static Source<TOut, TMat2> WatchTermination<TOut, TMat, TMat2>(this Source<TOut, TMat> flow, Func<TMat, Task<Done>, TMat2> materializerFunction)
        => flow.ViaMaterialized(WatchPipe<TOut>.Flow(), materializerFunction);
}
