using Akka.Actor;
using Akka.Event;
using PolyglotSync.Actors.Incidents;
using PolyglotSync.Actors.Measures;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Capture;

/// <summary>
/// The life cycle of one capture: it runs until it is stopped; a failure that goes away by itself, or a bug, starts it again after a pause that grows, from the last cut that the topics hold; one that needs a person
/// stops it with one message.
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

    private ICapture? _capture;
    private bool _running;
    private string? _trouble;
    private int _moved;
    private IActorRef? _stopper;

    public CaptureActor(Func<PipelineSettings, ICapture> create, PipelineSettings settings, TimeProvider clock)
    {
        _create = create;
        _settings = settings;
        _state = new CaptureState(settings, clock);
        _waiters = new WatermarkWaiters(settings.Name);
        _incidents = new IncidentReporter(settings, PipelineRole.Capture, clock, Context.System.EventStream);
        _backoff = new Backoff(TimeSpan.FromMilliseconds(settings.Limits.RetryMinBackoffMs), TimeSpan.FromMilliseconds(settings.Limits.RetryMaxBackoffMs));
        Receive<Launch>(_ => Start());
        Receive<StartCapture>(_ => StartAfresh());
        Receive<Moved>(_ => OnMoved());
        Receive<Ended>(OnEnded);
        Receive<LookForTrouble>(_ => OnLookForTrouble());
        Receive<AskStatus>(_ => Sender.Tell(_state.Snapshot(_capture) with { Incident = _incidents.Open }));
        Receive<WaitForWatermark>(Wait);
        Receive<Marked>(OnMarked);
        Receive<WaitOver>(over => _waiters.GiveUp(over.Id, _state.Watermark));
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

    protected override void PostStop() => _stop.Cancel();

    private void StartAfresh()
    {
        if (!_running && _stopper is null) _incidents.Note(new ResumedByPerson(_incidents.Now));
        Start();
    }

    private void Start()
    {
        if (_running || _stopper is not null) return;
        Timers.Cancel("launch");
        _running = true;
        _state.Launching();
        _trouble = null;
        var self = Self;
        RunAsync(() =>
        {
            if (Interlocked.Exchange(ref _moved, 1) == 0) self.Tell(Moved.Instance);
        }).PipeTo(self);
    }

    /// <summary>Whatever ends it, the capture's connections are closed: the next start makes them anew.</summary>
    private async Task<Ended> RunAsync(Action moved)
    {
        try
        {
            // on the actor's thread, up to the first await
            await using var capture = _capture = _create(_settings);
            await capture.RunAsync(moved, _stop.Token);
            return new Ended(null);
        }
        catch (Exception e)
        {
            return new Ended(e);
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
        _waiters.Reach(_state.Watermark);
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
        (_capture, _running) = (null, false);
        if (_stopper is not null)
        {
            Stopped(ended);
        }
        else if (ended.Failure is PipelineFailure { Class: not FailureClass.Transient } failure)
        {
            _state.Fail(failure);
            _log.Error("Capture {0} stopped: {1}", _settings.Name, failure.Message);
            _incidents.Note(new Stopped(failure.Class, "capture", IncidentReason.Of(failure), _incidents.Now));
            Context.System.EventStream.Publish(new PipelineFailed(_settings.Name, failure));
        }
        else
        {
            Again(ended.Failure);
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
        _stopper = Sender;
        Timers.Cancel("launch");
        _stop.Cancel();
        if (!_running) Stopped(new Ended(null));
    }

    private void Stopped(Ended ended)
    {
        if (ended.Failure is not (null or OperationCanceledException))
            _log.Warning("Capture {0}: {1}; what the topics lack is sent at the next start", _settings.Name, ended.Failure.Message);
        _state.Stop();
        _incidents.Note(new NodeStopped(_incidents.Now));
        _stopper?.Tell(PipelinesStopped.Instance);
    }

    private void Wait(WaitForWatermark wait)
    {
        var waiter = Sender;
        if (wait.Lsn is { } lsn) Add(waiter, lsn, wait.Timeout);
        else if (_capture is null) _waiters.Answer(waiter, _state.Watermark, false);
        else _capture.MarkAsync(_stop.Token).PipeTo(Self, success: at => new Marked(waiter, at, wait.Timeout), failure: _ => new Marked(waiter, null, wait.Timeout));
    }

    private void OnMarked(Marked marked)
    {
        if (marked.Lsn is { } lsn) Add(marked.Waiter, lsn, marked.Timeout);
        else _waiters.Answer(marked.Waiter, _state.Watermark, false);
    }

    private void Add(IActorRef waiter, Lsn lsn, TimeSpan timeout)
    {
        if (_waiters.Add(waiter, lsn, _state.Watermark) is { } id) Timers.StartSingleTimer(id, new WaitOver(id), timeout);
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

    private sealed record Ended(Exception? Failure);

    private sealed record Marked(IActorRef Waiter, Lsn? Lsn, TimeSpan Timeout);

    private sealed record WaitOver(long Id);
}
