using Microsoft.Extensions.Logging;
using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>What happens beside the stream by time: status updates (soon after an acknowledgement, at the latest each interval), watermarks from
/// keepalives, and a heartbeat when nothing comes.</summary>
internal sealed class StreamClock(
    ReplicationStream stream, BatchAssembler assembler, SideConnection side, SourceSettings settings, SourceNames names, TimeProvider time, ILogger log)
    : IDisposable
{
    private readonly SemaphoreSlim _acknowledged = new(0, 1);
    private bool _canBeat = true;

    public Lsn Flushed { get; private set; }

    /// <summary>Wakes the clock after an acknowledgement. Never blocks.</summary>
    public void Wake()
    {
        try
        {
            if (_acknowledged.CurrentCount == 0) _acknowledged.Release();
        }
        catch (SemaphoreFullException)
        {
            // Two acknowledgements at once: one wake-up serves both.
        }
    }

    /// <param name="acknowledged">The newest acknowledged watermark.</param>
    /// <exception cref="Exception">The connection is lost.</exception>
    public async Task RunAsync(Func<Lsn> acknowledged, CancellationToken cancellationToken)
    {
        var seen = stream.Received;
        var quietSince = time.GetTimestamp();
        var sent = time.GetTimestamp();
        var interval = TimeSpan.FromMilliseconds(settings.StatusIntervalMs);
        var pause = TimeSpan.FromMilliseconds(Math.Clamp(settings.StatusIntervalMs / 10, 1, 100));
        while (true)
        {
            await _acknowledged.WaitAsync(pause, cancellationToken);
            assembler.Advance(stream.Received);
            var flushed = acknowledged();
            if ((flushed > Flushed && time.GetElapsedTime(sent) >= pause) || time.GetElapsedTime(sent) >= interval)
            {
                Flushed = flushed;
                sent = time.GetTimestamp();
                await stream.SendStatusAsync(flushed, cancellationToken);
                SourceLog.StatusSent(log, names.Slot, flushed);
            }
            if (stream.Received > seen)
            {
                seen = stream.Received;
                quietSince = time.GetTimestamp();
            }
            else if (_canBeat && time.GetElapsedTime(quietSince).TotalMilliseconds >= settings.HeartbeatIntervalMs)
            {
                quietSince = time.GetTimestamp();
                await BeatAsync(cancellationToken);
            }
        }
    }

    public void Dispose() => _acknowledged.Dispose();

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        try
        {
            await side.ExecuteAsync($"SELECT pg_logical_emit_message(true, '{PgOutputDecoder.MarkerPrefix}', 'heartbeat')", cancellationToken);
        }
        catch (PipelineFailure e) when (e.Class == FailureClass.Fatal)
        {
            _canBeat = false;
            SourceLog.NoHeartbeat(log, e.Message);
        }
    }
}
