using Akka.Actor.Cells;
using Akka.Actor.Internal;
using Akka.Event;

namespace Akka.Actor;

/// <summary>What to do with a child that failed.</summary>
public enum Directive
{
    /// <summary>Goes on with the next message; the state stays.</summary>
    Resume = 0,

    /// <summary>Goes on with a new instance.</summary>
    Restart = 1,

    /// <summary>Fails itself.</summary>
    Escalate = 2,

    /// <summary>Stops the child.</summary>
    Stop = 3,
}

/// <summary>Chooses what to do by the exception.</summary>
public interface IDecider
{
    /// <summary>The choice for that exception.</summary>
    Directive Decide(Exception cause);
}

/// <summary>A decider of a function.</summary>
public class LocalOnlyDecider(Func<Exception, Directive> decider) : IDecider
{
    /// <inheritdoc />
    public Directive Decide(Exception cause) => decider(cause);
}

/// <summary>A decider by exact and base types, in order.</summary>
public class DeployableDecider : IDecider
{
    /// <summary>With a choice for all other types.</summary>
    public DeployableDecider(Directive defaultDirective, params KeyValuePair<Type, Directive>[] pairs)
    {
        DefaultDirective = defaultDirective;
        Pairs = pairs;
    }

    /// <summary>The choice for all other types.</summary>
    public Directive DefaultDirective { get; }

    /// <summary>The choices by type.</summary>
    public KeyValuePair<Type, Directive>[] Pairs { get; }

    /// <inheritdoc />
    public Directive Decide(Exception cause)
    {
        foreach (var (type, directive) in Pairs)
        {
            if (type.IsInstanceOfType(cause))
                return directive;
        }
        return DefaultDirective;
    }
}

/// <summary>Makes deciders.</summary>
public static class Decider
{
    /// <summary>Of a function.</summary>
    public static LocalOnlyDecider From(Func<Exception, Directive> localOnlyDecider) => new(localOnlyDecider);

    /// <summary>Of choices by type.</summary>
    public static DeployableDecider From(Directive defaultDirective, params KeyValuePair<Type, Directive>[] pairs) => new(defaultDirective, pairs);
}

/// <summary>How a supervisor deals with failures of its children.</summary>
public abstract class SupervisorStrategy
{
    /// <summary>Stops children that could not be made or were killed, restarts all others.</summary>
    public static IDecider DefaultDecider = Akka.Actor.Decider.From(cause => cause switch
    {
        ActorInitializationException or ActorKilledException or DeathPactException => Directive.Stop,
        _ => Directive.Restart,
    });

    /// <summary>One for one by the default decider, without a limit.</summary>
    public static readonly SupervisorStrategy DefaultStrategy = new OneForOneStrategy(DefaultDecider);

    /// <summary>Stops every child that fails.</summary>
    public static readonly OneForOneStrategy StoppingStrategy = new(_ => Directive.Stop);

    private protected SupervisorStrategy()
    {
    }

    /// <summary>The choice by exception.</summary>
    public abstract IDecider Decider { get; }

    /// <summary>Whether failures are logged.</summary>
    protected bool LoggingEnabled { get; set; } = true;

    internal bool HandleFailure(ActorCell cell, IActorRef child, Exception cause, ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children)
    {
        var directive = Decider.Decide(cause);
        if (LoggingEnabled && directive != Directive.Escalate)
            Log(cell, child, cause, directive);
        switch (directive)
        {
            case Directive.Resume:
                stats.Child.Resume(cause);
                return true;
            case Directive.Restart:
                ProcessFailure(cell, restart: true, cause, stats, children);
                return true;
            case Directive.Stop:
                ProcessFailure(cell, restart: false, cause, stats, children);
                return true;
            default:
                return false;
        }
    }

    internal abstract void ProcessFailure(ActorCell cell, bool restart, Exception cause, ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children);

    private static void Log(ActorCell cell, IActorRef child, Exception cause, Directive directive)
    {
        var told = cause is ActorInitializationException { InnerException: { } inner } ? inner : cause;
        LogEvent entry = directive == Directive.Resume
            ? new Warning(child.Path.ToString(), cell.Actor?.GetType() ?? typeof(SupervisorStrategy), told.Message)
            : new Error(cause, child.Path.ToString(), cell.Actor?.GetType() ?? typeof(SupervisorStrategy), told.Message);
        cell.System.EventStream.Publish(entry);
    }
}

/// <summary>Makes the strategy of the user guardian, by the name of the type in the settings.</summary>
public abstract class SupervisorStrategyConfigurator
{
    /// <summary>Makes the strategy.</summary>
    public abstract SupervisorStrategy Create();
}

/// <summary>The default strategy.</summary>
public class DefaultSupervisorStrategy : SupervisorStrategyConfigurator
{
    /// <inheritdoc />
    public override SupervisorStrategy Create() => SupervisorStrategy.DefaultStrategy;
}

/// <summary>The strategy that stops.</summary>
public class StoppingSupervisorStrategy : SupervisorStrategyConfigurator
{
    /// <inheritdoc />
    public override SupervisorStrategy Create() => SupervisorStrategy.StoppingStrategy;
}
