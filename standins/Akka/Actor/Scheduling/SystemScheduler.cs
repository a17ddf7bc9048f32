using System.Collections.Concurrent;
using System.Diagnostics;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>The scheduler of real time, on the timers of .NET. It ends with its system: what is left then does not run.</summary>
internal sealed class SystemScheduler(ILoggingAdapter log) : IScheduler, IAdvancedScheduler, IDisposable
{
    private readonly ConcurrentDictionary<Entry, byte> _entries = new();
    private volatile bool _disposed;

    public TimeSpan HighResMonotonicClock => Stopwatch.GetElapsedTime(0);

    public TimeSpan MonotonicClock => Stopwatch.GetElapsedTime(0);

    public DateTimeOffset Now => DateTimeOffset.UtcNow;

    public IAdvancedScheduler Advanced => this;

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender) => ScheduleTellOnce(delay, receiver, message, sender, null);

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Schedule(delay, null, () => receiver.Tell(message, sender), cancelable);

    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender) =>
        ScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender, null);

    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Schedule(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    public void ScheduleOnce(TimeSpan delay, Action action) => Schedule(delay, null, action, null);

    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) => Schedule(delay, null, action, cancelable);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) => Schedule(initialDelay, interval, action, null);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable) =>
        Schedule(initialDelay, interval, action, cancelable);

    public void ScheduleOnce(TimeSpan delay, IRunnable action) => Schedule(delay, null, action.Run, null);

    public void ScheduleOnce(TimeSpan delay, IRunnable action, ICancelable cancelable) => Schedule(delay, null, action.Run, cancelable);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action) => Schedule(initialDelay, interval, action.Run, null);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable cancelable) =>
        Schedule(initialDelay, interval, action.Run, cancelable);

    public void Dispose()
    {
        _disposed = true;
        foreach (var entry in _entries.Keys)
            entry.End();
    }

    private void Schedule(TimeSpan delay, TimeSpan? interval, Action action, ICancelable cancelable)
    {
        if (delay < TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(delay), $"Delay must be >=0. It was {delay}");
        if (interval <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(interval), $"Interval must be >0. It was {interval}");
        if (_disposed)
            throw new SchedulerException("Cannot schedule: the actor system has ended.");
        if (cancelable is { IsCancellationRequested: true })
            return;
        var entry = new Entry(this, delay, interval, action);
        _entries[entry] = 0;
        entry.Start(cancelable);
        if (_disposed)
            entry.End();
    }

    private sealed class Entry(SystemScheduler owner, TimeSpan delay, TimeSpan? interval, Action action)
    {
        private readonly Lock _lock = new();
        private Timer _timer;
        private CancellationTokenRegistration _cancellation;
        private bool _ended;

        internal void Start(ICancelable cancelable)
        {
            lock (_lock)
            {
                using (ExecutionContext.SuppressFlow())
                    _timer = new Timer(static entry => ((Entry)entry)!.Fire(), this, delay, interval ?? Timeout.InfiniteTimeSpan);
            }
            if (cancelable == null)
                return;
            var registration = cancelable.Token.UnsafeRegister(static entry => ((Entry)entry)!.End(), this);
            lock (_lock)
            {
                if (!_ended)
                {
                    _cancellation = registration;
                    return;
                }
            }
            registration.Unregister();
        }

        internal void End()
        {
            CancellationTokenRegistration cancellation;
            lock (_lock)
            {
                if (_ended)
                    return;
                _ended = true;
                _timer?.Dispose();
                cancellation = _cancellation;
            }
            cancellation.Unregister();
            owner._entries.TryRemove(this, out _);
        }

        private void Fire()
        {
            lock (_lock)
            {
                if (_ended)
                    return;
            }
            try
            {
                action();
            }
            catch (Exception broken)
            {
                owner.Report(broken);
            }
            if (interval == null)
                End();
        }
    }

    private void Report(Exception broken) => log.Error(broken, "A scheduled action failed.");
}

/// <summary>Makes the scheduler that the settings name.</summary>
internal static class Schedulers
{
    internal static IScheduler Create(Config config, ILoggingAdapter log)
    {
        var name = config.GetString("akka.scheduler.implementation");
        if (string.IsNullOrEmpty(name) || name.StartsWith("Akka.Actor.HashedWheelTimerScheduler", StringComparison.Ordinal))
            return new SystemScheduler(log);
        var type = TypeNames.Find(name) ?? throw new ConfigurationException($"akka.scheduler.implementation: there is no type '{name}'.");
        return (IScheduler)Activator.CreateInstance(type, config.GetConfig("akka.scheduler"), log);
    }
}
