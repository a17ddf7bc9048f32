using Akka.Actor.Internal;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor.Cells;

/// <summary>Creation, failure, restart and termination.</summary>
internal sealed partial class ActorCell
{
    private enum Waiting
    {
        No,
        Creation,
        Recreation,
        Termination,
    }

    private Waiting _waiting;
    private Exception _recreationCause;
    private ActorBase _failedActor;
    private IActorRef _perpetrator;

    private bool IsFailed => _perpetrator != null;

    private void FirstCreation()
    {
        try
        {
            var created = NewActor();
            _actor = created;
            created.AroundPreStart();
            RestartReceiveTimeoutIfSet();
        }
        catch (Exception cause)
        {
            ForgetActor();
            throw new ActorInitializationException(Self, "Exception during creation", cause);
        }
    }

    /// <summary>Stops the mailbox and the children, and leaves the decision to the supervisor.</summary>
    private void HandleFailure(Exception cause)
    {
        if (IsFailed || _waiting == Waiting.Termination)
        {
            Publish(new Error(cause, Self.Path.ToString(), ActorType, $"failed again before its first failure was dealt with: {cause.Message}"));
            return;
        }
        _mailbox.Suspend();
        _perpetrator = _failedChild ?? Self;
        SuspendChildren(except: _failedChild);
        Supervisor.SendSystemMessage(new Failed(Self, cause, Self.Path.Uid));
    }

    private IActorRef _failedChild;

    private void ChildFailed(Failed failed)
    {
        if (!TryGetChild(failed.Child, out var stats) || stats.Uid != failed.Uid)
            return;
        bool handled;
        try
        {
            handled = Strategy().HandleFailure(this, failed.Child, failed.Cause, stats, ChildStats());
        }
        catch (Exception broken)
        {
            Publish(new Error(broken, Self.Path.ToString(), ActorType, $"handling the failure of {failed.Child} threw: {broken.Message}"));
            handled = false;
        }
        if (handled)
            return;
        _failedChild = failed.Child;
        try
        {
            HandleFailure(failed.Cause);
        }
        finally
        {
            _failedChild = null;
        }
    }

    private SupervisorStrategy Strategy() => _actor?.StrategyInternal() ?? SupervisorStrategy.DefaultStrategy;

    private void FaultSuspend()
    {
        _mailbox.Suspend();
        SuspendChildren(except: null);
    }

    private void FaultResume(Exception causedByFailure)
    {
        if (_actor == null)
        {
            if (_waiting == Waiting.No)
                FaultCreate();
            return;
        }
        var perpetrator = _perpetrator;
        _mailbox.Resume();
        if (causedByFailure != null)
            _perpetrator = null;
        ResumeChildren(causedByFailure, perpetrator);
        _message = _awaited == 0 ? default : _message;
    }

    private void FaultRecreate(Exception cause)
    {
        if (_waiting != Waiting.No)
        {
            _mailbox.Resume();
        }
        else if (_actor == null)
        {
            FaultCreate();
        }
        else
        {
            _failedActor = _actor;
            _recreationCause = cause;
            CancelReceiveTimeout();
            _timers?.CancelAll();
            try
            {
                _failedActor.AroundPreRestart(cause, _message.Message);
            }
            catch (Exception broken)
            {
                var wrapped = new PreRestartException(Self, broken, cause, _message.Message);
                Publish(new Error(wrapped, Self.Path.ToString(), _failedActor.GetType(), broken.Message));
            }
            AbandonAwait();
            _stash?.UnstashAll();
            ForgetActor();
            if (!_mailbox.IsSuspended)
                _mailbox.Suspend();
            if (!WaitForChildren(Waiting.Recreation))
                FinishRecreate();
        }
    }

    private void FinishRecreate()
    {
        var cause = _recreationCause;
        var survivors = ChildRefs();
        _recreationCause = null;
        _failedActor = null;
        try
        {
            _mailbox.Resume();
            _perpetrator = null;
            var fresh = NewActor();
            _actor = fresh;
            fresh.AroundPostRestart(cause, null);
            foreach (var child in survivors)
                child.Restart(cause);
            RestartReceiveTimeoutIfSet();
        }
        catch (Exception broken)
        {
            ForgetActor();
            HandleFailure(new PostRestartException(Self, broken, cause));
        }
    }

    /// <summary>The first creation failed and the supervisor wants another try.</summary>
    private void FaultCreate()
    {
        CancelReceiveTimeout();
        StopChildren();
        if (!WaitForChildren(Waiting.Creation))
            FinishCreate();
    }

    private void FinishCreate()
    {
        _mailbox.Resume();
        _perpetrator = null;
        FirstCreation();
    }

    private void TerminateCell()
    {
        if (_waiting == Waiting.Termination)
            return;
        CancelReceiveTimeout();
        _timers?.CancelAll();
        UnwatchAll();
        CloseToNewChildren();
        StopChildren();
        var before = _waiting;
        if (!WaitForChildren(Waiting.Termination))
        {
            FinishTerminate();
        }
        else if (before != Waiting.Termination)
        {
            _mailbox.Suspend();
            _perpetrator = Self;
        }
    }

    private void FinishTerminate()
    {
        _waiting = Waiting.Termination;
        var last = _actor;
        try
        {
            last?.AroundPostStop();
        }
        catch (Exception broken)
        {
            Publish(new Error(broken, Self.Path.ToString(), ActorType, broken.Message));
        }
        finally
        {
            _stash?.UnstashAll();
            _mailbox.Close();
            TellWatchersWeDied();
            UnwatchAll();
            _actor = null;
            _behaviours.Clear();
            _message = default;
        }
    }

    /// <summary>Whether children have to die before it can go on.</summary>
    private bool WaitForChildren(Waiting reason)
    {
        if (_dying == null || _dying.Count == 0)
            return false;
        _waiting = reason;
        return true;
    }

    private void GoOnWithoutChildren()
    {
        if (_waiting == Waiting.No || _dying is { Count: > 0 })
            return;
        var reason = _waiting;
        _waiting = Waiting.No;
        if (reason == Waiting.Termination)
            FinishTerminate();
        else if (reason == Waiting.Recreation)
            FinishRecreate();
        else
            FinishCreate();
    }

    private void ForgetActor()
    {
        _actor = null;
        _behaviours.Clear();
        _message = default;
    }

    private Type ActorType => _actor?.GetType() ?? Props.Type ?? typeof(ActorBase);

    private void Publish(LogEvent logEvent) => SystemImpl.EventStream.Publish(logEvent);
}
