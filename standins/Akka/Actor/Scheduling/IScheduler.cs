using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>Tells the time.</summary>
public interface ITimeProvider
{
    /// <summary>Time since some fixed moment, in high resolution.</summary>
    TimeSpan HighResMonotonicClock { get; }

    /// <summary>Time since some fixed moment.</summary>
    TimeSpan MonotonicClock { get; }

    /// <summary>The time of day.</summary>
    DateTimeOffset Now { get; }
}

/// <summary>Sends messages later.</summary>
public interface ITellScheduler
{
    /// <summary>Sends a message once.</summary>
    void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender);

    /// <summary>Sends a message once, unless cancelled.</summary>
    void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable);

    /// <summary>Sends a message again and again.</summary>
    void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender);

    /// <summary>Sends a message again and again until cancelled.</summary>
    void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable);
}

/// <summary>Runs something later.</summary>
public interface IRunnableScheduler
{
    /// <summary>Runs it once.</summary>
    void ScheduleOnce(TimeSpan delay, IRunnable action);

    /// <summary>Runs it once, unless cancelled.</summary>
    void ScheduleOnce(TimeSpan delay, IRunnable action, ICancelable cancelable);

    /// <summary>Runs it again and again.</summary>
    void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action);

    /// <summary>Runs it again and again until cancelled.</summary>
    void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable cancelable);
}

/// <summary>Runs actions later, outside of actors.</summary>
public interface IActionScheduler : IRunnableScheduler
{
    /// <summary>Runs it once.</summary>
    void ScheduleOnce(TimeSpan delay, Action action);

    /// <summary>Runs it once, unless cancelled.</summary>
    void ScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable);

    /// <summary>Runs it again and again.</summary>
    void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action);

    /// <summary>Runs it again and again until cancelled.</summary>
    void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable);
}

/// <summary>Both ways of running something later.</summary>
public interface IAdvancedScheduler : IActionScheduler
{
}

/// <summary>The scheduler of a system.</summary>
public interface IScheduler : ITellScheduler, ITimeProvider
{
    /// <summary>Runs actions instead of sending messages.</summary>
    IAdvancedScheduler Advanced { get; }
}

/// <summary>Something that can be cancelled.</summary>
public interface ICancelable
{
    /// <summary>Whether it was.</summary>
    bool IsCancellationRequested { get; }

    /// <summary>Tells when it is.</summary>
    CancellationToken Token { get; }

    /// <summary>Cancels.</summary>
    void Cancel();

    /// <summary>Cancels.</summary>
    void Cancel(bool throwOnFirstException);

    /// <summary>Cancels after some milliseconds.</summary>
    void CancelAfter(int millisecondsDelay);

    /// <summary>Cancels after some time.</summary>
    void CancelAfter(TimeSpan delay);
}
