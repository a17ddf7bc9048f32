using Akka.Actor;
using Akka.Event;
using PolyglotSync.Actors.Entities;
using PolyglotSync.Actors.Measures;
using PolyglotSync.Actors.Source;
using PolyglotSync.Actors.Writers;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Pipelines;

/// <summary>
/// The life cycle of one pipeline: starting → copying → streaming, degraded while a part rides out a failure, failed where a person is needed. A part that crashes (a bug)
/// takes its siblings down; the pipeline starts again, with backoff, from the position in the target.
/// </summary>
public sealed class PipelineActor : ReceiveActor, IWithTimers
{
    private readonly IPipelineFactory _factory;
    private readonly PipelineSettings _settings;
    private readonly TimeProvider _clock;
    private readonly PipelineProgress _progress;
    private readonly Backoff _backoff;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<(IActorRef Waiter, Lsn Lsn, long Id)> _waiters = [];

    private PipelineParts? _parts;
    private IActorRef _source = ActorRefs.Nobody;
    private IActorRef? _starter;
    private IActorRef? _stopper;
    private bool _ranOnce;
    private int _run;
    private long _waiterId;

    public PipelineActor(IPipelineFactory factory, PipelineSettings settings, TimeProvider clock)
    {
        _factory = factory;
        _settings = settings;
        _clock = clock;
        _progress = new PipelineProgress(settings, clock);
        _backoff = new Backoff(TimeSpan.FromMilliseconds(settings.Limits.RetryMinBackoffMs), TimeSpan.FromMilliseconds(settings.Limits.RetryMaxBackoffMs));
        Receive<StartPipeline>(_ => _starter = Sender);
        Receive<Launch>(_ => StartLaunch());
        Receive<Launched>(Run);
        Receive<LaunchFailed>(OnLaunchFailed);
        Receive<ReachedCut>(OnReached);
        Receive<PartDegraded>(_progress.Degrade);
        Receive<PartFailed>(failed => Fail(failed.Failure));
        Receive<PartCrashed>(OnCrash);
        Receive<DeadLettersAdded>(letters => _progress.DeadLetters += letters.Count);
        Receive<SourceLoad>(load => _progress.Load = load);
        Receive<AskLoad>(_ => _source.Tell(GetLoad.Instance));
        Receive<AskStatus>(_ => Sender.Tell(Status()));
        Receive<WaitForWatermark>(Wait);
        Receive<MarkedAt>(OnMarked);
        Receive<WaitOver>(OnWaitOver);
        Receive<StopPipelines>(_ => StartStopping());
        Receive<Finished>(_ => Stopped());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(IPipelineFactory factory, PipelineSettings settings, TimeProvider clock) =>
        Akka.Actor.Props.Create(() => new PipelineActor(factory, settings, clock));

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(exception =>
    {
        Self.Tell(new PartCrashed(_run, exception));
        return Directive.Stop;
    });

    protected override void PreStart()
    {
        Self.Tell(Launch.Instance);
        Timers.StartPeriodicTimer("load", AskLoad.Instance, TimeSpan.FromMilliseconds(250));
    }

    protected override void PostStop()
    {
        _stopping.Cancel();
        _ = _parts?.DisposeAsync().AsTask();
    }

    private void StartLaunch() =>
        PipelineLaunch.RunAsync(_factory, _settings, warning => _log.Warning("Pipeline {0}: {1}", _settings.Name, warning), _stopping.Token)
            .PipeTo(Self, success: parts => new Launched(parts), failure: e => new LaunchFailed(e is AggregateException { InnerException: { } inner } ? inner : e));

    private void Run(Launched launched)
    {
        var parts = launched.Parts;
        _parts = parts;
        _ranOnce = true;
        _run++;
        _progress.Start(parts, parts.State);
        var context = new WriterContext(_settings, parts.Target, parts.DeadLetters, _clock, Observe(parts.Mapping));
        var entities = Context.ActorOf(EntitiesActor.Props(), $"entities-{_run}");
        var writers = Context.ActorOf(WriterSupervisor.Props(context, parts.State), $"writers-{_run}");
        _source = Context.ActorOf(SourceActor.Props(parts.Source, _settings.Limits, parts.State, entities, writers), $"source-{_run}");
        _log.Info("Pipeline {0}: {1} → {2} from {3}", _settings.Name, parts.Source.Progress.Slot, parts.Target.Address, parts.State.Position);
        _starter?.Tell(new PipelineStarted(_settings.Name));
        _starter = null;
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
        var failure = failed.Exception as PipelineFailure
            ?? new PipelineFailure(FailureClass.Fatal, $"pipeline {_settings.Name} could not start: {failed.Exception.Message}", failed.Exception);
        // At the very first start whoever started it is there to read why; later nobody is, and servers come back.
        if (failure.Class != FailureClass.Transient || !_ranOnce)
        {
            Fail(failure);
            return;
        }
        Again(failure.Message);
    }

    private void OnCrash(PartCrashed crash)
    {
        if (crash.Run != _run || _parts is null) return;
        _log.Error(crash.Exception, "Pipeline {0}: a part failed unexpectedly; starting again from the target's position", _settings.Name);
        StopParts();
        Again(crash.Exception.Message);
    }

    private void Again(string reason)
    {
        var delay = _backoff.Next();
        _progress.Degrade(new PartDegraded("pipeline", reason));
        _log.Warning("Pipeline {0}: {1}; starting again in {2} ms", _settings.Name, reason, (int)delay.TotalMilliseconds);
        Timers.StartSingleTimer("launch", Launch.Instance, delay);
    }

    private void Fail(PipelineFailure failure)
    {
        if (_progress.State == PipelineState.Failed) return;
        StopParts();
        _progress.Fail(failure);
        _log.Error("Pipeline {0} stopped: {1}", _settings.Name, failure.Message);
        var message = new PipelineFailed(_settings.Name, failure);
        _starter?.Tell(message);
        _starter = null;
        Context.System.EventStream.Publish(message);
        if (_stopper is not null) Stopped();
    }

    private void StopParts()
    {
        foreach (var child in Context.GetChildren()) Context.Stop(child);
        _source = ActorRefs.Nobody;
        if (_parts is { } parts) Dispose(parts);
        _parts = null;
    }

    private void Dispose(PipelineParts parts) =>
        parts.DisposeAsync().AsTask().ContinueWith(t => _log.Warning("Pipeline {0}: closing its connections: {1}", _settings.Name, t.Exception?.Message),
            CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    private void OnReached(ReachedCut reached)
    {
        _backoff.Reset();
        _progress.Reach(reached);
        for (var i = _waiters.Count - 1; i >= 0; i--)
        {
            if (_waiters[i].Lsn > _progress.Watermark) continue;
            _waiters[i].Waiter.Tell(new WatermarkAnswer(_settings.Name, _progress.Watermark.ToString(), true));
            _waiters.RemoveAt(i);
        }
    }

    private void Wait(WaitForWatermark wait)
    {
        if (wait.Lsn is { } lsn)
        {
            AddWaiter(Sender, lsn, wait.Timeout);
            return;
        }
        if (_parts is null)
        {
            Sender.Tell(new WatermarkAnswer(_settings.Name, _progress.Watermark.ToString(), false));
            return;
        }
        var waiter = Sender;
        _parts.Source.MarkAsync(_stopping.Token).PipeTo(Self, success: at => new MarkedAt(waiter, at, wait.Timeout),
            failure: _ => new MarkedAt(waiter, null, wait.Timeout));
    }

    private void OnMarked(MarkedAt marked)
    {
        if (marked.Lsn is { } lsn) AddWaiter(marked.Waiter, lsn, marked.Timeout);
        else marked.Waiter.Tell(new WatermarkAnswer(_settings.Name, _progress.Watermark.ToString(), false));
    }

    private void AddWaiter(IActorRef waiter, Lsn lsn, TimeSpan timeout)
    {
        if (lsn <= _progress.Watermark)
        {
            waiter.Tell(new WatermarkAnswer(_settings.Name, _progress.Watermark.ToString(), true));
            return;
        }
        _waiters.Add((waiter, lsn, ++_waiterId));
        Timers.StartSingleTimer(_waiterId, new WaitOver(_waiterId), timeout);
    }

    private void OnWaitOver(WaitOver over)
    {
        var index = _waiters.FindIndex(w => w.Id == over.Id);
        if (index < 0) return;
        _waiters[index].Waiter.Tell(new WatermarkAnswer(_settings.Name, _progress.Watermark.ToString(), false));
        _waiters.RemoveAt(index);
    }

    private PipelineStatus Status() => _progress.Snapshot(_parts?.Source.Progress, _parts?.Target.Address ?? _settings.Target.Uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped));

    private void StartStopping()
    {
        _stopper = Sender;
        if (_parts is null) Stopped();
        else _source.Tell(Finish.Instance);
    }

    private void Stopped()
    {
        StopParts();
        _progress.Stop();
        _stopper?.Tell(PipelinesStopped.Instance);
        _stopper = null;
    }

    private sealed record Launch
    {
        public static readonly Launch Instance = new();
    }

    private sealed record AskLoad
    {
        public static readonly AskLoad Instance = new();
    }

    private sealed record Launched(PipelineParts Parts);

    private sealed record LaunchFailed(Exception Exception);

    private sealed record PartCrashed(int Run, Exception Exception);

    private sealed record MarkedAt(IActorRef Waiter, Lsn? Lsn, TimeSpan Timeout);

    private sealed record WaitOver(long Id);
}

/// <summary>To a pipeline's actor: answered with its <see cref="PipelineStatus"/>.</summary>
internal sealed record AskStatus
{
    public static readonly AskStatus Instance = new();
}
