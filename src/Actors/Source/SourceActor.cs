using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using Akka.Streams;
using Akka.Streams.Dsl;
using PolyglotSync.Actors.Entities;
using PolyglotSync.Actors.Measures;
using PolyglotSync.Actors.Writers;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Source;

/// <summary>
/// Owns the source stream. Routes whole cuts to the entity actors and, whenever the writers are free, has the entities drained up to the newest cut: drains come from the
/// same sender as the slices, by the same way, so every bucket is at the same cut when it hands over. Acknowledges the stream only while rows and bytes in flight are below
/// their limits; gives batches back to the pool and positions to the source once the graph has committed.
/// </summary>
public sealed class SourceActor : ReceiveActor, IWithTimers
{
    private readonly IChangeSource _source;
    private readonly LimitSettings _limits;
    private readonly IActorRef _entities;
    private readonly EntityId[] _buckets;
    private readonly long[] _sent;
    private readonly IActorRef _writers;
    private readonly Backoff _backoff;
    private readonly ChangeRouter _router;
    private readonly SeenBefore _seenBefore;
    private readonly Lsn _recorded;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    private readonly CutQueue _queue;
    private PendingSpan _pending = new();
    private PendingSpan? _writing;
    private ChangeBatch? _behindBarrier;
    private Cut _read;
    private CopyState _readCopy;
    private CopyState? _openCopy;
    private CopyState _copy;
    private CopyState _reached;
    private IActorRef? _owesAck;
    private UniqueKillSwitch? _killSwitch;
    private long _drainId;
    private bool _finishing;
    private bool _recordDue;
    private int _stream;
    private long _routing;

    public SourceActor(IChangeSource source, PipelineSettings settings, TargetState from, IActorRef entities, IActorRef writers)
    {
        var limits = settings.Limits;
        _source = source;
        _limits = limits;
        _entities = entities;
        _buckets = EntityId.All(settings.Name, from.Generation, limits.Buckets);
        _sent = new long[limits.Buckets];
        _writers = writers;
        _queue = new CutQueue(limits, settings.Consistency == Consistency.Transactional || from.Order == ChangeOrder.PerKey);
        _read = from.Cut;
        _readCopy = from.Copy;
        _copy = _reached = from.Copy;
        _recorded = from.Watermark;
        _seenBefore = new SeenBefore(from);
        _router = new ChangeRouter(limits.Buckets);
        _backoff = new Backoff(TimeSpan.FromMilliseconds(limits.RetryMinBackoffMs), TimeSpan.FromMilliseconds(limits.RetryMaxBackoffMs));
        Receive<Open>(_ => OpenStream());
        Receive<Opened>(opened => Answer(opened.Stream));
        Receive<Arrived>(Take);
        Receive<Committed>(OnCommitted);
        Receive<StreamEnded>(OnStreamEnded);
        Receive<RecordDue>(_ => _recordDue = true);
        Receive<EntityLost>(lost => throw new InvalidOperationException($"entity {lost.Entity} lost changes: {lost.Reason}"));
        Receive<GetLoad>(_ => Sender.Tell(Load()));
        Receive<Finish>(_ => StartFinishing());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="entities">The region of the entity actors.</param>
    public static Props Props(IChangeSource source, PipelineSettings settings, TargetState from, IActorRef entities, IActorRef writers) =>
        Akka.Actor.Props.Create(() => new SourceActor(source, settings, from, entities, writers));

    protected override void PreStart()
    {
        _source.Acknowledge(_recorded);
        Timers.StartPeriodicTimer("record", RecordDue.Instance, TimeSpan.FromMilliseconds(_limits.WatermarkIntervalMs));
        Self.Tell(Open.Instance);
    }

    protected override void PostStop() => _killSwitch?.Shutdown();

    private void OpenStream()
    {
        var (cut, copy, number) = (_read, _readCopy, ++_stream);
        _killSwitch = Akka.Streams.Dsl.Source.From(() => _source.ReadAsync(cut, copy, CancellationToken.None))
            .Select(batch => new Arrived(number, batch))
            .ViaMaterialized(KillSwitches.Single<Arrived>(), Keep.Right)
            // batches hold megabytes: what may be in flight is counted here, so the sink is not to read sixteen ahead
            .To(Sink.ActorRefWithAck<Arrived>(Self, new Opened(number), Ack.Instance, new StreamEnded(number, null), failure => new StreamEnded(number, failure))
                .WithAttributes(Attributes.CreateInputBuffer(1, 1)))
            .Run(Context.System.Materializer());
    }

    private void Answer(int stream)
    {
        if (stream == _stream) Sender.Tell(Ack.Instance);
    }

    private void Take(Arrived arrived)
    {
        if (arrived.Stream != _stream || _finishing)
        {
            arrived.Batch.Release();
            return;
        }
        _owesAck = Sender;
        if (_backoff.Attempts > 0)
        {
            _backoff.Reset();
            Context.Parent.Tell(new PartDegraded("source", null));
        }
        // A change of columns: what was written under the old ones is applied first.
        if (arrived.Batch.SchemaChanges.Count > 0 && !IsIdle) _behindBarrier = arrived.Batch;
        else Queue(arrived.Batch);
        Go();
    }

    /// <summary>True where nothing is on its way but a transaction that is not whole.</summary>
    private bool IsIdle => _writing is null && !_pending.HasWork && !_queue.HasWhole;

    private void Queue(ChangeBatch batch)
    {
        if (batch.CopyState is { } copy) _openCopy = copy;
        if (!_queue.Add(batch)) return;
        _read = batch.Cut!.Value;
        _readCopy = _openCopy ?? _readCopy;
        _openCopy = null;
    }

    private void Route(IReadOnlyList<ChangeBatch> batches)
    {
        Failpoint.Reach(Failpoint.BeforeEntities);
        var started = Stopwatch.GetTimestamp();
        foreach (var batch in batches)
        {
            foreach (var slice in _router.Part(batch, _seenBefore.UpTo(_copy)))
            {
                _pending.Buckets.Add(slice.Bucket);
                SendTo(slice.Bucket, slice);
            }
            _pending.Add(batch);
            _copy = batch.CopyState ?? _copy;
        }
        _routing += Stopwatch.GetTimestamp() - started;
    }

    /// <summary>Whatever can go on, does: the next drain, the batch behind the barrier, the stream's next batch.</summary>
    private void Go()
    {
        Fill();
        while (_writing is null && _pending.Cut is not null)
        {
            Drain();
            Fill();
        }
        if (_behindBarrier is { } batch && IsIdle)
        {
            _behindBarrier = null;
            Queue(batch);
            Go();
            return;
        }
        if (_owesAck is { } stream && _behindBarrier is null && HasRoom)
        {
            _owesAck = null;
            stream.Tell(Ack.Instance);
        }
        if (_finishing && _writing is null && _pending.Cut is null) Context.Parent.Tell(Finished.Instance);
    }

    /// <summary>A transaction that is not whole does not count: nothing could be written to make room for the rest of it.</summary>
    private bool HasRoom =>
        _queue.WholeRows + _pending.Rows + (_writing?.Rows ?? 0) < _limits.MaxInFlightRows
        && _queue.WholeBytes + _pending.Bytes + (_writing?.Bytes ?? 0) < _limits.MaxInFlightBytes;

    private void Fill()
    {
        while (_queue.TryTake(_pending, out var batches)) Route(batches);
    }

    private void Drain()
    {
        var span = _pending;
        _pending = new PendingSpan();
        if (!span.HasWork && !_recordDue)
        {
            // The graph is where the source is, but does not say so yet: the slot waits, for it must never be ahead of what the graph says.
            Reached(span);
            return;
        }
        _recordDue = false;
        _writing = span;
        if (span.Copy is not null) Failpoint.Reach(Failpoint.BeforeChunkRecorded);
        var id = ++_drainId;
        _writers.Tell(new DrainStarted(id, span.Buckets.Count, span.Cut!.Value, _copy, [.. _router.Truncated], span.SchemaChanges,
            span.Rows, span.CommitTimestamp, Self)
        { Routing = Stopwatch.GetElapsedTime(0, _routing), Refused = span.Refused });
        _routing = 0;
        var drain = new Drain(id, _writers);
        foreach (var bucket in span.Buckets) SendTo(bucket, drain);
        _router.Forget();
    }

    private void SendTo(int bucket, object message) => _entities.Tell(new EntityEnvelope(_buckets[bucket], ++_sent[bucket], message));

    private void OnCommitted(Committed committed)
    {
        if (_writing is null || committed.DrainId != _drainId) return;
        var span = _writing;
        _writing = null;
        _queue.Learn(span.Rows, committed.Operations ?? span.Rows);
        if (span.Copy is not null) Failpoint.Reach(Failpoint.AfterChunkRecorded);
        _source.Acknowledge(span.Cut!.Value.Watermark);
        Reached(span);
        Go();
    }

    private void Reached(PendingSpan span)
    {
        span.Release();
        _source.Applied(span.Cut!.Value);
        _reached = span.Copy ?? _reached;
        Context.Parent.Tell(new ReachedCut(span.Cut!.Value, _reached, span.Rows, span.CommitTimestamp));
    }

    private void OnStreamEnded(StreamEnded ended)
    {
        if (ended.Stream != _stream) return;
        _queue.DropOpen();
        _openCopy = null;
        _behindBarrier?.Release();
        _behindBarrier = null;
        _owesAck = null;
        if (_finishing) return;
        var failure = ended.Failure as PipelineFailure;
        if (ended.Failure is not null && failure is null) throw new InvalidOperationException("the source stream failed", ended.Failure);
        if (failure is { Class: not FailureClass.Transient })
        {
            Context.Parent.Tell(new PartFailed(failure));
            return;
        }
        // whoever took the slot may own the pipeline by now
        _writers.Tell(CheckOwner.Instance);
        var reason = failure?.Message ?? "the source's stream ended";
        var delay = _backoff.Next();
        _log.Warning("Source: {0}; reading again in {1} ms", reason, (int)delay.TotalMilliseconds);
        Timers.StartSingleTimer("open", Open.Instance, delay);
        Context.Parent.Tell(new PartDegraded("source", reason) { IsOvertaken = failure is { ExitCode: ExitCode.Fenced } });
    }

    private void StartFinishing()
    {
        _finishing = true;
        _killSwitch?.Shutdown();
        Timers.Cancel("open");
        // What no entity has seen yet is read again by the next run; so is what waits behind it: written, its position would pass over what was dropped.
        _queue.DropAll();
        _behindBarrier?.Release();
        _behindBarrier = null;
        Go();
    }

    private SourceLoad Load() => new(
        _queue.Rows + _pending.Rows + (_writing?.Rows ?? 0) + (_behindBarrier?.Count ?? 0),
        _queue.Bytes + _pending.Bytes + (_writing?.Bytes ?? 0) + (_behindBarrier?.Bytes ?? 0),
        new[] { _writing?.OldestCommit ?? 0, _pending.OldestCommit, _queue.OldestCommit, _behindBarrier?.CommitTimestamp ?? 0 }.FirstOrDefault(at => at != 0));

    private sealed record Open
    {
        public static readonly Open Instance = new();
    }

    private sealed record RecordDue
    {
        public static readonly RecordDue Instance = new();
    }

    private sealed record Ack
    {
        public static readonly Ack Instance = new();
    }

    private sealed record Opened(int Stream);

    private sealed record Arrived(int Stream, ChangeBatch Batch);

    private sealed record StreamEnded(int Stream, Exception? Failure);
}
