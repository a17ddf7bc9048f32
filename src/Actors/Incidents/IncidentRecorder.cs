using Akka.Actor;
using Akka.Event;
using PolyglotSync.Actors.Measures;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Incidents;

/// <summary>
/// Stores the incidents of one pipeline, beside its work and never in its way: one write at a time, a pause between two, and while the database is away what is to be stored waits here, up to
/// <see cref="MaxWaitingIncidents"/> of them.
/// </summary>
internal sealed class IncidentRecorder : ReceiveActor, IWithTimers
{
    public const int MaxWaitingIncidents = 500;

    /// <summary>A retry or a letter more need not be stored at once.</summary>
    private static readonly TimeSpan BetweenWrites = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan WriteWithin = TimeSpan.FromSeconds(20);

    private readonly string _name;
    private readonly IIncidentStore _store;
    private readonly TimeProvider _clock;
    private readonly WaitingIncidents _waiting = new(MaxWaitingIncidents);
    private readonly Backoff _backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<IActorRef> _askers = [];
    private WorkBegan? _began;
    private bool _isWriting;
    private bool _isResting;
    private bool _isAway;

    public IncidentRecorder(Func<IIncidentStore> create, string name, TimeProvider clock)
    {
        (_store, _name, _clock) = (create(), name, clock);
        Receive<IncidentsChanged>(changed =>
        {
            foreach (var incident in changed.Changed) _waiting.Add(incident);
            WriteWhatWaits();
        });
        Receive<WorkBegan>(began =>
        {
            _began = began;
            WriteWhatWaits();
        });
        Receive<StoreIncidents>(_ =>
        {
            _askers.Add(Sender);
            _isResting = false;
            WriteWhatWaits();
        });
        Receive<Rested>(_ =>
        {
            _isResting = false;
            WriteWhatWaits();
        });
        Receive<Written>(OnWritten);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="create">Makes the store, which the actor disposes.</param>
    public static Props Props(Func<IIncidentStore> create, string name, TimeProvider clock) => Akka.Actor.Props.Create(() => new IncidentRecorder(create, name, clock));

    protected override void PostStop()
    {
        _stopping.Cancel();
        if (_store is IAsyncDisposable store) _ = store.DisposeAsync().AsTask();
    }

    private void WriteWhatWaits()
    {
        if (_isWriting || _isResting) return;
        if (_waiting.Count == 0 && _began is null)
        {
            foreach (var asker in _askers) asker.Tell(IncidentsStored.Instance);
            _askers.Clear();
            return;
        }
        _isWriting = true;
        WriteAsync(_waiting.Take(), _began).PipeTo(Self);
        _began = null;
    }

    private async Task<Written> WriteAsync(IReadOnlyList<Incident> incidents, WorkBegan? began)
    {
        using var time = new CancellationTokenSource(WriteWithin, _clock);
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, time.Token);
        try
        {
            // an incident that this run goes on with must be its own before those of others are closed
            if (incidents.Count > 0) await _store.SaveAsync(incidents, bounded.Token);
            if (began is not null) await _store.CloseLeftOpenAsync(began.Settings.Name, began.Role, began.Run, began.At, began.IsShared, bounded.Token);
            return new Written(incidents, began, null);
        }
        catch (Exception e)
        {
            return new Written(incidents, began, e);
        }
    }

    private void OnWritten(Written written)
    {
        _isWriting = false;
        if (written.Failure is { } failure)
        {
            _waiting.PutBack(written.Incidents);
            _began ??= written.Began;
            // a connection that nobody has used for long may be gone: that is no outage
            var isFirst = _backoff.Attempts == 0;
            if (_backoff.Attempts == 1)
            {
                _isAway = true;
                _log.Warning("Incidents of {0} cannot be stored: {1}; they wait, {2} of them at the most", _name, failure.Message, MaxWaitingIncidents);
            }
            Rest(_backoff.Next());
            if (_askers.Count > 0 && isFirst)
            {
                _isResting = false;
                WriteWhatWaits();
                return;
            }
            // who ends the node waits no longer than two tries
            foreach (var asker in _askers) asker.Tell(IncidentsStored.Instance);
            _askers.Clear();
            return;
        }
        if (_isAway) _log.Info("Incidents of {0} are stored again", _name);
        if (_waiting.TakeDropped() is > 0 and var dropped) _log.Warning("{0} incidents of {1} were never stored: the oldest of those that waited", dropped, _name);
        _isAway = false;
        _backoff.Reset();
        if (_askers.Count == 0) Rest(BetweenWrites);
        else WriteWhatWaits();
    }

    private void Rest(TimeSpan time)
    {
        _isResting = true;
        Timers.StartSingleTimer(Rested.Instance, Rested.Instance, time);
    }

    private sealed record Rested
    {
        public static readonly Rested Instance = new();
    }

    private sealed record Written(IReadOnlyList<Incident> Incidents, WorkBegan? Began, Exception? Failure) : INoSerializationVerificationNeeded;
}
