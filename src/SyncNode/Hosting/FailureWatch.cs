using Akka.Actor;
using PolyglotSync.Actors.Pipelines;

namespace PolyglotSync.SyncNode.Hosting;

/// <summary>Tells the command of a pipeline that stopped and needs a person.</summary>
internal sealed class FailureWatch : ReceiveActor
{
    public FailureWatch(Action<PipelineFailed> onFailed)
    {
        Receive<PipelineFailed>(onFailed);
    }

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(PipelineFailed));

    public static Props Props(Action<PipelineFailed> onFailed) => Akka.Actor.Props.Create(() => new FailureWatch(onFailed));
}
