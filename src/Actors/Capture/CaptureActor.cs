using Akka.Actor;
using Akka.Event;
using PolyglotSync.Actors.Incidents;
using PolyglotSync.Actors.Measures;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Capture;

/// <summary>
/// The life cycle of one capture: it runs until it is stopped; a failure that goes away by itself, or a bug, starts it again after a pause that grows, from the last cut that the topics hold; one that needs a person
/// stops it with one message, until that person resumes it.
/// </summary>
public sealed class CaptureActor : ReceiveActor, IWithTimers
{
    /// <summary>A broker that is away keeps a capture waiting and says nothing.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Func<PipelineSettings, ICapture> _create;
    private readonly PipelineSettings _settings;
    private readonly CaptureState _state;
    private readonly WatermarkWaiters _waiters;
    private readonly IncidentReporter _incidents;
    private readonly Backoff _backoff;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<IActorRef> _restarters = [];
    private readonly List<IActorRef> _stoppers = [];

    private ICapture? _capture;
    private Task<Exception?>? _run;
    private CancellationTokenSource? _halt;
    private Exception? _crash;
    private string? _trouble;
    private int _moved;

    public CaptureActor(Func<PipelineSettings, ICapture> create, PipelineSettings settings, TimeProvider clock)
    {
        _create = create;
        _settings = settings;
        _state = new CaptureState(settings, clock);
        _waiters = new WatermarkWaiters(settings.Name, Self, () => Timers, () => _state.Watermark, () => _capture?.MarkAsync(_stop.Token));
        _incidents = new IncidentReporter(settings, PipelineRole.Capture, clock, Context.System.EventStream);
        _backoff = new Backoff(TimeSpan.FromMilliseconds(settings.Limits.RetryMinBackoffMs), TimeSpan.FromMilliseconds(settings.Limits.RetryMaxBackoffMs));
        Receive<Inherited>(Inherit);
        Receive<Launch>(_ => Start());
        Receive<StartCapture>(_ => StartAfresh());
        Receive<Moved>(_ => OnMoved());
        Receive<Ended>(OnEnded, ended => ended.Run == _run);
        Receive<Ended>(_ => { });
        Receive<LookForTrouble>(_ => OnLookForTrouble());
        Receive<AskStatus>(_ => Answer(Sender));
        Receive<ResumePipeline>(_ => Resume());
        Receive<RestartPipeline>(_ => Restart());
        Receive<WaitForWatermark>(wait => _waiters.Add(Sender, wait, _state.Absence));
        Receive<WatermarkWaiters.Marked>(_waiters.On);
        Receive<WatermarkWaiters.MarkAgain>(_waiters.On);
        Receive<WatermarkWaiters.WaitOver>(_waiters.On);
        Receive<StopPipelines>(_ => Stop());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="create">Makes the capture, which the actor disposes.</param>
    public static Props Props(Func<PipelineSettings, ICapture> create, PipelineSettings settings, TimeProvider clock) => Akka.Actor.Props.Create(() => new CaptureActor(create, settings, clock));

    protected override void PreStart()
    {
        Self.Tell(Launch.Instance);
        Timers.StartPeriodicTimer(LookForTrouble.Instance, LookForTrouble.Instance, LookEvery);
    }

    /// <summary>The next life of this actor must not begin while the capture of this one may still hold its slot.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        if (_run is { } run) Self.Tell(new Inherited(run, reason));
        base.PreRestart(reason, message);
    }

    protected override void PostStop() => _stop.Cancel();

    private bool IsStopping => _stop.IsCancellationRequested;

    private void StartAfresh()
    {
        if (_run is null && !IsStopping) _incidents.Note(new ResumedByPerson(_incidents.Now));
        Start();
    }

    private void Start()
    {
        if (_run is not null || IsStopping) return;
        Timers.Cancel("launch");
        _state.Launching();
        _trouble = null;
        var self = Self;
        _halt = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        Follow(RunAsync(() =>
        {
            if (Interlocked.Exchange(ref _moved, 1) == 0) self.Tell(Moved.Instance);
        }, _halt.Token));
        _waiters.MarkAll();
    }

    private void Inherit(Inherited inherited)
    {
        _crash = inherited.Reason;
        Follow(inherited.Run);
    }

    private void Follow(Task<Exception?> run)
    {
        _run = run;
        run.PipeTo(Self, success: failure => new Ended(run, failure));
    }

    private void Resume()
    {
        StartAfresh();
        Answer(Sender);
    }

    /// <summary>The broker has what is on its way before the connections are closed; the next run goes on from the last cut.</summary>
    private void Restart()
    {
        if (_run is null || IsStopping)
        {
            Resume();
            return;
        }
        _restarters.Add(Sender);
        if (_restarters.Count > 1) return;
        _log.Info("Capture {0} is restarted", _settings.Name);
        _incidents.Note(new RestartedByPerson(_incidents.Now));
        _halt?.Cancel();
    }

    private void StartAgain(Exception? failure)
    {
        SayLeft(failure);
        _backoff.Reset();
        _state.Again();
        Start();
        AnswerRestarters();
    }

    private void AnswerRestarters()
    {
        foreach (var asker in _restarters) Answer(asker);
        _restarters.Clear();
    }

    private void Answer(IActorRef asker) => asker.Tell(_state.Snapshot(_capture) with { Incident = _incidents.Open });

    /// <summary>Whatever ends it, the capture's connections are closed: the next start makes them anew.</summary>
    private async Task<Exception?> RunAsync(Action moved, CancellationToken stop)
    {
        try
        {
            // on the actor's thread, up to the first await
            await using var capture = _capture = _create(_settings);
            await capture.RunAsync(moved, stop);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private void OnMoved()
    {
        Volatile.Write(ref _moved, 0);
        if (_capture is null) return;
        _backoff.Reset();
        Look(_capture);
    }

    private void Look(ICapture capture)
    {
        _state.Move(capture.Progress);
        _waiters.Reach();
        if (_state.IsAtWork && capture.Progress.Trouble is null) _incidents.Begin(isShared: false);
    }

    private void OnLookForTrouble()
    {
        var trouble = _capture?.Progress.Trouble;
        if (trouble != _trouble && trouble is not null) _incidents.Note(new Troubled("broker", $"broker: {trouble}", _incidents.Now));
        else if (trouble is null && _trouble is not null && _state.IsAtWork) _incidents.Note(new Recovered(_incidents.Now));
        _trouble = trouble;
    }

    private void OnEnded(Ended ended)
    {
        if (_capture is not null) Look(_capture);
        var reason = _crash ?? ended.Failure;
        (_capture, _run, _crash) = (null, null, null);
        _halt?.Dispose();
        _halt = null;
        if (IsStopping)
        {
            Stopped(reason);
        }
        else if (_restarters.Count > 0)
        {
            StartAgain(reason);
        }
        else if (reason is PipelineFailure { Class: not FailureClass.Transient } failure)
        {
            _state.Fail(failure);
            _log.Error("Capture {0} stopped: {1}", _settings.Name, failure.Message);
            _incidents.Note(new Stopped(failure.Class, "capture", IncidentReason.Of(failure), _incidents.Now));
            Context.System.EventStream.Publish(new PipelineFailed(_settings.Name, failure));
        }
        else
        {
            Again(reason);
        }
    }

    private void Again(Exception? failure)
    {
        var reason = failure?.Message ?? "it ended by itself";
        var delay = _backoff.Next();
        _state.Degrade(reason);
        _incidents.Note(new Troubled("capture", failure is null ? reason : IncidentReason.Of(failure), _incidents.Now) { Restarts = true, IsCrash = failure is not null and not PipelineFailure });
        if (failure is null or PipelineFailure) _log.Warning("Capture {0}: {1}; starting again in {2} ms", _settings.Name, reason, (int)delay.TotalMilliseconds);
        else _log.Error(failure, "Capture {0} failed unexpectedly; starting again from the last cut in {1} ms", _settings.Name, (int)delay.TotalMilliseconds);
        Timers.StartSingleTimer("launch", Launch.Instance, delay);
    }

    private void Stop()
    {
        _stoppers.Add(Sender);
        Timers.Cancel("launch");
        _stop.Cancel();
        if (_run is null) Stopped(null);
    }

    private void Stopped(Exception? failure)
    {
        SayLeft(failure);
        _state.Stop();
        _incidents.Note(new NodeStopped(_incidents.Now));
        foreach (var stopper in _stoppers) stopper.Tell(PipelinesStopped.Instance);
        _stoppers.Clear();
        AnswerRestarters();
    }

    private void SayLeft(Exception? failure)
    {
        if (failure is not (null or OperationCanceledException))
            _log.Warning("Capture {0}: {1}; what the topics lack is sent at the next start", _settings.Name, failure.Message);
    }

    private sealed record Launch
    {
        public static readonly Launch Instance = new();
    }

    private sealed record LookForTrouble
    {
        public static readonly LookForTrouble Instance = new();
    }

    private sealed record Moved
    {
        public static readonly Moved Instance = new();
    }

    /// <param name="Run">What the life of this actor before had begun, and ends because of the reason.</param>
    private sealed record Inherited(Task<Exception?> Run, Exception Reason) : INoSerializationVerificationNeeded;

    private sealed record Ended(Task<Exception?> Run, Exception? Failure) : INoSerializationVerificationNeeded;
}
