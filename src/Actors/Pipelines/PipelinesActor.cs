using Akka.Actor;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Pipelines;

/// <summary><c>/user/pipelines</c>: one child a pipeline.</summary>
public sealed class PipelinesActor : ReceiveActor
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(3);

    public PipelinesActor(IPipelineFactory factory, TimeProvider clock)
    {
        Receive<StartPipeline>(start =>
        {
            var child = Context.Child(start.Settings.Name);
            if (child.IsNobody()) child = Context.ActorOf(PipelineActor.Props(factory, start.Settings, clock), start.Settings.Name);
            child.Forward(start);
        });
        Receive<GetPipelines>(_ => AskAllAsync([.. Context.GetChildren()]).PipeTo(Sender));
        Receive<WaitForWatermark>(wait =>
        {
            var child = Context.Child(wait.Pipeline);
            if (child.IsNobody()) Sender.Tell(new Status.Failure(new KeyNotFoundException($"no pipeline '{wait.Pipeline}' runs here")));
            else child.Forward(wait);
        });
        Receive<StopPipelines>(_ => StopAllAsync([.. Context.GetChildren()]).PipeTo(Sender));
    }

    public static Props Props(IPipelineFactory factory, TimeProvider clock) => Akka.Actor.Props.Create(() => new PipelinesActor(factory, clock));

    private static async Task<PipelinesAnswer> AskAllAsync(IActorRef[] children) =>
        new(await Task.WhenAll(children.Select(child => child.Ask<PipelineStatus>(AskStatus.Instance, AnswerWithin))));

    private static async Task<PipelinesStopped> StopAllAsync(IActorRef[] children)
    {
        await Task.WhenAll(children.Select(child => child.Ask<PipelinesStopped>(StopPipelines.Instance, TimeSpan.FromSeconds(25))));
        return PipelinesStopped.Instance;
    }
}
