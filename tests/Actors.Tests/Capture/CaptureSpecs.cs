using System.Collections.Concurrent;
using Akka.Actor;
using PolyglotSync.Actors.Capture;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Actors.Tests.Fakes;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.Capture;

/// <summary>Captures on fakes, in virtual time.</summary>
public abstract class CaptureSpecs(ITestOutputHelper output) : ActorSpecs(output, VirtualTime)
{
    private readonly ConcurrentQueue<FakeCapture> _made = new();

    /// <summary>How the captures to come are made.</summary>
    private protected Func<FakeCapture> Make { get; set; } = () => new FakeCapture();

    private protected int Made => _made.Count;

    private protected FakeCapture Last => _made.Last();

    private protected virtual LimitSettings Limits => new() { Buckets = 4 };

    private protected PipelineSettings Pipeline(string name = "shop") => Settings.Of(name, Limits);

    private protected IActorRef Start(params string[] names)
    {
        var captures = Sys.ActorOf(CapturesActor.Props(_ => MakeOne(), new SchedulerTime(Sys.Scheduler)), "captures");
        foreach (var name in names.DefaultIfEmpty("shop"))
        {
            var before = Made;
            captures.Tell(new StartCapture(Pipeline(name)));
            AwaitCondition(() => Made > before, Soon);
        }
        return captures;
    }

    private protected static PipelineStatus[] All(IActorRef captures) =>
        [.. captures.Ask<PipelinesAnswer>(GetPipelines.Instance, Soon).GetAwaiter().GetResult().Pipelines.OrderBy(p => p.Name, StringComparer.Ordinal)];

    private protected IActorRef Child(string name) => Sys.ActorSelection($"/user/captures/{name}").ResolveOne(Soon).GetAwaiter().GetResult();

    private protected static PipelineStatus Status(IActorRef captures) => All(captures).ShouldHaveSingleItem();

    private FakeCapture MakeOne()
    {
        var capture = Make();
        _made.Enqueue(capture);
        return capture;
    }
}
