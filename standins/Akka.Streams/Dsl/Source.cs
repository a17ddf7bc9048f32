using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Akka.Actor;
using Akka.Streams.Engine;
using Akka.Streams.Stages;
using Akka.Util;

namespace Akka.Streams.Dsl;

/// <summary>Makes sources.</summary>
public static class Source
{
    public static Source<T, NotUsed> ChannelReader<T>(ChannelReader<T> channelReader) => From(() => channelReader.ReadAllAsync());

    public static Source<T, NotUsed> Empty<T>() => From(Array.Empty<T>());

    public static Source<T, NotUsed> Failed<T>(Exception cause) => FromTask(Task.FromException<T>(cause));

    /// <summary>The elements of a fresh enumerator for each materialization.</summary>
    public static Source<T, NotUsed> From<T>(IEnumerable<T> enumerable) => Steps(_ => Enumerate(enumerable));

    /// <summary>The elements of a fresh asynchronous enumerator; when the stream is cancelled its token is, and it is disposed.</summary>
    public static Source<T, NotUsed> From<T>(Func<IAsyncEnumerable<T>> asyncEnumerable) => Steps(_ => asyncEnumerable());

    public static Source<T, TMat> FromGraph<T, TMat>(IGraph<SourceShape<T>, TMat> source)
    {
        if (source is Source<T, TMat> same)
            return same;
        var inner = source.Blueprint();
        return new Source<T, TMat>(run =>
        {
            var value = inner.Start(run, out var output);
            return (output, value);
        });
    }

    public static Source<T, NotUsed> FromTask<T>(Task<T> task) => Steps(_ => Await(task));

    /// <summary>One element, none or a failure, decided from outside through the materialized promise; its default value stands for none.</summary>
    public static Source<T, TaskCompletionSource<T>> Maybe<T>()
        => new(run =>
        {
            var promise = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
            var output = new IteratorPipe<T>(run, _ => SomeOf(promise.Task), _ => promise.TrySetResult(default));
            return (output, promise);
        });

    public static Source<T, NotUsed> Never<T>() => Steps(stop => Await(Forever<T>(stop)));

    /// <summary>Elements offered from outside, buffered as the strategy says; size 0 hands each over directly.</summary>
    public static Source<T, ISourceQueueWithComplete<T>> Queue<T>(int bufferSize, OverflowStrategy overflowStrategy)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bufferSize);
        return new Source<T, ISourceQueueWithComplete<T>>(_ =>
        {
            var queue = new QueuePipe<T>(bufferSize, overflowStrategy);
            return (queue, queue);
        });
    }

    public static Source<T, NotUsed> Repeat<T>(T element) => Unfold(element, e => Option<(T, T)>.Create((e, e)));

    public static Source<T, NotUsed> Single<T>(T element) => From([element]);

    /// <summary>The element again and again; a tick that nobody waits for is dropped. Cancelling completes the stream.</summary>
    public static Source<T, ICancelable> Tick<T>(TimeSpan initialDelay, TimeSpan interval, T tick)
        => new(run =>
        {
            var ticker = new Ticker<T>(run.Materializer.System.Scheduler);
            var @switch = new Switch();
            ticker.Handle.Token.Register(() => @switch.Fire(null));
            var steps = new IteratorPipe<T>(run, stop => Ticker<T>.Run(initialDelay, interval, tick, stop), null);
            return (new SwitchPipe<T>(steps, @switch), ticker.Handle);
        });

    public static Source<TElem, NotUsed> Unfold<TState, TElem>(TState state, Func<TState, Option<ValueTuple<TState, TElem>>> unfold)
        => UnfoldAsync(state, s => Task.FromResult(unfold(s)));

    public static Source<TElem, NotUsed> UnfoldAsync<TState, TElem>(TState state, Func<TState, Task<Option<ValueTuple<TState, TElem>>>> unfoldAsync)
        => Steps(_ => Unfolding(state, unfoldAsync));

    private static Source<T, NotUsed> Steps<T>(Func<CancellationToken, IAsyncEnumerable<T>> body)
        => new(run => (new IteratorPipe<T>(run, body, null), NotUsed.Instance));

    private static async IAsyncEnumerable<T> Enumerate<T>(IEnumerable<T> elements)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var element in elements)
            yield return element;
    }

    private static async IAsyncEnumerable<T> Await<T>(Task<T> task)
    {
        yield return await task.ConfigureAwait(false);
    }

    private static async IAsyncEnumerable<T> SomeOf<T>(Task<T> task)
    {
        var value = await task.ConfigureAwait(false);
        if (!EqualityComparer<T>.Default.Equals(value, default))
            yield return value;
    }

    private static async Task<T> Forever<T>(CancellationToken stop)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, stop).ConfigureAwait(false);
        return default;
    }

    private static async IAsyncEnumerable<TElem> Unfolding<TState, TElem>(TState state, Func<TState, Task<Option<(TState, TElem)>>> unfold)
    {
        while (true)
        {
            var next = await unfold(state).ConfigureAwait(false);
            if (!next.HasValue)
                yield break;
            (state, var element) = next.Value;
            yield return element;
        }
    }
}

/// <summary>Sources from channels.</summary>
public static class ChannelSource
{
    public static Source<T, NotUsed> FromReader<T>(ChannelReader<T> reader) => Source.ChannelReader(reader);
}
