using System.Collections.Concurrent;
using PolyglotSync.Actors.LifeCycle;
using PolyglotSync.Actors.Measures;
using PolyglotSync.Actors.Source;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Pipelines;

/// <summary>What a pipeline knows of itself, and its snapshot for status. Used by its actor; <see cref="Changed"/> may be called by the writers too.</summary>
internal sealed class PipelineProgress(PipelineSettings settings, TimeProvider clock)
{
    public const int LastChangesKept = 10;

    /// <summary>Why a node that shares partitions does not say that it streams.</summary>
    private const string UnknownYet = "it reads on from where its partitions stand; how far the graph is shows when all partitions have reached a cut";

    private readonly RateMeter _rate = new(clock);
    private readonly LatencyWindow _latency = new(clock);
    private readonly Dictionary<string, string> _degraded = [];
    private readonly ConcurrentQueue<string> _changes = new();
    private CopyState _copy = CopyState.Empty;
    private bool _streams;
    private ChangeOrder _order;
    private bool _hasWatermark;
    private string? _reason;
    private string? _lastError;
    private DateTimeOffset? _lastErrorAt;
    private long _rows;
    private long _retries;
    private DateTimeOffset _since = clock.GetUtcNow();
    private DateTimeOffset _caughtUpAt = clock.GetUtcNow();

    public PipelineState State { get; private set; } = PipelineState.Starting;

    /// <summary>True while changes are applied, or would be if there were any.</summary>
    public bool IsAtWork => _streams && State is PipelineState.Starting or PipelineState.Copying or PipelineState.Streaming;

    public string? Reason => _reason;

    public Lsn Watermark { get; private set; }

    /// <summary>True while a first copy goes on: a change of a row that no chunk has read yet comes with its chunk, so nobody may read his writes yet.</summary>
    public bool MissesRows => CopyView.MissesRows(_copy);

    public long DeadLetters { get; set; }

    public StageClock Stages { get; } = new();

    public void Start(PipelineParts parts, TargetState state)
    {
        // where partitions are shared the graph's state says nothing of them: they come with the cuts, and what is known stays
        if (state.Order == ChangeOrder.Whole) (Watermark, _copy) = (state.Watermark, state.Copy);
        DeadLetters = parts.DeadLetterCount;
        _order = state.Order;
        _hasWatermark = parts.Source.HasWatermark;
        _degraded.Clear();
        _streams = true;
        Settle();
    }

    public void Reach(ReachedCut reached)
    {
        Watermark = Lsn.Max(Watermark, reached.Cut.Watermark);
        _copy = reached.Copy;
        _rows += reached.Changes;
        _caughtUpAt = clock.GetUtcNow();
        if (reached.Changes > 0) _rate.Add(reached.Changes);
        if (reached is { Changes: > 0, CommitTimestamp: > 0 })
            _latency.Add(Math.Max(0, (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds - (reached.CommitTimestamp / 1000.0)));
        Settle();
    }

    public void Degrade(PartDegraded part)
    {
        if (part.IsContention)
        {
            _retries++;
            return;
        }
        if (part.Reason is null)
        {
            _degraded.Remove(part.Part);
        }
        else
        {
            _degraded[part.Part] = part.Reason;
            if (!part.IsOvertaken)
            {
                (_lastError, _lastErrorAt) = (part.Reason, clock.GetUtcNow());
                _retries++;
            }
        }
        Settle();
    }

    public void Fail(PipelineFailure failure)
    {
        (_lastError, _lastErrorAt) = (failure.Message, clock.GetUtcNow());
        Enter(PipelineState.Failed, failure.Message);
    }

    /// <summary>Shows what the journal remembers.</summary>
    public void Restore(PipelineLife life)
    {
        if (life.Wish == LifeWish.Running) return;
        if (life.Failure is { } failed) (_lastError, _lastErrorAt) = (failed.Message, life.Since);
        Enter(life.Wish == LifeWish.Paused ? PipelineState.Paused : PipelineState.Failed, life.Reason);
        _since = life.Since ?? _since;
    }

    /// <summary>A pipeline that did not run is started.</summary>
    public void Launching()
    {
        if (State is PipelineState.Paused or PipelineState.Failed or PipelineState.Stopped) Enter(PipelineState.Starting, null);
    }

    /// <summary>What ran is stopped, and begins again.</summary>
    public void Again()
    {
        _degraded.Clear();
        _streams = false;
        Enter(PipelineState.Starting, null);
    }

    public void Stop()
    {
        if (State != PipelineState.Failed) Enter(PipelineState.Stopped, null);
    }

    public void Changed(string pattern)
    {
        _changes.Enqueue(pattern);
        while (_changes.Count > LastChangesKept) _changes.TryDequeue(out _);
    }

    /// <summary>For people, where no target is connected.</summary>
    public static string TargetOf(PipelineSettings settings) =>
        settings.Target.Uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/');

    /// <summary>The status of a pipeline whose actor says nothing.</summary>
    public static PipelineStatus Silent(PipelineSettings settings, string reason, DateTimeOffset now)
    {
        var zero = Lsn.Zero.ToString();
        return new PipelineStatus
        {
            Name = settings.Name, State = PipelineState.Degraded, Reason = reason, Since = now, Target = TargetOf(settings), Consistency = settings.Consistency,
            Slot = SlotOf(settings), ReceivedLsn = zero, FlushedLsn = zero, Watermark = zero, LagBytes = 0, LagSeconds = 0, RowsPerSecond = 0, RowsApplied = 0,
            RowsInFlight = 0, BytesInFlight = 0, DeadLetters = 0, Retries = 0,
        };
    }

    private static string SlotOf(PipelineSettings settings) => settings.Source.Slot ?? $"polysync_{settings.Name}";

    /// <param name="load">What is in flight, of the same moment.</param>
    /// <param name="fleet">What the graph says of all nodes.</param>
    public PipelineStatus Snapshot(IChangeSource? changes, SourceLoad load, string target, Fleet fleet)
    {
        var source = changes?.Progress;
        var waiting = State is PipelineState.Starting or PipelineState.Degraded ? source?.Waiting : null;
        // who does nothing may look at what the others do
        if (State is PipelineState.Paused or PipelineState.Failed or PipelineState.Stopped) fleet = Fleet.Unknown;
        var isStandby = waiting is { IsStandby: true };
        var partitions = fleet.Against(source?.Ends);
        var watermark = isStandby ? Lsn.Max(Watermark, fleet.State?.Watermark ?? Lsn.Zero) : Watermark;
        var oldest = watermark == Lsn.Zero ? 0 : changes?.CommitAfter(watermark) ?? 0;
        // by whole cuts the graph says how far it is only now and then where nothing comes
        var end = source is null || (isStandby && oldest == 0) ? watermark : Lsn.Max(watermark, Lsn.Max(source.ServerEnd, source.Received));
        return new PipelineStatus
        {
            Name = settings.Name,
            ActiveNode = partitions.Count > 0 ? null : fleet.State?.Node,
            Partitions = partitions,
            State = waiting is null ? State : waiting.IsStandby ? PipelineState.Standby : PipelineState.Starting,
            Reason = waiting?.Reason ?? _reason,
            Since = _since,
            Target = target,
            Consistency = settings.Consistency,
            Order = isStandby && partitions.Count > 0 ? ChangeOrder.PerKey : _order,
            Slot = source?.Slot ?? SlotOf(settings),
            ReceivedLsn = (source?.Received ?? Lsn.Zero).ToString(),
            FlushedLsn = (source?.Flushed ?? Lsn.Zero).ToString(),
            Watermark = watermark.ToString(),
            LagBytes = end - watermark,
            LagMessages = partitions.Any(p => p.Behind is not null) ? partitions.Sum(p => p.Behind ?? 0) : source?.MessagesBehind,
            LagSeconds = Math.Round(LagSeconds(source, load, oldest, isStandby), 3),
            RowsPerSecond = Math.Round(_rate.PerSecond(), 1),
            RowsApplied = _rows,
            RowsInFlight = load.Rows,
            BytesInFlight = load.Bytes,
            DeadLetters = DeadLetters,
            Retries = _retries,
            LastError = _lastError,
            LastErrorAt = _lastErrorAt,
            LatencyP50Ms = _latency.Quantile(0.5),
            LatencyP99Ms = _latency.Quantile(0.99),
            Stages = Stages.Read(source?.Busy ?? TimeSpan.Zero),
            Copy = CopyView.Of(isStandby ? fleet.State?.Copy ?? _copy : _copy),
            LastChanges = _changes.Reverse().ToArray(),
        };
    }

    /// <summary>The age of the oldest change in flight, here or with another node; where the stream is not open, the time since the graph was last known to hold everything.</summary>
    /// <param name="oldest">When the oldest change in the topics was committed that is not in the graph, whoever is to write it; 0 where none is known.</param>
    private double LagSeconds(SourceProgress? source, SourceLoad load, long oldest, bool isStandby)
    {
        var now = clock.GetUtcNow();
        if (load.OldestCommit > 0 && (oldest == 0 || load.OldestCommit < oldest)) oldest = load.OldestCommit;
        if (oldest > 0) return Math.Max(0, (now - DateTimeOffset.UnixEpoch).TotalSeconds - (oldest / 1e6));
        if (isStandby) return 0;
        if (source is not { Connected: true } || load.Rows > 0) return (now - _caughtUpAt).TotalSeconds;
        _caughtUpAt = now;
        return 0;
    }

    private void Settle()
    {
        if (State is PipelineState.Failed or PipelineState.Stopped or PipelineState.Paused) return;
        if (_degraded.Count > 0)
        {
            Enter(PipelineState.Degraded, string.Join("; ", _degraded.Select(d => $"{d.Key}: {d.Value}")));
            return;
        }
        if (!_streams) return;
        if (!_hasWatermark) Enter(PipelineState.Streaming, null);
        else if (_order == ChangeOrder.PerKey && Watermark == Lsn.Zero) Enter(PipelineState.Starting, UnknownYet);
        else Enter(CopyView.IsUnderWay(_copy) ? PipelineState.Copying : PipelineState.Streaming, null);
    }

    private void Enter(PipelineState state, string? reason)
    {
        if (State != state) _since = clock.GetUtcNow();
        State = state;
        _reason = reason;
    }
}
