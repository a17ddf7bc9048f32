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
    private readonly Dictionary<string, (PipelineSettings Settings, IActorRef Actor)> _captures = [];
    private readonly Dictionary<string, Ending> _ending = [];
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
        Receive<StopPipelines>(_ => StopAllAsync([.. _captures.Values.Select(c => c.Actor)]).PipeTo(Sender));
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
        // one that is just being ended begins anew once nothing of it runs
        if (_ending.TryGetValue(name, out var ending)) _ending[name] = ending with { Next = start };
        else if (_captures.TryGetValue(name, out var known)) known.Actor.Forward(start);
        else _captures[name] = (start.Settings, Context.ActorOf(CaptureActor.Props(_create, start.Settings, _clock), name));
    }

    private void End(EndCapture end)
    {
        if (!_captures.TryGetValue(end.Pipeline, out var known))
        {
            Sender.Tell(new CaptureEnded(end.Pipeline));
            return;
        }
        if (!_ending.TryAdd(end.Pipeline, new Ending(Sender, null)))
        {
            Sender.Tell(new Status.Failure(new InvalidOperationException($"the capture of '{end.Pipeline}' is just being ended; try again")));
            return;
        }
        Context.Watch(known.Actor);
        var drained = new Drained(known.Actor);
        known.Actor.AskWithinAsync<PipelinesStopped>(StopPipelines.Instance, StopWithin, _clock).PipeTo(Self, success: _ => drained, failure: _ => drained);
    }

    private void OnEnded(Terminated ended)
    {
        var name = ended.ActorRef.Path.Name;
        _captures.Remove(name);
        if (!_ending.Remove(name, out var ending)) return;
        ending.Asker.Tell(new CaptureEnded(name));
        if (ending.Next is { } next) Start(next);
    }

    private void Forward(string pipeline, object message)
    {
        if (!_captures.TryGetValue(pipeline, out var known)) Sender.Tell(new Status.Failure(new KeyNotFoundException($"nothing is captured here for a pipeline '{pipeline}'")));
        else if (_ending.ContainsKey(pipeline)) Sender.Tell(new Status.Failure(new InvalidOperationException($"the capture of '{pipeline}' is just being ended; try again")));
        else known.Actor.Forward(message);
    }

    private async Task<PipelinesAnswer> AskAllAsync((PipelineSettings Settings, IActorRef Actor)[] captures) => new(await Task.WhenAll(captures.Select(c => AskAsync(c.Settings, c.Actor))));

    /// <summary>One may be gone by the time that it is asked: the others' status must not fail for that.</summary>
    private async Task<PipelineStatus> AskAsync(PipelineSettings settings, IActorRef capture) =>
        await capture.AskWithinAsync<PipelineStatus>(AskStatus.Instance, AnswerWithin, _clock)
        ?? PipelineProgress.Silent(settings, "it does not answer: it is being ended or made anew", _clock.GetUtcNow()) with { Role = PipelineRole.Capture };

    private async Task<PipelinesStopped> StopAllAsync(IActorRef[] captures)
    {
        await Task.WhenAll(captures.Select(StopAsync));
        return PipelinesStopped.Instance;
    }

    private async Task StopAsync(IActorRef capture)
    {
        if (await capture.AskWithinAsync<PipelinesStopped>(StopPipelines.Instance, StopWithin, _clock) is null)
            _log.Warning("Capture {0} did not end within {1} s: what the topics lack is sent at the next start", capture.Path.Name, StopWithin.TotalSeconds);
    }

    private sealed record Drained(IActorRef Actor);

    /// <param name="Next">What was asked for meanwhile.</param>
    private sealed record Ending(IActorRef Asker, StartCapture? Next);
}
