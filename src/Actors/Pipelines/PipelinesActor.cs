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
    private readonly bool _isPlaced;
    private readonly Dictionary<string, Entry> _pipelines = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private bool _stopping;

    public PipelinesActor(IPipelineFactory factory, TimeProvider clock, IActorRef? region, bool isPlaced = false)
    {
        _isPlaced = isPlaced;
        _factory = factory;
        _clock = clock;
        _region = region;
        Receive<StartPipeline>(Start);
        Receive<ReplacePipeline>(Replace);
        Receive<RemovePipeline>(Remove);
        Receive<Drained>(drained => Context.Stop(drained.Actor));
        Receive<PausePipeline>(pause => Forward(pause.Pipeline, pause));
        Receive<ResumePipeline>(resume => Forward(resume.Pipeline, resume));
        Receive<RestartPipeline>(restart => Forward(restart.Pipeline, restart));
        Receive<WaitForWatermark>(wait => Forward(wait.Pipeline, wait));
        Receive<GetMapping>(get => Forward(get.Pipeline, get));
        Receive<RetryDeadLetters>(retry => Forward(retry.Pipeline, retry));
        Receive<DeadLettersClosed>(closed => Forward(closed.Pipeline, closed));
        Receive<GetPipelines>(_ => AskAllAsync([.. _pipelines.Values.Select(p => (p.Settings, p.Actor, p.Gone))]).PipeTo(Sender));
        Receive<StopPipelines>(_ => StopAll());
        Receive<Terminated>(OnEnded);
        Receive<Renew>(OnRenew);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="region">The node's shard region of entity actors; null where each pipeline keeps its own.</param>
    /// <param name="isPlaced">Whether a cluster decides what runs here.</param>
    public static Props Props(IPipelineFactory factory, TimeProvider clock, IActorRef? region, bool isPlaced = false) =>
        Akka.Actor.Props.Create(() => new PipelinesActor(factory, clock, region, isPlaced));

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(exception =>
    {
        _log.Error(exception, "Pipeline {0} failed unexpectedly", Sender.Path.Name);
        return Directive.Stop;
    });

    private void Start(StartPipeline start) => Start(start, Sender);

    private void Start(StartPipeline start, IActorRef asker)
    {
        _stopping = false;
        if (!_pipelines.TryGetValue(start.Settings.Name, out var entry))
        {
            var limits = start.Settings.Limits;
            entry = new Entry(start.Settings, new Backoff(TimeSpan.FromMilliseconds(limits.RetryMinBackoffMs), TimeSpan.FromMilliseconds(limits.RetryMaxBackoffMs)));
            _pipelines.Add(start.Settings.Name, entry);
        }
        if (entry.Ending is not null)
        {
            asker.Tell(JustBeingChanged(start.Settings.Name));
            return;
        }
        if (entry.Actor is not { } actor)
        {
            Timers.Cancel(start.Settings.Name);
            actor = Make(entry);
        }
        actor.Tell(start, asker);
    }

    private void Replace(ReplacePipeline replace)
    {
        var settings = replace.Settings;
        if (!_pipelines.ContainsKey(settings.Name))
        {
            // who asks hears that it begins: whether it gets anywhere is in its status
            Start(new StartPipeline(settings), ActorRefs.NoSender);
            Sender.Tell(new PipelineReplaced(settings.Name));
            return;
        }
        End(settings.Name, StopPipelines.Instance, new Ending(Sender, settings));
    }

    private void Remove(RemovePipeline remove) => End(remove.Pipeline, Forget.Instance, new Ending(Sender, null));

    /// <summary>Has the child write what is in flight, then ends it.</summary>
    private void End(string pipeline, object how, Ending ending)
    {
        if (!_pipelines.TryGetValue(pipeline, out var entry))
        {
            Sender.Tell(new Status.Failure(new KeyNotFoundException($"no pipeline '{pipeline}' runs here")));
            return;
        }
        if (entry.Ending is not null)
        {
            Sender.Tell(JustBeingChanged(pipeline));
            return;
        }
        entry.Ending = ending;
        if (entry.Actor is not { } actor)
        {
            // One that is between two lives is made for this alone where it has something to forget.
            Timers.Cancel(pipeline);
            if (how is StopPipelines)
            {
                OnGone(entry);
                return;
            }
            actor = Make(entry);
        }
        var drained = new Drained(actor);
        actor.AskWithinAsync<PipelinesStopped>(how, StopWithin, _clock, entry.Gone).PipeTo(Self, success: _ => drained, failure: _ => drained);
    }

    /// <summary>Nothing of it runs any more.</summary>
    private void OnGone(Entry entry)
    {
        var (name, ending) = (entry.Settings.Name, entry.Ending!);
        _pipelines.Remove(name);
        if (ending.Next is { } next)
        {
            _log.Info("Pipeline {0} has new settings", name);
            if (!_stopping) Start(new StartPipeline(next), ActorRefs.NoSender);
            ending.Asker.Tell(new PipelineReplaced(name));
            return;
        }
        _log.Info("Pipeline {0} is removed", name);
        ending.Asker.Tell(new PipelineRemoved(name));
    }

    private IActorRef Make(Entry entry)
    {
        entry.MadeAt = _clock.GetTimestamp();
        var actor = Context.Watch(Context.ActorOf(PipelineActor.Props(_factory, entry.Settings, _clock, _region, _isPlaced), entry.Settings.Name));
        entry.Begin(actor);
        return actor;
    }

    private void OnEnded(Terminated ended)
    {
        var entry = _pipelines[ended.ActorRef.Path.Name];
        if (entry.Ending is not null) OnGone(entry);
        else RenewLater(entry);
        // whoever waits for it hears that it is gone, or made anew, once that is so
        entry.End();
    }

    private void RenewLater(Entry entry)
    {
        // One that lived for a while starts with the shortest pause again.
        if (_clock.GetElapsedTime(entry.MadeAt) > TimeSpan.FromMilliseconds(2 * entry.Settings.Limits.RetryMaxBackoffMs)) entry.Backoff.Reset();
        var delay = entry.Backoff.Next();
        _log.Warning("Pipeline {0} ended; it is made anew in {1} ms", entry.Settings.Name, (int)delay.TotalMilliseconds);
        Timers.StartSingleTimer(entry.Settings.Name, new Renew(entry.Settings.Name), delay);
    }

    private void OnRenew(Renew renew)
    {
        if (!_stopping && _pipelines.TryGetValue(renew.Pipeline, out var entry) && entry.Actor is null) Make(entry).Tell(GoOn.Instance);
    }

    private void StopAll()
    {
        _stopping = true;
        // those that are being ended are drained already
        StopAllAsync([.. _pipelines.Values.Where(p => p is { Ending: null, Actor: not null }).Select(p => (p.Actor!, p.Gone))]).PipeTo(Sender);
    }

    private void Forward(string pipeline, object message)
    {
        if (!_pipelines.TryGetValue(pipeline, out var entry))
            Sender.Tell(new Status.Failure(new KeyNotFoundException($"no pipeline '{pipeline}' runs here")));
        else if (entry.Ending is not null)
            Sender.Tell(JustBeingChanged(pipeline));
        else if (entry.Actor is null)
            Sender.Tell(new Status.Failure(new InvalidOperationException($"pipeline '{pipeline}' is being made anew after a failure; try again")));
        else
            entry.Actor.Forward(message);
    }

    private static Status.Failure JustBeingChanged(string pipeline) => new(new InvalidOperationException($"pipeline '{pipeline}' is just being changed; try again"));

    private async Task<PipelinesAnswer> AskAllAsync((PipelineSettings Settings, IActorRef? Actor, CancellationToken Gone)[] pipelines) =>
        new(await Task.WhenAll(pipelines.Select(p => AskAsync(p.Settings, p.Actor, p.Gone))));

    /// <summary>Its journal may keep one waiting: the others' status must not fail for that.</summary>
    private async Task<PipelineStatus> AskAsync(PipelineSettings settings, IActorRef? pipeline, CancellationToken gone) =>
        (pipeline is null ? null : await pipeline.AskWithinAsync<PipelineStatus>(AskStatus.Instance, AnswerWithin, _clock, gone))
        ?? PipelineProgress.Silent(settings, "it does not answer: it is being made anew, or waits for its journal", _clock.GetUtcNow());

    private async Task<PipelinesStopped> StopAllAsync((IActorRef Actor, CancellationToken Gone)[] pipelines)
    {
        await Task.WhenAll(pipelines.Select(p => StopAsync(p.Actor, p.Gone)));
        return PipelinesStopped.Instance;
    }

    private async Task StopAsync(IActorRef pipeline, CancellationToken gone)
    {
        if (await pipeline.AskWithinAsync<PipelinesStopped>(StopPipelines.Instance, StopWithin, _clock, gone) is null)
            _log.Warning("Pipeline {0} was not drained within {1} s: what it had in flight is read again by the next run", pipeline.Path.Name, StopWithin.TotalSeconds);
    }

    private sealed record Renew(string Pipeline);

    private sealed record Drained(IActorRef Actor);

    /// <param name="Next">What takes its place; null: nothing.</param>
    private sealed record Ending(IActorRef Asker, PipelineSettings? Next);

    private sealed class Entry(PipelineSettings settings, Backoff backoff)
    {
        private CancellationTokenSource _life = new();

        public PipelineSettings Settings => settings;

        public Backoff Backoff => backoff;

        public IActorRef? Actor { get; private set; }

        /// <summary>Cancelled once the actor has ended.</summary>
        public CancellationToken Gone => _life.Token;

        /// <summary>Set while the child is being drained for good.</summary>
        public Ending? Ending { get; set; }

        /// <summary>By the clock's timestamps.</summary>
        public long MadeAt { get; set; }

        public void Begin(IActorRef actor) => (Actor, _life) = (actor, new CancellationTokenSource());

        public void End()
        {
            Actor = null;
            _life.Cancel();
        }
    }
}
