using Akka.Actor.Cells;
using Akka.Actor.Internal;

namespace Akka.Actor;

/// <summary>Applies the choice to all children when one fails. A negative number of restarts or time is no limit.</summary>
public class AllForOneStrategy : SupervisorStrategy
{
    /// <summary>Without a limit.</summary>
    public AllForOneStrategy(IDecider decider)
        : this(-1, -1, decider)
    {
    }

    /// <summary>Without a limit.</summary>
    public AllForOneStrategy(Func<Exception, Directive> localOnlyDecider)
        : this(-1, -1, localOnlyDecider)
    {
    }

    /// <summary>At most so many restarts in that time; null is no limit.</summary>
    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider)
        : this(maxNrOfRetries ?? -1, (int)(withinTimeRange?.TotalMilliseconds ?? -1), decider)
    {
    }

    /// <summary>At most so many restarts in that time; null is no limit.</summary>
    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : this(maxNrOfRetries, withinTimeRange, Akka.Actor.Decider.From(localOnlyDecider))
    {
    }

    /// <summary>At most so many restarts in that time; -1 is no limit.</summary>
    public AllForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : this(maxNrOfRetries, withinTimeMilliseconds, Akka.Actor.Decider.From(localOnlyDecider), loggingEnabled)
    {
    }

    /// <summary>At most so many restarts in that time; -1 is no limit.</summary>
    public AllForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, IDecider decider, bool loggingEnabled = true)
    {
        MaxNumberOfRetries = maxNrOfRetries;
        WithinTimeRangeMilliseconds = withinTimeMilliseconds;
        Decider = decider;
        LoggingEnabled = loggingEnabled;
    }

    /// <inheritdoc />
    public override IDecider Decider { get; }

    /// <summary>How many restarts are allowed in the time; negative is no limit.</summary>
    public int MaxNumberOfRetries { get; }

    /// <summary>The time in milliseconds; negative is no limit.</summary>
    public int WithinTimeRangeMilliseconds { get; }

    internal override void ProcessFailure(ActorCell cell, bool restart, Exception cause, ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children)
    {
        var allowed = restart && children.All(child => child.RequestRestartPermission(MaxNumberOfRetries, WithinTimeRangeMilliseconds));
        foreach (var child in children)
        {
            if (!allowed)
            {
                cell.Stop(child.Child);
                continue;
            }
            if (child != stats)
                child.Child.Suspend();
            child.Child.Restart(cause);
        }
    }
}
