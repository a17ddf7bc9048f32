using Akka.Actor;
using Akka.Actor.Cells;
using Akka.Dispatch;
using Akka.Event;
using Akka.Persistence.Protocol;

namespace Akka.Persistence;

/// <summary>
/// An actor whose state comes from its events. First it recovers: a snapshot, then the events after it, then <see cref="RecoveryCompleted"/>;
/// commands wait meanwhile. While it persists with <see cref="Persist{TEvent}"/>, commands wait until the handlers have run.
/// </summary>
public abstract partial class Eventsourced : ActorBase, IPersistentIdentity, IPersistenceRecovery, IWithUnboundedStash
{
    private static int _instances;

    private readonly int _instanceId = Interlocked.Increment(ref _instances);
    private readonly string _writerGuid = Guid.NewGuid().ToString();
    private readonly ActorStash _waiting = new((ActorCell)Context);
    private IStash _stash;
    private IActorRef _journal;
    private IActorRef _snapshotStore;
    private ILoggingAdapter _log;
    private Phase _phase = Phase.LoadingSnapshot;
    private int _awaited;

    protected Eventsourced()
    {
    }

    private enum Phase
    {
        LoadingSnapshot,
        Replaying,
        Processing,
        Persisting,
    }

    public bool IsRecovering => _phase is Phase.LoadingSnapshot or Phase.Replaying;

    public bool IsRecoveryFinished => !IsRecovering;

    public IActorRef Journal => _journal ??= Extension.JournalFor(JournalPluginId);

    public string JournalPluginId { get; set; } = "";

    /// <summary>The number of the last event that was stored or replayed.</summary>
    public long LastSequenceNr { get; private set; }

    public abstract string PersistenceId { get; }

    public virtual Recovery Recovery { get; } = Recovery.Default;

    public string SnapshotPluginId { get; set; } = "";

    public long SnapshotSequenceNr => LastSequenceNr;

    public IActorRef SnapshotStore => _snapshotStore ??= Extension.SnapshotStoreFor(SnapshotPluginId);

    public string SnapshotterId => PersistenceId;

    public IStash Stash
    {
        get => _stash;
        set => _stash = new UserStash(value, _waiting);
    }

    protected PersistenceExtension Extension => Persistence.Instance.Apply(Context.System);

    protected virtual ILoggingAdapter Log => _log ??= Context.GetLogger();

    public override void AroundPreStart()
    {
        StartRecovery();
        base.AroundPreStart();
    }

    public override void AroundPreRestart(Exception cause, object message)
    {
        _tick?.Cancel();
        _waiting.UnstashAll();
        base.AroundPreRestart(cause, message);
    }

    public override void AroundPostRestart(Exception reason, object message)
    {
        StartRecovery();
        base.AroundPostRestart(reason, message);
    }

    public override void AroundPostStop()
    {
        _tick?.Cancel();
        _waiting.UnstashAll();
        base.AroundPostStop();
    }

    /// <summary>Deletes events up to and with a number; <see cref="DeleteMessagesSuccess"/> or <see cref="DeleteMessagesFailure"/> follows.</summary>
    public void DeleteMessages(long toSequenceNr) => Journal.Tell(new DeleteMessagesTo(PersistenceId, Math.Min(toSequenceNr, LastSequenceNr), Self));

    public void DeleteSnapshot(long sequenceNr) => SnapshotStore.Tell(new DeleteSnapshot(new SnapshotMetadata(SnapshotterId, sequenceNr, DateTime.MinValue)));

    public void DeleteSnapshots(SnapshotSelectionCriteria criteria) => SnapshotStore.Tell(new DeleteSnapshots(SnapshotterId, criteria));

    public void LoadSnapshot(string persistenceId, SnapshotSelectionCriteria criteria, long toSequenceNr)
        => throw new NotSupportedException("This stand-in of Akka.Persistence loads snapshots in recoveries only.");

    /// <summary>Stores a snapshot of the state after the last event; <see cref="SaveSnapshotSuccess"/> or <see cref="SaveSnapshotFailure"/> follows.</summary>
    public void SaveSnapshot(object snapshot) => SnapshotStore.Tell(new SaveSnapshot(new SnapshotMetadata(SnapshotterId, SnapshotSequenceNr, DateTime.UtcNow), snapshot));

    /// <summary>An event could not be stored; the actor is stopped after this.</summary>
    protected virtual void OnPersistFailure(Exception cause, object @event, long sequenceNr)
        => Log.Error(cause, "Failed to persist event type [{0}] with sequence number [{1}] for persistenceId [{2}].", @event.GetType(), sequenceNr, PersistenceId);

    /// <summary>The journal would not take an event, for example because it could not be serialized; the actor goes on.</summary>
    protected virtual void OnPersistRejected(Exception cause, object @event, long sequenceNr)
        => Log.Warning("Rejected to persist event type [{0}] with sequence number [{1}] for persistenceId [{2}] due to [{3}].", @event.GetType(), sequenceNr, PersistenceId, cause.Message);

    /// <summary>The state could not be recovered; the actor is stopped after this.</summary>
    protected virtual void OnRecoveryFailure(Exception reason, object message = null)
        => Log.Error(reason, "Exception in ReceiveRecover when replaying event type [{0}] with sequence number [{1}] for persistenceId [{2}]", message?.GetType(), LastSequenceNr, PersistenceId);

    /// <summary>All events are replayed; <see cref="RecoveryCompleted"/> comes next.</summary>
    protected virtual void OnReplaySuccess()
    {
    }

    protected abstract bool ReceiveCommand(object message);

    protected abstract bool ReceiveRecover(object message);

    /// <summary>Runs something asynchronous as part of the command at hand.</summary>
    protected void RunTask(Func<Task> action)
    {
        var inline = true;
        _awaited++;
        ActorTaskScheduler.RunTask(async () =>
        {
            try
            {
                await action();
            }
            finally
            {
                // What ends at once is settled with the step it belongs to.
                if (--_awaited == 0 && !inline)
                    Settle();
            }
        });
        inline = false;
    }

    protected override bool AroundReceive(Receive receive, object message)
    {
        switch (message)
        {
            case IRecoveryAnswer answer:
                OnRecoveryAnswer(answer);
                return true;
            case IWriteAnswer answer:
                OnWriteAnswer(answer);
                return true;
        }
        if (_phase != Phase.Processing)
        {
            _waiting.Stash();
            return true;
        }
        var handled = false;
        Step(() => handled = base.AroundReceive(receive, message));
        return handled;
    }

    private void Step(Action action)
    {
        try
        {
            action();
        }
        catch
        {
            // What was handed to Persist before the failure is stored all the same.
            Settle(all: true);
            throw;
        }
        if (_awaited == 0)
            Settle();
    }

    protected override void Unhandled(object message)
    {
        switch (message)
        {
            case RecoveryCompleted:
                return;
            case SaveSnapshotFailure failure:
                Log.Warning("Failed to save snapshot given metadata [{0}] due to: {1}", failure.Metadata, failure.Cause.Message);
                return;
            case DeleteSnapshotFailure failure:
                Log.Warning("Failed to delete snapshot given metadata [{0}] due to: {1}", failure.Metadata, failure.Cause.Message);
                return;
            case DeleteSnapshotsFailure failure:
                Log.Warning("Failed to delete snapshots given criteria [{0}] due to: {1}", failure.Criteria, failure.Cause.Message);
                return;
            case DeleteMessagesFailure failure:
                Log.Warning("Failed to delete messages up to {0} for persistence id [{1}] due to: {2}", failure.ToSequenceNr, PersistenceId, failure.Cause.Message);
                return;
            case SaveSnapshotSuccess or DeleteSnapshotSuccess or DeleteSnapshotsSuccess or DeleteMessagesSuccess:
                return;
            default:
                base.Unhandled(message);
                return;
        }
    }
}
