using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>
/// A scheduler whose time only goes on when the test says so. What is due runs on the thread of the test, in order; what repeats runs once an
/// advance, however far that goes.
/// </summary>
public class TestScheduler : IScheduler, IAdvancedScheduler
{
    private readonly SortedDictionary<(DateTimeOffset At, long Number), Entry> _entries = [];
    private readonly Lock _lock = new();
    private DateTimeOffset _now;
    private long _number;

    /// <summary>As the runtime makes it.</summary>
    public TestScheduler(Config schedulerConfig, ILoggingAdapter log) => _now = DateTimeOffset.UtcNow;

    /// <inheritdoc />
    public IAdvancedScheduler Advanced => this;

    /// <inheritdoc />
    public DateTimeOffset Now => _now;

    /// <inheritdoc />
    public TimeSpan MonotonicClock => TimeSpan.FromTicks(_now.UtcTicks);

    /// <inheritdoc />
    public TimeSpan HighResMonotonicClock => MonotonicClock;

    /// <summary>The virtual time of day.</summary>
    protected DateTimeOffset TimeNow => _now;

    /// <summary>Lets that much time pass.</summary>
    public void Advance(TimeSpan offset) => AdvanceTo(_now + offset);

    /// <summary>Lets time pass until then.</summary>
    /// <exception cref="InvalidOperationException">That is in the past.</exception>
    public void AdvanceTo(DateTimeOffset when)
    {
        if (when < _now)
            throw new InvalidOperationException("You can't reverse time...");
        _now = when;
        foreach (var entry in TakeDue())
        {
            if (entry.Cancelable is { IsCancellationRequested: true })
                continue;
            entry.Run();
            if (entry.Interval is { } interval && entry.Cancelable is not { IsCancellationRequested: true })
                Add(interval, interval, entry.Run, entry.Cancelable);
        }
    }

    /// <inheritdoc />
    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender) => Add(delay, null, () => receiver.Tell(message, sender), null);

    /// <inheritdoc />
    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Add(delay, null, () => receiver.Tell(message, sender), cancelable);

    /// <inheritdoc />
    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender) =>
        Add(initialDelay, interval, () => receiver.Tell(message, sender), null);

    /// <inheritdoc />
    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Add(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    /// <inheritdoc />
    public void ScheduleOnce(TimeSpan delay, Action action) => Add(delay, null, action, null);

    /// <inheritdoc />
    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) => Add(delay, null, action, cancelable);

    /// <inheritdoc />
    public void ScheduleOnce(TimeSpan delay, IRunnable action) => Add(delay, null, action.Run, null);

    /// <inheritdoc />
    public void ScheduleOnce(TimeSpan delay, IRunnable action, ICancelable cancelable) => Add(delay, null, action.Run, cancelable);

    /// <inheritdoc />
    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) => Add(initialDelay, interval, action, null);

    /// <inheritdoc />
    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable) => Add(initialDelay, interval, action, cancelable);

    /// <inheritdoc />
    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action) => Add(initialDelay, interval, action.Run, null);

    /// <inheritdoc />
    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable cancelable) =>
        Add(initialDelay, interval, action.Run, cancelable);

    private void Add(TimeSpan delay, TimeSpan? interval, Action run, ICancelable cancelable)
    {
        if (delay <= TimeSpan.Zero)
        {
            // Nothing to wait for: it must not need an Advance to happen.
            run();
            if (interval == null)
                return;
            delay = interval.Value;
        }
        lock (_lock)
            _entries[(_now + delay, ++_number)] = new Entry(run, interval, cancelable);
    }

    private List<Entry> TakeDue()
    {
        lock (_lock)
        {
            var due = _entries.TakeWhile(entry => entry.Key.At <= _now).ToList();
            due.ForEach(entry => _entries.Remove(entry.Key));
            return due.ConvertAll(entry => entry.Value);
        }
    }

    private sealed record Entry(Action Run, TimeSpan? Interval, ICancelable Cancelable);
}
