using Akka.Actor;

namespace Akka.Pattern;

/// <summary>How a <see cref="BackoffSupervisor"/> treats its child.</summary>
public abstract class BackoffOptions
{
    private protected BackoffOptions()
    {
    }

    /// <summary>Forgets the restarts once the child has run that long.</summary>
    public abstract BackoffOptions WithAutoReset(TimeSpan resetBackoff);

    /// <summary>Restarts by backoff nothing but what it must: all failures stop the child.</summary>
    public abstract BackoffOptions WithDefaultStoppingStrategy();

    /// <summary>A message after which the end of the child is final.</summary>
    public abstract BackoffOptions WithFinalStopMessage(Func<object, bool> isFinalStopMessage);

    /// <summary>Forgets the restarts when it is told <see cref="BackoffSupervisor.Reset"/>.</summary>
    public abstract BackoffOptions WithManualReset();

    /// <summary>Gives up after so many restarts; -1 never.</summary>
    public abstract BackoffOptions WithMaxNrOfRetries(int maxNrOfRetries);

    /// <summary>Answers with that message while there is no child; otherwise messages are dead letters.</summary>
    public abstract BackoffOptions WithReplyWhileStopped(object replyWhileStopped);

    /// <summary>Decides by that strategy which failures are restarted by backoff.</summary>
    public abstract BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy);

    internal abstract Props Props { get; }
}

internal sealed record BackoffSettings(
    bool OnFailure, Props Child, string ChildName, TimeSpan MinBackoff, TimeSpan MaxBackoff, double RandomFactor, OneForOneStrategy Strategy)
{
    internal TimeSpan? AutoReset { get; init; } = MinBackoff;

    internal object ReplyWhileStopped { get; init; }

    internal Func<object, bool> FinalStop { get; init; }

    /// <summary>The pause before the restart of that number, counted from 0: doubled each time, at most the maximum, lengthened at random.</summary>
    internal TimeSpan Delay(int restarts)
    {
        var random = 1.0 + (Random.Shared.NextDouble() * RandomFactor);
        var delay = MinBackoff * Math.Pow(2, Math.Min(restarts, 30));
        return (delay < MaxBackoff ? delay : MaxBackoff) * random;
    }
}

internal sealed class BackoffOptionsImpl(BackoffSettings settings) : BackoffOptions
{
    internal override Props Props => settings.MinBackoff <= TimeSpan.Zero ? throw new ArgumentException("MinBackoff must be greater than 0")
        : settings.MaxBackoff < settings.MinBackoff ? throw new ArgumentException("MaxBackoff must be greater than MinBackoff")
        : settings.RandomFactor is < 0.0 or > 1.0 ? throw new ArgumentException("RandomFactor must be between 0.0 and 1.0")
        : BackoffSupervisor.PropsOf(settings);

    public override BackoffOptions WithAutoReset(TimeSpan resetBackoff) => new BackoffOptionsImpl(settings with { AutoReset = resetBackoff });

    public override BackoffOptions WithManualReset() => new BackoffOptionsImpl(settings with { AutoReset = null });

    public override BackoffOptions WithDefaultStoppingStrategy() =>
        WithSupervisorStrategy(new OneForOneStrategy(settings.Strategy.MaxNumberOfRetries, settings.Strategy.WithinTimeRangeMilliseconds, SupervisorStrategy.StoppingStrategy.Decider));

    public override BackoffOptions WithFinalStopMessage(Func<object, bool> isFinalStopMessage) =>
        new BackoffOptionsImpl(settings with { FinalStop = isFinalStopMessage });

    public override BackoffOptions WithMaxNrOfRetries(int maxNrOfRetries) =>
        new BackoffOptionsImpl(settings with { Strategy = settings.Strategy.WithMaxNrOfRetries(maxNrOfRetries) });

    public override BackoffOptions WithReplyWhileStopped(object replyWhileStopped) =>
        new BackoffOptionsImpl(settings with { ReplyWhileStopped = replyWhileStopped });

    public override BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy) =>
        new BackoffOptionsImpl(settings with { Strategy = supervisorStrategy });
}

/// <summary>Ways to restart a child by backoff.</summary>
public static class Backoff
{
    /// <summary>Restarts the child after a pause when it fails; when it stops by itself, the supervisor stops too.</summary>
    public static BackoffOptions OnFailure(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries) =>
        new BackoffOptionsImpl(new BackoffSettings(true, childProps, childName, minBackoff, maxBackoff, randomFactor, Strategy(maxNrOfRetries)));

    /// <summary>Starts the child again after a pause when it stops, also by a failure that stops it.</summary>
    public static BackoffOptions OnStop(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries) =>
        new BackoffOptionsImpl(new BackoffSettings(false, childProps, childName, minBackoff, maxBackoff, randomFactor, Strategy(maxNrOfRetries)));

    private static OneForOneStrategy Strategy(int maxNrOfRetries) => new(maxNrOfRetries, -1, SupervisorStrategy.DefaultDecider);
}
