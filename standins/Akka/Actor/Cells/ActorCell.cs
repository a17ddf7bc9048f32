using System.Runtime.ExceptionServices;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor.Cells;

/// <summary>
/// The runtime side of one actor: its mailbox, behaviours, children, supervision, death watch and timers. Everything but sending runs
/// on the one thread that runs the mailbox. The parts stand in files of their own.
/// </summary>
internal sealed partial class ActorCell : IUntypedActorContext
{
    [ThreadStatic]
    private static ActorCell _current;

    private readonly Mailbox _mailbox;
    private readonly Stack<Receive> _behaviours = new();
    private ActorBase _actor;
    private Envelope _message;

    internal ActorCell(ActorSystemImpl system, LocalActorRef self, Props props, ActorDispatcher dispatcher, IInternalActorRef supervisor)
    {
        SystemImpl = system;
        Ref = self;
        Props = props;
        Supervisor = supervisor;
        _mailbox = new Mailbox(this, dispatcher) { RunsOnCaller = props.RunsOnCaller };
        _mailbox.Post(Dispatch.SysMsg.Create.Instance);
    }

    /// <summary>The cell whose actor runs on this thread, or null.</summary>
    internal static ActorCell Current
    {
        get => _current;
        set => _current = value;
    }

    internal ActorSystemImpl SystemImpl { get; }

    internal LocalActorRef Ref { get; }

    internal IInternalActorRef Supervisor { get; }

    internal ActorBase Actor => _actor;

    internal Envelope CurrentEnvelope => _message;

    /// <summary>Counts the messages, so that one is not stashed twice.</summary>
    internal long MessageNumber { get; private set; }

    internal bool IsTerminated => _mailbox.IsClosed;

    public IActorRef Self => Ref;

    public IActorRef Sender => _message.Sender ?? SystemImpl.DeadLetters;

    public IActorRef Parent => Supervisor;

    public Props Props { get; }

    public ActorSystem System => SystemImpl;

    internal void Start() => _mailbox.Open();

    internal void SendMessage(object message, IActorRef sender)
    {
        if (message == null)
            throw new ArgumentNullException(nameof(message), "The message cannot be null.");
        _mailbox.Post(new Envelope(message, sender ?? SystemImpl.DeadLetters));
    }

    internal void SendSystemMessage(SystemMessage message) => _mailbox.Post(message);

    internal void Prepend(IReadOnlyList<Envelope> envelopes) => _mailbox.Prepend(envelopes);

    internal void DeadLetter(Envelope envelope)
    {
        // A dead subscriber to dead letters would otherwise get its own without end.
        if (envelope.Message is not AllDeadLetters)
            SystemImpl.DeadLetters.Tell(new DeadLetter(envelope.Message, envelope.Sender, Self), envelope.Sender);
    }

    internal void DeadSystemMessage(SystemMessage message)
    {
        if (message is Watch watch)
            watch.Watcher.SendSystemMessage(new DeathWatchNotification(watch.Watchee, existenceConfirmed: false, addressTerminated: false));
    }

    internal void Invoke(Envelope envelope)
    {
        _message = envelope;
        MessageNumber++;
        var restartsTimeout = _receiveTimeout.HasValue && envelope.Message is not INotInfluenceReceiveTimeout;
        try
        {
            if (envelope.Message is TimerMessage timer)
                ReceiveTimer(timer, envelope.Sender);
            else if (envelope.Message is IAutoReceivedMessage)
                AutoReceive(envelope.Message);
            else
                ReceiveMessage(envelope.Message);
            if (_awaited == 0)
                _message = default;
        }
        catch (Exception cause)
        {
            HandleFailure(cause);
        }
        if ((restartsTimeout || _receiveTimeoutChanged) && _awaited == 0)
            RestartReceiveTimeout();
    }

    /// <summary>Hands a message to the behaviour on top.</summary>
    internal void ReceiveMessage(object message)
    {
        if (_actor == null)
            DeadLetter(_message);
        else
            _actor.AroundReceiveInternal(_behaviours.Peek(), message);
    }

    internal void InvokeSystem(SystemMessage message)
    {
        try
        {
            switch (message)
            {
                case Create:
                    FirstCreation();
                    break;
                case ActorTask task:
                    RunContinuation(task);
                    break;
                case ActorTaskDone done:
                    FinishAwait(done.Task);
                    break;
                case Failed failed:
                    ChildFailed(failed);
                    break;
                case DeathWatchNotification notification:
                    WatchedActorTerminated(notification);
                    break;
                case Watch watch:
                    AddWatcher(watch);
                    break;
                case Unwatch unwatch:
                    _watchedBy?.Remove(unwatch.Watcher);
                    break;
                case Recreate recreate:
                    FaultRecreate(recreate.Cause);
                    break;
                case Dispatch.SysMsg.Suspend:
                    FaultSuspend();
                    break;
                case Resume resume:
                    FaultResume(resume.CausedByFailure);
                    break;
                case Terminate:
                    TerminateCell();
                    break;
            }
        }
        catch (Exception cause)
        {
            HandleFailure(cause);
        }
    }

    private void AutoReceive(object message)
    {
        switch (message)
        {
            case Terminated terminated:
                ReceivedTerminated(terminated);
                break;
            case PoisonPill:
                Ref.Stop();
                break;
            case Kill:
                throw new ActorKilledException("Kill");
            case Identify identify:
                Sender.Tell(new ActorIdentity(identify.MessageId, Self), Self);
                break;
            case ActorSelectionMessage selection:
                Akka.Actor.ActorSelection.Deliver(Ref, Sender, selection);
                break;
            default:
                ReceiveMessage(message);
                break;
        }
    }

    private ActorBase NewActor()
    {
        _behaviours.Clear();
        _creating = true;
        try
        {
            var actor = Props.NewActorInternal() ?? throw new ActorInitializationException(Self, "The props made no actor (null).");
            _behaviours.Push(actor.ReceiveInternal);
            (actor as IInitializable)?.Init();
            PrepareStash(actor);
            if (actor is IWithTimers timed)
                timed.Timers = _timers ??= new CellTimers(this);
            return actor;
        }
        finally
        {
            _creating = false;
        }
    }

    private bool _creating;

    /// <summary>Whether the constructor of the actor is running.</summary>
    internal bool IsCreating => _creating;

    /// <summary>Runs the action as this actor on the calling thread; for tests.</summary>
    internal void RunAs(Action action)
    {
        var outer = _current;
        _current = this;
        try
        {
            action();
        }
        catch (Exception cause) when (cause is AggregateException { InnerExceptions.Count: 1 })
        {
            ExceptionDispatchInfo.Throw(cause.InnerException!);
        }
        finally
        {
            _current = outer;
        }
    }

    public void Become(Receive receive)
    {
        if (_behaviours.Count > 1)
            _behaviours.Pop();
        _behaviours.Push(receive);
    }

    public void BecomeStacked(Receive receive) => _behaviours.Push(receive);

    public void UnbecomeStacked()
    {
        if (_behaviours.Count > 1)
            _behaviours.Pop();
    }

    void IUntypedActorContext.Become(UntypedReceive receive) => Become(Wrap(receive));

    void IUntypedActorContext.BecomeStacked(UntypedReceive receive) => BecomeStacked(Wrap(receive));

    private static Receive Wrap(UntypedReceive receive) => message =>
    {
        receive(message);
        return true;
    };
}
