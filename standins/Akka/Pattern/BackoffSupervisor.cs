using Akka.Actor;
using Akka.Event;

namespace Akka.Pattern;

/// <summary>What supervisors with backoff have in common: they start their child when they start.</summary>
public abstract class BackoffSupervisorBase : ActorBase
{
    private protected BackoffSupervisorBase()
    {
    }

    /// <inheritdoc />
    protected override void PreStart() => Begin();

    private protected abstract void Begin();
}

/// <summary>Runs one child and starts it again after pauses that double. Messages are passed on to the child.</summary>
public sealed class BackoffSupervisor : BackoffSupervisorBase
{
    private readonly BackoffSettings _settings;
    private IActorRef _child;
    private int _restarts;
    private bool _final;

    private BackoffSupervisor(BackoffSettings settings) => _settings = settings;

    private protected override void Begin()
    {
        if (_child == null)
            _child = Context.Watch(Context.ActorOf(_settings.Child, _settings.ChildName));
    }

    /// <summary>The props of a supervisor with those options.</summary>
    public static Props Props(BackoffOptions options) => options.Props;

    /// <summary>The props of a supervisor that starts its child again when it stops.</summary>
    public static Props Props(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor) =>
        Props(Backoff.OnStop(childProps, childName, minBackoff, maxBackoff, randomFactor, -1));

    /// <summary>The props of a supervisor that starts its child again when it stops, at most so many times; -1 is no limit.</summary>
    public static Props Props(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries) =>
        Props(Backoff.OnStop(childProps, childName, minBackoff, maxBackoff, randomFactor, maxNrOfRetries));

    internal static Props PropsOf(BackoffSettings settings) => Actor.Props.CreateBy(new Producer(settings), settings);

    /// <inheritdoc />
    protected override SupervisorStrategy SupervisorStrategy()
    {
        var inner = _settings.Strategy;
        // Restarts are counted here, by the backoff; a child that is to be restarted is stopped and started again.
        return new OneForOneStrategy(-1, -1, Actor.Decider.From(cause =>
        {
            var directive = inner.Decider.Decide(cause);
            if (directive != Directive.Restart)
                return directive;
            if (_settings.OnFailure)
                _failed = true;
            return _settings.OnFailure ? Directive.Stop : Directive.Restart;
        }));
    }

    private bool _failed;

    /// <inheritdoc />
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case StartChild:
                Begin();
                return true;
            case ResetRestartCount reset:
                if (reset.Current == _restarts)
                    _restarts = 0;
                return true;
            case Reset:
                if (_settings.AutoReset == null)
                    _restarts = 0;
                else
                    Unhandled(message);
                return true;
            case GetRestartCount:
                Sender.Tell(new RestartCount(_restarts));
                return true;
            case GetCurrentChild:
                Sender.Tell(new CurrentChild(_child ?? ActorRefs.Nobody));
                return true;
            case Terminated terminated when terminated.ActorRef.Equals(_child):
                Ended();
                return true;
            default:
                PassOn(message);
                return true;
        }
    }

    private void Ended()
    {
        var failed = _failed;
        _failed = false;
        _child = null;
        var max = _settings.Strategy.MaxNumberOfRetries;
        if (_final || (_settings.OnFailure && !failed) || (max >= 0 && _restarts >= max))
        {
            Context.Stop(Self);
            return;
        }
        var scheduler = Context.System.Scheduler;
        var delay = _settings.Delay(_restarts++);
        scheduler.ScheduleTellOnce(delay, Self, StartChild.Instance, Self);
        if (_settings.AutoReset is { } calm)
            scheduler.ScheduleTellOnce(delay + calm, Self, new ResetRestartCount(_restarts), Self);
    }

    private void PassOn(object message)
    {
        var final = _settings.FinalStop?.Invoke(message) ?? false;
        if (_child != null)
        {
            _final |= final;
            _child.Forward(message);
        }
        else if (final)
        {
            Context.Stop(Self);
        }
        else if (_settings.ReplyWhileStopped != null)
        {
            Sender.Tell(_settings.ReplyWhileStopped, Self);
        }
        else
        {
            Context.System.DeadLetters.Forward(message);
        }
    }

    private sealed class Producer(BackoffSettings settings) : IIndirectActorProducer
    {
        public Type ActorType => typeof(BackoffSupervisor);

        public ActorBase Produce() => new BackoffSupervisor(settings);

        public void Release(ActorBase actor)
        {
        }
    }

    /// <summary>The answer to <see cref="GetCurrentChild"/>.</summary>
    public sealed class CurrentChild
    {
        /// <summary>That child, or Nobody.</summary>
        public CurrentChild(IActorRef @ref) => Ref = @ref;

        /// <summary>The child, or Nobody.</summary>
        public IActorRef Ref { get; }
    }

    /// <summary>Asks for the child.</summary>
    public sealed class GetCurrentChild
    {
        /// <summary>The only one.</summary>
        public static readonly GetCurrentChild Instance = new();

        private GetCurrentChild()
        {
        }
    }

    /// <summary>Asks how often the child was started again.</summary>
    public sealed class GetRestartCount
    {
        /// <summary>The only one.</summary>
        public static readonly GetRestartCount Instance = new();

        private GetRestartCount()
        {
        }
    }

    /// <summary>Forgets the restarts, where that is done by hand.</summary>
    public sealed class Reset
    {
        /// <summary>The only one.</summary>
        public static readonly Reset Instance = new();

        private Reset()
        {
        }
    }

    /// <summary>Forgets the restarts, unless there were more in the meantime.</summary>
    public sealed class ResetRestartCount : IDeadLetterSuppression
    {
        /// <summary>If there are still so many.</summary>
        public ResetRestartCount(int current) => Current = current;

        /// <summary>How many there were.</summary>
        public int Current { get; }
    }

    /// <summary>The answer to <see cref="GetRestartCount"/>.</summary>
    public sealed class RestartCount
    {
        /// <summary>So often.</summary>
        public RestartCount(int count) => Count = count;

        /// <summary>How often.</summary>
        public int Count { get; }
    }

    /// <summary>The pause is over.</summary>
    public sealed class StartChild : IDeadLetterSuppression
    {
        /// <summary>The only one.</summary>
        public static readonly StartChild Instance = new();

        private StartChild()
        {
        }
    }
}
