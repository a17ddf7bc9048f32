using Akka.Actor;
using Akka.Event;
using PolyglotSync.Actors.Measures;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Pipelines;

/// <summary>
/// <c>/user/pipelines</c>: one child a pipeline. A child that ends by itself (a bug in it, a journal that is out of reach) is made anew after a pause that grows, and goes on as
/// the journal says.
/// </summary>
public sealed class PipelinesActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(25);

    private readonly IPipelineFactory _factory;
    private readonly TimeProvider _clock;
    private readonly IActorRef? _region;
    private readonly Dictionary<string, Entry> _pipelines = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private bool _stopping;

    public PipelinesActor(IPipelineFactory factory, TimeProvider clock, IActorRef? region)
    {
        _factory = factory;
        _clock = clock;
        _region = region;
        Receive<StartPipeline>(Start);
        Receive<PausePipeline>(pause => Forward(pause.Pipeline, pause));
        Receive<ResumePipeline>(resume => Forward(resume.Pipeline, resume));
        Receive<RestartPipeline>(restart => Forward(restart.Pipeline, restart));
        Receive<WaitForWatermark>(wait => Forward(wait.Pipeline, wait));
        Receive<GetMapping>(get => Forward(get.Pipeline, get));
        Receive<RetryDeadLetters>(retry => Forward(retry.Pipeline, retry));
        Receive<DeadLettersClosed>(closed => Forward(closed.Pipeline, closed));
        Receive<GetPipelines>(_ => AskAllAsync([.. _pipelines.Values.Select(p => (p.Settings, p.Actor))]).PipeTo(Sender));
        Receive<StopPipelines>(_ => StopAll());
        Receive<Terminated>(OnEnded);
        Receive<Renew>(OnRenew);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="region">The node's shard region of entity actors; null where each pipeline keeps its own.</param>
    public static Props Props(IPipelineFactory factory, TimeProvider clock, IActorRef? region) =>
        Akka.Actor.Props.Create(() => new PipelinesActor(factory, clock, region));

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(exception =>
    {
        _log.Error(exception, "Pipeline {0} failed unexpectedly", Sender.Path.Name);
        return Directive.Stop;
    });

    private void Start(StartPipeline start)
    {
        _stopping = false;
        if (!_pipelines.TryGetValue(start.Settings.Name, out var entry))
        {
            var limits = start.Settings.Limits;
            entry = new Entry(start.Settings, new Backoff(TimeSpan.FromMilliseconds(limits.RetryMinBackoffMs), TimeSpan.FromMilliseconds(limits.RetryMaxBackoffMs)));
            _pipelines.Add(start.Settings.Name, entry);
        }
        if (entry.Actor is null)
        {
            Timers.Cancel(start.Settings.Name);
            Make(entry);
        }
        entry.Actor.Forward(start);
    }

    private IActorRef Make(Entry entry)
    {
        entry.MadeAt = _clock.GetTimestamp();
        entry.Actor = Context.Watch(Context.ActorOf(PipelineActor.Props(_factory, entry.Settings, _clock, _region), entry.Settings.Name));
        return entry.Actor;
    }

    private void OnEnded(Terminated ended)
    {
        var entry = _pipelines[ended.ActorRef.Path.Name];
        entry.Actor = null;
        // One that lived for a while starts with the shortest pause again.
        if (_clock.GetElapsedTime(entry.MadeAt) > TimeSpan.FromMilliseconds(2 * entry.Settings.Limits.RetryMaxBackoffMs)) entry.Backoff.Reset();
        var delay = entry.Backoff.Next();
        _log.Warning("Pipeline {0} ended; it is made anew in {1} ms", entry.Settings.Name, (int)delay.TotalMilliseconds);
        Timers.StartSingleTimer(entry.Settings.Name, new Renew(entry.Settings.Name), delay);
    }

    private void OnRenew(Renew renew)
    {
        if (!_stopping) Make(_pipelines[renew.Pipeline]).Tell(GoOn.Instance);
    }

    private void StopAll()
    {
        _stopping = true;
        StopAllAsync([.. _pipelines.Values.Select(p => p.Actor).OfType<IActorRef>()]).PipeTo(Sender);
    }

    private void Forward(string pipeline, object message)
    {
        if (!_pipelines.TryGetValue(pipeline, out var entry))
            Sender.Tell(new Status.Failure(new KeyNotFoundException($"no pipeline '{pipeline}' runs here")));
        else if (entry.Actor is null)
            Sender.Tell(new Status.Failure(new InvalidOperationException($"pipeline '{pipeline}' is being made anew after a failure; try again")));
        else
            entry.Actor.Forward(message);
    }

    private async Task<PipelinesAnswer> AskAllAsync((PipelineSettings Settings, IActorRef? Actor)[] pipelines) =>
        new(await Task.WhenAll(pipelines.Select(p => AskAsync(p.Settings, p.Actor))));

    private async Task<PipelineStatus> AskAsync(PipelineSettings settings, IActorRef? pipeline)
    {
        try
        {
            if (pipeline is not null) return await pipeline.Ask<PipelineStatus>(AskStatus.Instance, AnswerWithin);
        }
        catch (AskTimeoutException)
        {
            // Its journal may keep it waiting: the others' status must not fail for that.
        }
        return PipelineProgress.Silent(settings, "it does not answer: it is being made anew, or waits for its journal", _clock.GetUtcNow());
    }

    private static async Task<PipelinesStopped> StopAllAsync(IActorRef[] children)
    {
        await Task.WhenAll(children.Select(child => child.Ask<PipelinesStopped>(StopPipelines.Instance, StopWithin)));
        return PipelinesStopped.Instance;
    }

    private sealed record Renew(string Pipeline);

    private sealed class Entry(PipelineSettings settings, Backoff backoff)
    {
        public PipelineSettings Settings => settings;

        public Backoff Backoff => backoff;

        public IActorRef? Actor { get; set; }

        /// <summary>By the clock's timestamps.</summary>
        public long MadeAt { get; set; }
    }
}
