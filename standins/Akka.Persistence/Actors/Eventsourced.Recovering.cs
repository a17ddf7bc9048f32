using Akka.Actor;
using Akka.Persistence.Protocol;

namespace Akka.Persistence;

public abstract partial class Eventsourced
{
    private ICancelable _tick;
    private long _steps;
    private long _stepsAtTick;

    private void StartRecovery()
    {
        var recovery = Recovery;
        Schedule();
        SnapshotStore.Tell(new LoadSnapshot(PersistenceId, recovery.FromSnapshot, recovery.ToSequenceNr));
    }

    private void OnRecoveryAnswer(IRecoveryAnswer answer)
    {
        if (!IsRecovering)
            return;
        _steps++;
        switch (answer)
        {
            case LoadSnapshotResult result:
                OnSnapshot(result);
                break;
            case ReplayedMessage replayed:
                LastSequenceNr = replayed.Event.SequenceNr;
                _sequenceNr = LastSequenceNr;
                Recover(replayed.Event.Payload);
                break;
            case RecoverySuccess success:
                OnReplayed(success.HighestSequenceNr);
                break;
            case LoadSnapshotFailed failed:
                Fail(failed.Cause, null);
                break;
            case ReplayMessagesFailure failed:
                Fail(failed.Cause, null);
                break;
            case RecoveryTick tick when tick.InstanceId == _instanceId:
                OnTick();
                break;
        }
    }

    private void OnSnapshot(LoadSnapshotResult result)
    {
        if (_phase != Phase.LoadingSnapshot)
            return;
        if (result.Snapshot is { } selected)
        {
            LastSequenceNr = selected.Metadata.SequenceNr;
            if (!Recover(new SnapshotOffer(selected.Metadata, selected.Snapshot)))
                return;
        }
        _phase = Phase.Replaying;
        Journal.Tell(new ReplayMessages(LastSequenceNr + 1, result.ToSequenceNr, Recovery.ReplayMax, PersistenceId, Self));
    }

    private void OnReplayed(long highest)
    {
        _tick?.Cancel();
        LastSequenceNr = Math.Max(LastSequenceNr, highest);
        _sequenceNr = LastSequenceNr;
        _phase = Phase.Processing;
        OnReplaySuccess();
        Step(() =>
        {
            if (!ReceiveRecover(RecoveryCompleted.Instance))
                Unhandled(RecoveryCompleted.Instance);
        });
    }

    private bool Recover(object message)
    {
        try
        {
            if (!ReceiveRecover(message))
                Unhandled(message);
            return true;
        }
        catch (Exception cause)
        {
            Fail(cause, message);
            return false;
        }
    }

    private void OnTick()
    {
        _steps--;
        if (_steps == _stepsAtTick)
            Fail(new RecoveryTimedOutException($"Recovery timed out, didn't get event within {Extension.RecoveryEventTimeout(JournalPluginId)}, highest sequence number seen {LastSequenceNr}."), null);
        else
            Schedule();
    }

    private void Schedule()
    {
        _stepsAtTick = _steps;
        _tick = Context.System.Scheduler.ScheduleTellOnceCancelable(Extension.RecoveryEventTimeout(JournalPluginId), Self, new RecoveryTick(_instanceId), Self);
    }

    private void Fail(Exception cause, object message)
    {
        try
        {
            OnRecoveryFailure(cause, message);
        }
        finally
        {
            Context.Stop(Self);
        }
    }
}
