using Akka.Actor;

namespace PolyglotSync.Actors.Tests;

/// <summary>The clock of the actors' scheduler: where that is virtual, time of day, timers and bounds go on together, and only when the test says so.</summary>
internal sealed class SchedulerTime(IScheduler scheduler) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => scheduler.Now;

    public override long GetTimestamp() => scheduler.Now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (period != Timeout.InfiniteTimeSpan) throw new NotSupportedException("a timer of the tests rings once");
        var timer = new OneShot(scheduler, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class OneShot(IScheduler scheduler, Action ring) : ITimer
    {
        private Cancelable? _due;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _due?.Cancel();
            if (dueTime == Timeout.InfiniteTimeSpan) return true;
            _due = new Cancelable(scheduler);
            scheduler.Advanced.ScheduleOnce(dueTime, ring, _due);
            return true;
        }

        public void Dispose() => _due?.Cancel();

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
