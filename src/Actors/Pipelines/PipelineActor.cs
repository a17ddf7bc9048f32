using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using PolyglotSync.Actors.DeadLetters;
using PolyglotSync.Actors.Entities;
using PolyglotSync.Actors.Incidents;
using PolyglotSync.Actors.LifeCycle;
using PolyglotSync.Actors.Measures;
using PolyglotSync.Actors.Source;
using PolyglotSync.Actors.Writers;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Pipelines;

/// <summary>
/// The life cycle of one pipeline: starting → copying → streaming, degraded while a part rides out a failure, paused by a person, failed where a person is needed. The last two
/// are journaled and outlive a restart. A part that crashes (a bug) takes its siblings down; the pipeline starts again, with backoff, from the position in the target.
/// </summary>
public sealed partial class PipelineActor : ReceivePersistentActor, IWithTimers
{
    /// <summary>How long what is in flight may take to be written when the pipeline is paused or stopped; what is not is read again by the next run.</summary>
    private static readonly TimeSpan DrainWithin = TimeSpan.FromSeconds(20);

    /// <summary>How long what a run held may take to be closed before the next begins, or its end is told.</summary>
    private static readonly TimeSpan CloseWithin = TimeSpan.FromSeconds(4);

    /// <summary>A source actor may be busy with what it has just read.</summary>
    private static readonly TimeSpan LoadWithin = TimeSpan.FromSeconds(1);

    private readonly IPipelineFactory _factory;
    private readonly PipelineSettings _settings;
    private readonly TimeProvider _clock;
    private readonly IActorRef? _region;
    private readonly bool _isPlaced;
    private readonly PipelineProgress _progress;
    private readonly WatermarkWaiters _waiters;
    private readonly IncidentReporter _incidents;
    private readonly Backoff _backoff;
    private readonly FleetLook _fleet;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<IActorRef> _waitingForDrain = [];
    private readonly List<IActorRef> _starters = [];
    private readonly List<IActorRef> _stoppers = [];

    private PipelineLife _life = PipelineLife.New;
    private PipelineParts? _parts;
    private CancellationTokenSource _ofThisRun = new();
    private IActorRef _source = ActorRefs.Nobody;
    private IActorRef _writers = ActorRefs.Nobody;
    private IActorRef _letters = ActorRefs.Nobody;
    private Preparing? _preparing;
    private Task<PipelineParts>? _launch;
    private CancellationTokenSource? _launchStop;
    private Task _closing = Task.CompletedTask;
    private bool _draining;
    private bool _isSharing;
    private int _run;

    /// <param name="region">The node's shard region of entity actors; null where the pipeline keeps them itself.</param>
    /// <param name="isPlaced">Whether a cluster decides where it runs: who is overtaken then is not at fault.</param>
    public PipelineActor(IPipelineFactory factory, PipelineSettings settings, TimeProvider clock, IActorRef? region, bool isPlaced = false)
    {
        _isPlaced = isPlaced;
        _factory = factory;
        _settings = settings;
        _clock = clock;
        _region = region;
        _progress = new PipelineProgress(settings, clock);
        _waiters = new WatermarkWaiters(settings.Name, Self, () => Timers, () => _progress.Watermark, () => _parts?.Source.MarkAsync(_stopping.Token), () => _progress.MissesRows);
        _fleet = new FleetLook(settings.Name, clock);
        _incidents = new IncidentReporter(settings, PipelineRole.Graph, clock, Context.System.EventStream);
        _backoff = new Backoff(TimeSpan.FromMilliseconds(settings.Limits.RetryMinBackoffMs), TimeSpan.FromMilliseconds(settings.Limits.RetryMaxBackoffMs));
        Recover<LifeEvent>(happened => _life = _life.After(happened));
        Recover<RecoveryCompleted>(_ => OnRecovered());
        Command<StartPipeline>(start => Start(start.IsMoved));
        Command<GoOn>(_ => GoOnRunning());
        Command<PausePipeline>(Pause);
        Command<ResumePipeline>(_ => Resume());
        Command<RestartPipeline>(_ => Restart());
        Command<Launch>(_ => StartLaunch());
        Command<Launched>(OnLaunched);
        Command<LaunchFailed>(OnLaunchFailed);
        Command<ReachedCut>(OnReached);
        Command<PartDegraded>(OnDegraded, _ => IsOfThisRun(Sender));
        Command<PartDegraded>(_ => { });
        Command<PartFailed>(OnPartFailed, _ => IsOfThisRun(Sender));
        Command<PartFailed>(_ => { });
        Command<PartCrashed>(OnCrash);
        Command<DeadLettersAdded>(OnLettersAdded);
        Command<DeadLettersCounted>(letters => _progress.DeadLetters = letters.Count);
        Command<DeadLettersClosed>(letters => _progress.DeadLetters = letters.Open);
        Command<RetryDeadLetters>(_ => _letters.Tell(LookForRetries.Instance));
        Command<GetMapping>(_ => Sender.Tell(new MappingAnswer(_progress.State, _progress.Reason, _parts?.Mapping ?? _preparing?.Mapping)));
        Command<AskStatus>(_ => Answer(Sender));
        Command<StatusOf>(status => status.Asker.Tell(Status(status.Load)));
        Command<WaitForWatermark>(wait => _waiters.Add(Sender, wait, Absence()));
        Command<WatermarkWaiters.Marked>(_waiters.On);
        Command<WatermarkWaiters.MarkAgain>(_waiters.On);
        Command<WatermarkWaiters.WaitOver>(_waiters.On);
        Command<StopPipelines>(_ => StartStopping());
        Command<Forget>(_ => ForgetAndStop());
        Command<Finished>(_ => OnDrained(), _ => IsOfThisRun(Sender));
        Command<Finished>(_ => { });
        Command<DrainOver>(_ => OnDrained());
    }

    public override string PersistenceId => $"pipeline-{_settings.Name}";

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(IPipelineFactory factory, PipelineSettings settings, TimeProvider clock, IActorRef? region, bool isPlaced = false) =>
        Akka.Actor.Props.Create(() => new PipelineActor(factory, settings, clock, region, isPlaced));

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(exception =>
    {
        Self.Tell(new PartCrashed(_run, exception));
        return Directive.Stop;
    });

    protected override void PostStop()
    {
        _stopping.Cancel();
        if (_parts is { } parts) Dispose(parts);
        // what is made by now has nobody to take it
        _launch?.ContinueWith(launch => Dispose(launch.Result), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        _log.Error(cause, "Pipeline {0}: its journal does not take {1}; starting again from what the journal holds", _settings.Name, @event);

    protected override void OnRecoveryFailure(Exception reason, object? message = null) =>
        _log.Error(reason, "Pipeline {0}: its journal cannot be read", _settings.Name);

    private bool IsWanted => _life.Wish == LifeWish.Running && _stoppers.Count == 0 && _progress.State != PipelineState.Stopped;

    private void StartLaunch()
    {
        if (_launch is not null || _parts is not null || !IsWanted) return;
        _launchStop = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        _launch = LaunchAsync(_closing, _launchStop.Token);
        _launch.PipeTo(Self, success: parts => new Launched(parts), failure: e => new LaunchFailed(e.Unwrapped()));
    }

    /// <summary>A new run comes after the end of what the last one held: else it finds its own slot taken, or its own member in the group.</summary>
    private async Task<PipelineParts> LaunchAsync(Task closing, CancellationToken stop)
    {
        await IsClosedAsync(closing);
        stop.ThrowIfCancellationRequested();
        return await PipelineLaunch.RunAsync(_factory, _settings, preparing => _preparing = preparing, warning => _log.Warning("Pipeline {0}: {1}", _settings.Name, warning), stop);
    }

    /// <summary>Nobody wants any more what is being brought up. A node that stands by leaves its group.</summary>
    private void StopLaunch()
    {
        if (_launch is not { } launch) return;
        _launchStop!.Cancel();
        _closing = Task.WhenAll(_closing, UntilOverAsync());

        async Task UntilOverAsync() => await ((Task)launch).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void EndLaunch()
    {
        _launch = null;
        _preparing = null;
    }

    private void OnLaunched(Launched launched)
    {
        EndLaunch();
        if (IsWanted) Run(launched.Parts);
        else Dispose(launched.Parts);
    }

    private void Run(PipelineParts parts)
    {
        _parts = parts;
        _run++;
        _progress.Start(parts, parts.State);
        if (parts.TakeOver is { } taken)
        {
            _incidents.Note(new WentOn(taken.What, taken.IsFromOther, _incidents.Now));
            if (taken.IsFromOther) _log.Info("Pipeline {0}: {1}", _settings.Name, taken.What);
        }
        _incidents.Begin(isShared: parts.Source.Partitions is not null);
        var context = new WriterContext(_settings, parts.Target, parts.DeadLetters, parts.DeadKeys, _clock, Observe(parts.Mapping)) { Stages = _progress.Stages };
        var entities = _region ?? Context.ActorOf(EntitiesActor.Props(), $"entities-{_run}");
        _writers = Context.ActorOf(WriterSupervisor.Props(context, parts.State), $"writers-{_run}");
        _source = Context.ActorOf(SourceActor.Props(parts.Source, _settings, parts.State, entities, _writers), $"source-{_run}");
        _letters = Context.ActorOf(DeadLetterActor.Props(_settings.Name, parts.Source, parts.DeadLetters), $"dead-letters-{_run}");
        _log.Info("Pipeline {0}: {1} → {2} from {3}", _settings.Name, parts.Source.Progress.Slot, parts.Target.Address, parts.State.Position);
        AnswerStarters(new PipelineStarted(_settings.Name));
        _waiters.Reach();
        _waiters.MarkAll();
    }

    private void AnswerStarters(object answer)
    {
        foreach (var starter in _starters) starter.Tell(answer);
        _starters.Clear();
    }

    private Action<IReadOnlyList<RowOperation>> Observe(GraphMapping mapping) => operations =>
    {
        for (var i = Math.Max(0, operations.Count - PipelineProgress.LastChangesKept); i < operations.Count; i++)
        {
            if (_factory.Describe(mapping, operations[i]) is not { } text) return;
            _progress.Changed(text);
        }
    };

    private void OnLaunchFailed(LaunchFailed failed)
    {
        var isStopped = failed.Exception is OperationCanceledException && _launchStop!.IsCancellationRequested;
        EndLaunch();
        if (!IsWanted) return;
        if (isStopped)
        {
            // it was not wanted for a while
            StartLaunch();
            return;
        }
        var failure = failed.Exception as PipelineFailure
            ?? new PipelineFailure(FailureClass.Fatal, $"pipeline {_settings.Name} could not start: {failed.Exception.Message}", failed.Exception);
        // Servers come back: what a person's first start gets wrong is said before it comes to this.
        if (failure.Class != FailureClass.Transient && !IsSucceeded(failure)) Fail(failure);
        else Again(failure);
    }

    private void OnCrash(PartCrashed crash)
    {
        if (crash.Run != _run || _parts is null) return;
        _log.Error(crash.Exception, "Pipeline {0}: a part failed unexpectedly; starting again from the target's position", _settings.Name);
        StopParts();
        if (_draining) OnDrained();
        else Again(crash.Exception);
    }

    private void OnPartFailed(PartFailed failed)
    {
        if (!IsSucceeded(failed.Failure))
        {
            Fail(failed.Failure);
            return;
        }
        _isSharing = _parts?.Source.Partitions is not null;
        StopParts();
        if (_draining) OnDrained();
        else Again(failed.Failure);
    }

    /// <summary>Nodes that share a consumer group follow one another: who was overtaken stands by. In a cluster one that is being given up may be overtaken before it knows.</summary>
    private bool IsSucceeded(PipelineFailure failure) => failure.Class == FailureClass.Fenced && (_settings.Kafka is not null || _isPlaced);

    private void Again(Exception failure)
    {
        var (reason, now) = (failure.Message, _incidents.Now);
        var isOvertaken = failure is PipelineFailure known && IsSucceeded(known);
        if (failure is not PipelineFailure { IsContention: true }) _incidents.Note(isOvertaken ? new Overtaken(reason, IsSharing: _isSharing, now)
            : new Troubled("pipeline", IncidentReason.Of(failure), now) { Restarts = true, IsCrash = failure is not PipelineFailure });
        var delay = _backoff.Next();
        Timers.StartSingleTimer("launch", Launch.Instance, delay);
        _progress.Degrade(new PartDegraded("pipeline", reason) { IsOvertaken = isOvertaken });
        _log.Warning("Pipeline {0}: {1}; starting again in {2} ms", _settings.Name, reason, (int)delay.TotalMilliseconds);
    }

    private bool IsOfThisRun(IActorRef part) => part.Equals(_source) || part.Equals(_writers);

    private void StopParts()
    {
        foreach (var child in Context.GetChildren()) Context.Stop(child);
        _ofThisRun.Cancel();
        _ofThisRun = new CancellationTokenSource();
        _source = ActorRefs.Nobody;
        _writers = ActorRefs.Nobody;
        _letters = ActorRefs.Nobody;
        if (_parts is { } parts) Dispose(parts);
        _parts = null;
    }

    private void Dispose(PipelineParts parts)
    {
        _closing = Task.WhenAll(_closing, CloseAsync());

        async Task CloseAsync()
        {
            try
            {
                await parts.DisposeAsync();
            }
            catch (Exception e)
            {
                _log.Warning("Pipeline {0}: closing its connections: {1}", _settings.Name, e.Message);
            }
        }
    }

    private async Task<bool> IsClosedAsync(Task closing)
    {
        await closing.WaitAsync(CloseWithin, _clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return closing.IsCompleted;
    }

    /// <summary>With what is in flight at this moment, which only the source actor knows.</summary>
    private void Answer(IActorRef asker)
    {
        var target = _settings.Kafka is null ? null : _parts?.Target ?? _preparing?.Target;
        if (_source.Equals(ActorRefs.Nobody) && target is null) asker.Tell(Status(SourceLoad.None));
        else StatusAsync(_source, target, asker, _ofThisRun.Token).PipeTo(Self);
    }

    private async Task<StatusOf> StatusAsync(IActorRef source, IGraphTarget? target, IActorRef asker, CancellationToken ofThisRun)
    {
        var looked = target is null ? null : _fleet.AskAsync(target, _stopping.Token);
        var load = source.Equals(ActorRefs.Nobody) ? null : await source.AskWithinAsync<SourceLoad>(GetLoad.Instance, LoadWithin, _clock, ofThisRun);
        if (looked is not null) await looked;
        return new StatusOf(asker, load ?? SourceLoad.None);
    }

    private PipelineStatus Status(SourceLoad load) =>
        _progress.Snapshot(_parts?.Source ?? _preparing?.Source, load, _parts?.Target.Address ?? PipelineProgress.TargetOf(_settings), _fleet.Last) with { Incident = _incidents.Open };

    private sealed record Launch
    {
        public static readonly Launch Instance = new();
    }

    private sealed record StatusOf(IActorRef Asker, SourceLoad Load);

    private sealed record DrainOver
    {
        public static readonly DrainOver Instance = new();
    }

    private sealed record Launched(PipelineParts Parts) : INoSerializationVerificationNeeded;

    private sealed record LaunchFailed(Exception Exception) : INoSerializationVerificationNeeded;

    private sealed record PartCrashed(int Run, Exception Exception) : INoSerializationVerificationNeeded;
}
