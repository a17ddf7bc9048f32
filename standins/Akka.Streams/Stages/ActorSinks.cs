using System.Threading.Channels;
using Akka.Actor;
using Akka.Streams.Engine;

namespace Akka.Streams.Stages;

/// <summary>Sinks that hand elements to an actor.</summary>
internal static class ActorSinks
{
    private static readonly Attributes.InputBuffer DefaultBuffer = new(16, 16);

    public static NotUsed Tell<T>(StreamRun run, Pipe<T> up, IActorRef target, object onComplete, Func<Exception, object> onFailure)
    {
        run.Drive(() => SendAsync(run, up, target, onComplete, onFailure, init: null, ack: null));
        return NotUsed.Instance;
    }

    public static NotUsed TellWithAck<T>(StreamRun run, Pipe<T> up, IActorRef target, object onInit, object ack, object onComplete, Func<Exception, object> onFailure)
    {
        // it reads ahead of the acknowledgements, as every stage behind a boundary does
        var buffered = Buffering.Buffer(run, up, run.Attributes.GetAttribute(DefaultBuffer).Max, OverflowStrategy.Backpressure);
        run.Drive(() => SendAsync(run, buffered, target, onComplete, onFailure ?? (cause => new Status.Failure(cause)), onInit, ack));
        return NotUsed.Instance;
    }

    private static async Task SendAsync<T>(StreamRun run, Pipe<T> up, IActorRef target, object onComplete, Func<Exception, object> onFailure, object init, object ack)
    {
        var acks = Channel.CreateUnbounded<bool>();
        var system = (ExtendedActorSystem)run.Materializer.System;
        var self = system.SystemActorOf(Props.Create(() => new Partner(target, ack, acks.Writer, up.Cancel)), $"stream-to-actor-{Guid.NewGuid():n}");
        try
        {
            if (ack != null)
                target.Tell(init, self);
            while ((ack == null || await acks.Reader.WaitToReadAsync().ConfigureAwait(false) && acks.Reader.TryRead(out _))
                   && await up.PullAsync().ConfigureAwait(false))
                target.Tell(up.Current, self);
            if (!acks.Reader.Completion.IsCompleted)
                target.Tell(onComplete, self);
        }
        catch (Exception cause)
        {
            target.Tell(onFailure(cause), self);
        }
        finally
        {
            up.Cancel(null);
            system.Stop(self);
        }
    }

    /// <summary>The sender of the elements: takes acknowledgements and watches the target.</summary>
    private sealed class Partner(IActorRef target, object ack, ChannelWriter<bool> acks, Action<Exception> cancel) : UntypedActor
    {
        protected override void PreStart() => Context.Watch(target);

        protected override void OnReceive(object message)
        {
            if (message is Terminated)
            {
                acks.TryComplete();
                cancel(null);
            }
            else if (Equals(message, ack))
                acks.TryWrite(true);
            else
                Unhandled(message);
        }
    }
}
