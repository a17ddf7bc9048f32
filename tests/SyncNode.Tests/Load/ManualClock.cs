namespace PolyglotSync.SyncNode.Tests.Load;

/// <summary>Time that passes when a test says so.</summary>
internal sealed class ManualClock : TimeProvider
{
    private long _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public void Pass(double seconds) => _now += TimeSpan.FromSeconds(seconds).Ticks;
}
