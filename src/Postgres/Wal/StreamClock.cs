using Microsoft.Extensions.Logging;
using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>What happens beside the stream by time: status updates (soon after an acknowledgement, at the latest each interval, whether or not the
/// consumer asks for more), watermarks from keepalives, the server's end, and looks at the catalog, which are heartbeats too.</summary>
internal sealed class StreamClock(
    ReplicationStream stream, BatchAssembler assembler, ShapeWatch watch, SideConnection side, SourceSettings settings, SourceNames names, TimeProvider time,
    ILogger log)
    : IAsyncDisposable
{
    private readonly SemaphoreSlim _acknowledged = new(0, 1);
    private bool _canBeat = true;
    private Task _asking = Task.CompletedTask;
    private long _looked;
    private ulong _serverEnd;

    public Lsn Flushed { get; private set; }

    /// <summary>The end of the server's log. The stream's own messages say only how far the server has decoded, so it is asked, once an interval.</summary>
    public Lsn ServerEnd => Lsn.Max(new Lsn(Interlocked.Read(ref _serverEnd)), stream.Received);

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
        catch (ObjectDisposedException)
        {
            // The stream has ended meanwhile: the next one's clock begins with what was acknowledged.
        }
    }

    /// <param name="acknowledged">The newest acknowledged watermark.</param>
    /// <exception cref="Exception">The connection is lost.</exception>
    public async Task RunAsync(Func<Lsn> acknowledged, CancellationToken cancellationToken)
    {
        var sent = time.GetTimestamp();
        var asked = sent;
        var interval = TimeSpan.FromMilliseconds(settings.StatusIntervalMs);
        var pause = TimeSpan.FromMilliseconds(Math.Clamp(settings.StatusIntervalMs / 10, 1, 100));
        _asking = AskAsync(cancellationToken);
        while (true)
        {
            await _acknowledged.WaitAsync(pause, cancellationToken);
            assembler.Advance(stream.Received);
            var flushed = acknowledged();
            // Before the first message the server may not have begun to listen.
            if (stream.Received > Lsn.Zero
                && (time.GetElapsedTime(sent) >= interval || (flushed > Flushed && time.GetElapsedTime(sent) >= pause)))
            {
                if (flushed > Flushed) Failpoint.Reach(Failpoint.BeforeAcknowledge);
                Flushed = flushed;
                sent = time.GetTimestamp();
                await stream.SendStatusAsync(flushed, cancellationToken);
                SourceLog.StatusSent(log, names.Slot, flushed);
            }
            // Not awaited before it is done: a slow answer must not hold status updates back.
            if (!_asking.IsCompleted) continue;
            await _asking;
            if (time.GetElapsedTime(asked) < interval) continue;
            asked = time.GetTimestamp();
            _asking = AskAsync(cancellationToken);
        }
    }

    /// <summary>Once <see cref="RunAsync"/> has ended: waits until nothing of it uses the side connection any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _acknowledged.Dispose();
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        var end = await side.QueryAsync("SELECT pg_current_wal_flush_lsn()::text", [], cancellationToken);
        Interlocked.Exchange(ref _serverEnd, Lsn.Parse(end[0][0]).Value);
        if (!_canBeat || watch.IsPending || (_looked != 0 && time.GetElapsedTime(_looked).TotalMilliseconds < settings.HeartbeatIntervalMs)) return;
        _looked = time.GetTimestamp();
        try
        {
            await watch.LookAsync(cancellationToken);
        }
        catch (PipelineFailure e) when (e.Class == FailureClass.Fatal)
        {
            _canBeat = false;
            SourceLog.NoHeartbeat(log, e.Message);
        }
    }
}
