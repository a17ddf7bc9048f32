using Akka.Actor;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Contracts;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.Pipelines;

/// <summary>One pipeline on fakes, in virtual time.</summary>
public abstract class PipelineSpecs(ITestOutputHelper output, string hocon = PipelineSpecs.VirtualTimeHere) : ActorSpecs(output, hocon)
{
    private const string VirtualTimeHere = VirtualTime;

    private protected FakeFactory Factory { get; } = new();

    private protected IActorRef Make(IActorRef? region = null) => Sys.ActorOf(PipelineActor.Props(Factory, Pipeline, Clock, region));

    private protected TimeProvider Clock => new SchedulerTime(Sys.Scheduler);

    private protected virtual PipelineSettings Pipeline => Settings.Of();

    private protected IActorRef Started(IActorRef? region = null)
    {
        var pipeline = Make(region);
        var starter = CreateTestProbe();
        starter.Send(pipeline, new StartPipeline(Settings.Of()));
        starter.ExpectMsg<PipelineStarted>(Soon);
        AwaitCondition(() => !Factory.Source.Opened.IsEmpty, Soon);
        return pipeline;
    }

    /// <summary>Ends the actor and makes it anew, as a crash or a new process on the same journal does.</summary>
    private protected IActorRef Renew(IActorRef pipeline)
    {
        var watcher = CreateTestProbe();
        watcher.Watch(pipeline);
        Sys.Stop(pipeline);
        watcher.ExpectTerminated(pipeline, Soon);
        return Make();
    }

    private protected static PipelineStatus Status(IActorRef pipeline) => pipeline.Ask<PipelineStatus>(AskStatus.Instance, Soon).GetAwaiter().GetResult();
}
