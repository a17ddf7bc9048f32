using PolyglotSync.Actors.Measures;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Capture;

/// <summary>What a capture knows of itself, and its snapshot for status. Used by its actor alone.</summary>
internal sealed class CaptureState(PipelineSettings settings, TimeProvider clock)
{
    private readonly RateMeter _rate = new(clock);
    private readonly LatencyWindow _latency = new(clock);
    private PipelineState _state = PipelineState.Starting;
    private DateTimeOffset _since = clock.GetUtcNow();
    private DateTimeOffset _caughtUpAt = clock.GetUtcNow();
    private string? _reason;
    private string? _lastError;
    private string _target = settings.Kafka is { } kafka ? $"kafka://{kafka.BootstrapServers}/{kafka.Prefix}" : "";
    private CaptureProgress? _progress;
    private long _rows;
    private long _rowsBefore;
    private long _retries;

    /// <summary>It takes changes; whether the broker acknowledges them is another matter.</summary>
    public bool IsAtWork => _state is PipelineState.Copying or PipelineState.Streaming;

    /// <summary>What the topics hold.</summary>
    public Lsn Watermark { get; private set; }

    /// <summary>Why nobody is there who could mark the log; null: it runs, or is about to.</summary>
    public string? Absence => _state is PipelineState.Failed or PipelineState.Stopped ? $"its capture is {_state.ToString().ToLowerInvariant()}{(_reason is null ? "" : $": {_reason}")}" : null;

    /// <summary>What ran is stopped, and begins again.</summary>
    public void Again() => Enter(PipelineState.Starting, null);

    public void Launching()
    {
        _rowsBefore = _rows;
        if (_state is PipelineState.Failed or PipelineState.Stopped) Enter(PipelineState.Starting, null);
    }

    public void Move(CaptureProgress progress)
    {
        _progress = progress;
        Watermark = Lsn.Max(Watermark, progress.Cut.Watermark);
        var rows = _rowsBefore + progress.Rows;
        if (rows > _rows)
        {
            _rate.Add(rows - _rows);
            _rows = rows;
            if (progress.CommitTimestamp > 0) _latency.Add(Math.Max(0, (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds - (progress.CommitTimestamp / 1000.0)));
        }
        if (progress.Epoch == 0 || _state is PipelineState.Failed or PipelineState.Stopped) return;
        Enter(CopyView.IsUnderWay(progress.Copy) ? PipelineState.Copying : PipelineState.Streaming, null);
    }

    public void Degrade(string reason)
    {
        (_lastError, _retries) = (reason, _retries + 1);
        Enter(PipelineState.Degraded, reason);
    }

    public void Fail(PipelineFailure failure)
    {
        _lastError = failure.Message;
        Enter(PipelineState.Failed, failure.Message);
    }

    public void Stop()
    {
        if (_state != PipelineState.Failed) Enter(PipelineState.Stopped, null);
    }

    /// <param name="capture">The one that runs, or ran last.</param>
    public PipelineStatus Snapshot(ICapture? capture)
    {
        var progress = capture?.Progress ?? _progress;
        var source = progress?.Source;
        var end = source is null ? Watermark : Lsn.Max(source.ServerEnd, source.Received);
        _target = capture?.Target ?? _target;
        var isTroubled = progress?.Trouble is not null && _state is PipelineState.Copying or PipelineState.Streaming;
        return new PipelineStatus
        {
            Name = settings.Name,
            Role = PipelineRole.Capture,
            Epoch = progress?.Epoch ?? 0,
            State = isTroubled ? PipelineState.Degraded : _state,
            Reason = isTroubled ? progress!.Trouble : _reason,
            Since = _since,
            Target = _target,
            Consistency = settings.Consistency,
            Slot = source?.Slot ?? settings.Source.Slot ?? $"polysync_{settings.Name}",
            ReceivedLsn = (source?.Received ?? Lsn.Zero).ToString(),
            FlushedLsn = (source?.Flushed ?? Lsn.Zero).ToString(),
            Watermark = Watermark.ToString(),
            LagBytes = end - Watermark,
            LagSeconds = Math.Round(LagSeconds(progress), 3),
            RowsPerSecond = Math.Round(_rate.PerSecond(), 1),
            RowsApplied = _rows,
            RowsInFlight = progress?.InFlight ?? 0,
            BytesInFlight = progress?.BytesInFlight ?? 0,
            DeadLetters = 0,
            Retries = _retries,
            LastError = _lastError,
            LatencyP50Ms = _latency.Quantile(0.5),
            LatencyP99Ms = _latency.Quantile(0.99),
            Stages = StageTimes.None with { Capture = Math.Round((source?.Busy ?? TimeSpan.Zero).TotalSeconds, 3) },
            Copy = CopyView.Of(progress?.Copy ?? CopyState.Empty),
        };
    }

    /// <summary>The age of the oldest change that is behind no cut; where nothing comes in, the time since the topics were last known to hold everything.</summary>
    private double LagSeconds(CaptureProgress? progress)
    {
        var now = clock.GetUtcNow();
        if (progress is { OldestCommit: > 0 }) return Math.Max(0, (now - DateTimeOffset.UnixEpoch).TotalSeconds - (progress.OldestCommit / 1e6));
        if (progress is not { Source.Connected: true } || progress.InFlight > 0) return (now - _caughtUpAt).TotalSeconds;
        _caughtUpAt = now;
        return 0;
    }

    private void Enter(PipelineState state, string? reason)
    {
        if (_state != state) _since = clock.GetUtcNow();
        (_state, _reason) = (state, reason);
    }
}
