using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Measures;

/// <summary>Adds up where the time goes behind the capture. Written by the writers, read by status: any thread.</summary>
public sealed class StageClock
{
    private long _entities;
    private long _plan;
    private long _encoding;
    private long _server;
    private long _waiting;

    /// <param name="time">Routing and coalescing of one drain.</param>
    public void AddEntities(TimeSpan time) => Interlocked.Add(ref _entities, time.Ticks);

    /// <param name="time">Between the end of one write and the beginning of the next.</param>
    public void AddWaiting(TimeSpan time) => Interlocked.Add(ref _waiting, time.Ticks);

    public void Add(in WriteResult result)
    {
        Interlocked.Add(ref _plan, result.PlanTime.Ticks);
        Interlocked.Add(ref _encoding, result.EncodeTime.Ticks);
        Interlocked.Add(ref _server, result.ServerTime.Ticks);
    }

    /// <param name="capture">What the source says of itself.</param>
    public StageTimes Read(TimeSpan capture) => new(Seconds(capture.Ticks), Seconds(Interlocked.Read(ref _entities)), Seconds(Interlocked.Read(ref _plan)),
        Seconds(Interlocked.Read(ref _encoding)), Seconds(Interlocked.Read(ref _server)), Seconds(Interlocked.Read(ref _waiting)));

    private static double Seconds(long ticks) => Math.Round(TimeSpan.FromTicks(ticks).TotalSeconds, 3);
}
