using Akka.Actor;
using Akka.Event;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Capture;

/// <summary><c>/user/captures</c>: one child a capture. A child that crashes (a bug in it) is restarted, and goes on from the last cut that the topics hold.</summary>
public sealed class CapturesActor : ReceiveActor
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(25);

    private readonly Func<PipelineSettings, ICapture> _create;
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, IActorRef> _captures = [];
    private readonly Dictionary<string, IActorRef> _ending = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public CapturesActor(Func<PipelineSettings, ICapture> create, TimeProvider clock)
    {
        (_create, _clock) = (create, clock);
        Receive<StartCapture>(Start);
        Receive<EndCapture>(End);
        Receive<Drained>(drained => Context.Stop(drained.Actor));
        Receive<Terminated>(OnEnded);
        Receive<GetPipelines>(_ => AskAllAsync([.. _captures.Values]).PipeTo(Sender));
        Receive<WaitForWatermark>(wait => Forward(wait.Pipeline, wait));
        Receive<ResumePipeline>(resume => Forward(resume.Pipeline, resume));
        Receive<RestartPipeline>(restart => Forward(restart.Pipeline, restart));
        Receive<StopPipelines>(_ => StopAllAsync([.. _captures.Values]).PipeTo(Sender));
    }

    public static Props Props(Func<PipelineSettings, ICapture> create, TimeProvider clock) => Akka.Actor.Props.Create(() => new CapturesActor(create, clock));

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(exception =>
    {
        _log.Error(exception, "Capture {0} failed unexpectedly", Sender.Path.Name);
        return Directive.Restart;
    });

    private void Start(StartCapture start)
    {
        var name = start.Settings.Name;
        if (_captures.TryGetValue(name, out var capture)) capture.Forward(start);
        else _captures[name] = Context.ActorOf(CaptureActor.Props(_create, start.Settings, _clock), name);
    }

    private void End(EndCapture end)
    {
        if (!_captures.TryGetValue(end.Pipeline, out var capture))
        {
            Sender.Tell(new CaptureEnded(end.Pipeline));
            return;
        }
        if (!_ending.TryAdd(end.Pipeline, Sender))
        {
            Sender.Tell(new Status.Failure(new InvalidOperationException($"the capture of '{end.Pipeline}' is just being ended; try again")));
            return;
        }
        Context.Watch(capture);
        var drained = new Drained(capture);
        capture.Ask<PipelinesStopped>(StopPipelines.Instance, StopWithin).PipeTo(Self, success: _ => drained, failure: _ => drained);
    }

    private void OnEnded(Terminated ended)
    {
        var name = ended.ActorRef.Path.Name;
        _captures.Remove(name);
        if (_ending.Remove(name, out var asker)) asker.Tell(new CaptureEnded(name));
    }

    private void Forward(string pipeline, object message)
    {
        if (!_captures.TryGetValue(pipeline, out var capture)) Sender.Tell(new Status.Failure(new KeyNotFoundException($"nothing is captured here for a pipeline '{pipeline}'")));
        else if (_ending.ContainsKey(pipeline)) Sender.Tell(new Status.Failure(new InvalidOperationException($"the capture of '{pipeline}' is just being ended; try again")));
        else capture.Forward(message);
    }

    private static async Task<PipelinesAnswer> AskAllAsync(IActorRef[] captures) => new(await Task.WhenAll(captures.Select(c => c.Ask<PipelineStatus>(AskStatus.Instance, AnswerWithin))));

    private static async Task<PipelinesStopped> StopAllAsync(IActorRef[] captures)
    {
        await Task.WhenAll(captures.Select(c => c.Ask<PipelinesStopped>(StopPipelines.Instance, StopWithin)));
        return PipelinesStopped.Instance;
    }

    private sealed record Drained(IActorRef Actor);
}
