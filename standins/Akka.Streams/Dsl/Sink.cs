using System.Collections.Immutable;
using System.Threading.Channels;
using Akka.Actor;
using Akka.Streams.Engine;
using Akka.Streams.Stages;

namespace Akka.Streams.Dsl;

/// <summary>Makes sinks.</summary>
public static class Sink
{
    /// <summary>Sends each element to an actor without waiting for it, then how the stream ended.</summary>
    public static Sink<TIn, NotUsed> ActorRef<TIn>(IActorRef actorRef, object onCompleteMessage, Func<Exception, object> onFailureMessage)
        => new((run, up) => ActorSinks.Tell(run, up, actorRef, onCompleteMessage, onFailureMessage));

    /// <summary>
    /// Sends each element to an actor once it has acknowledged the one before. The sender of the messages is where acknowledgements go. When the
    /// actor stops, the stream is cancelled. Without a message for failures a <see cref="Status.Failure"/> is sent.
    /// </summary>
    public static Sink<TIn, NotUsed> ActorRefWithAck<TIn>(IActorRef actorRef, object onInitMessage, object ackMessage, object onCompleteMessage, Func<Exception, object> onFailureMessage = null)
        => new((run, up) => ActorSinks.TellWithAck(run, up, actorRef, onInitMessage, ackMessage, onCompleteMessage, onFailureMessage));

    public static Sink<TIn, Task<TOut>> Aggregate<TIn, TOut>(TOut zero, Func<TOut, TIn, TOut> aggregate)
        => Sinks.Result<TIn, TOut>(async up =>
        {
            var state = zero;
            while (await up.PullAsync().ConfigureAwait(false))
                state = aggregate(state, up.Current);
            return state;
        });

    public static Sink<TIn, NotUsed> Cancelled<TIn>()
        => new((_, up) =>
        {
            up.Cancel(null);
            return NotUsed.Instance;
        });

    /// <summary>The first element; fails with <see cref="NoSuchElementException"/> without one.</summary>
    public static Sink<TIn, Task<TIn>> First<TIn>()
        => Sinks.Result<TIn, TIn>(async up => await up.PullAsync().ConfigureAwait(false)
            ? up.Current
            : throw new NoSuchElementException("First of empty stream"));

    public static Sink<TIn, Task<TIn>> FirstOrDefault<TIn>()
        => Sinks.Result<TIn, TIn>(async up => await up.PullAsync().ConfigureAwait(false) ? up.Current : default);

    public static Sink<TIn, Task<Done>> ForEach<TIn>(Action<TIn> action)
        => Sinks.Result<TIn, Done>(async up =>
        {
            while (await up.PullAsync().ConfigureAwait(false))
                action(up.Current);
            return Done.Instance;
        });

    /// <summary>Runs up to so many actions at once.</summary>
    public static Sink<TIn, Task<Done>> ForEachAsync<TIn>(int parallelism, Func<TIn, Task> action)
        => Flow.Create<TIn>().SelectAsyncUnordered(parallelism, async element =>
        {
            await action(element).ConfigureAwait(false);
            return Done.Instance;
        }).ToMaterialized(Ignore<Done>(), Keep.Right);

    public static Sink<TIn, TMat> FromGraph<TIn, TMat>(IGraph<SinkShape<TIn>, TMat> graph)
        => graph as Sink<TIn, TMat> ?? new Sink<TIn, TMat>(graph.Blueprint().Attach);

    /// <summary>Writes to a channel as it has space; an owner also completes it.</summary>
    public static Sink<T, NotUsed> FromWriter<T>(ChannelWriter<T> writer, bool isOwner)
        => Sinks.Result<T, Done>(async up =>
        {
            try
            {
                while (await writer.WaitToWriteAsync().ConfigureAwait(false) && await up.PullAsync().ConfigureAwait(false))
                    await writer.WriteAsync(up.Current).ConfigureAwait(false);
                if (isOwner)
                    writer.TryComplete();
            }
            catch (Exception cause) when (isOwner)
            {
                writer.TryComplete(cause);
            }
            return Done.Instance;
        }).MapMaterializedValue(_ => NotUsed.Instance);

    public static Sink<TIn, Task<Done>> Ignore<TIn>() => ForEach<TIn>(static _ => { });

    /// <summary>The last element; fails with <see cref="NoSuchElementException"/> without one.</summary>
    public static Sink<TIn, Task<TIn>> Last<TIn>()
        => Sinks.Result<TIn, TIn>(async up =>
        {
            if (!await up.PullAsync().ConfigureAwait(false))
                throw new NoSuchElementException("Last of empty stream");
            TIn last;
            do
                last = up.Current;
            while (await up.PullAsync().ConfigureAwait(false));
            return last;
        });

    public static Sink<TIn, NotUsed> OnComplete<TIn>(Action success, Action<Exception> failure)
        => Sinks.Result<TIn, Done>(async up =>
        {
            try
            {
                while (await up.PullAsync().ConfigureAwait(false))
                {
                }
            }
            catch (Exception cause)
            {
                failure(cause);
                return Done.Instance;
            }
            success();
            return Done.Instance;
        }).MapMaterializedValue(_ => NotUsed.Instance);

    /// <summary>Elements pulled from outside; up to 16 are read ahead.</summary>
    public static Sink<TIn, ISinkQueue<TIn>> Queue<TIn>() => new((run, up) => new SinkQueue<TIn>(run, up));

    /// <summary>All elements.</summary>
    public static Sink<TIn, Task<IImmutableList<TIn>>> Seq<TIn>()
        => Sinks.Result<TIn, IImmutableList<TIn>>(async up =>
        {
            var all = ImmutableList.CreateBuilder<TIn>();
            while (await up.PullAsync().ConfigureAwait(false))
                all.Add(up.Current);
            return all.ToImmutable();
        });
}
