using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using PolyglotSync.Actors.Entities;
using PolyglotSync.Actors.Measures;
using PolyglotSync.Actors.Source;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Writers;

/// <summary>
/// Collects what the entity actors hand over for one drain and has it written: as one transaction, or in parallel mode, where it is large, in rounds of several.
/// Rides out transient failures behind a circuit breaker, bisects poison out to the dead letters, passes everything else up. It answers the source actor only
/// once the drain is committed, so a failing target stops the pulling.
/// </summary>
public sealed partial class WriterSupervisor : ReceiveActor, IWithTimers
{
    /// <summary>
    /// A drain that is still being collected at two looks is lost. Handing over is a matter of microseconds, but a region of a cluster that has just started may take
    /// seconds to place its shard. One look for all drains: a timer for each would cost more than most drains do.
    /// </summary>
    private static readonly TimeSpan LookAtCollecting = TimeSpan.FromSeconds(30);

    private readonly WriterContext _context;
    private readonly WriterPool _writers;
    private readonly TargetCircuit _circuit;
    private readonly DeadRowBook _deadRows;
    private readonly Backoff _storeBackoff;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    private DrainStarted? _drain;
    private readonly OperationBuffer _operations = new();
    private int _awaited;
    private long _seenCollecting;
    private bool _isCheckingOwner;
    private TargetState _state;
    private Queue<IReadOnlyList<WriteSet>> _rounds = new();
    private int _outstanding;
    private readonly List<DeadKey> _resolved = [];
    private long _idleSince = Stopwatch.GetTimestamp();

    public WriterSupervisor(WriterContext context, TargetState state)
    {
        _context = context;
        _state = state;
        var limits = context.Settings.Limits;
        var self = Self;
        _circuit = new TargetCircuit(Context.System.Scheduler, limits, () => self.Tell(TryAgain.Instance));
        _deadRows = new DeadRowBook(context.DeadKeys);
        _storeBackoff = new Backoff(TimeSpan.FromMilliseconds(limits.RetryMinBackoffMs), TimeSpan.FromMilliseconds(limits.RetryMaxBackoffMs));
        var count = context.Settings.Consistency == Consistency.Parallel && context.Target.IsAtomic ? limits.Writers : 1;
        _writers = new WriterPool(
            Enumerable.Range(0, count).Select(i => Context.ActorOf(WriterActor.Props(context.Settings.Name, context.Target), $"writer-{i}")).ToArray());
        Receive<DrainStarted>(Collect);
        Receive<Drained>(OnDrained);
        Receive<Look>(_ => LookForLostDrain());
        Receive<CheckOwner>(_ => StartCheckingOwner());
        Receive<OwnerSeen>(OnOwnerSeen);
        Receive<Written>(OnWritten);
        Receive<WriteFailed>(failed =>
        {
            _writers.Free(Sender);
            OnFailed(failed);
        });
        Receive<PurgeFailed>(failed => OnFailed(new WriteFailed(failed.Set, failed.Failure)));
        Receive<TryAgain>(_ => SendDue());
        Receive<Purged>(OnPurged);
        Receive<StoreLetters>(Store);
        Receive<LettersStored>(OnStored);
        Receive<StoreFailed>(OnStoreFailed);
        Receive<Resolved>(OnResolved);
        Receive<Status.Failure>(bug => throw new InvalidOperationException($"a writer failed unexpectedly: {bug.Cause.Message}", bug.Cause));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(WriterContext context, TargetState state) => Akka.Actor.Props.Create(() => new WriterSupervisor(context, state));

    protected override void PreStart() => Timers.StartPeriodicTimer(Look.Instance, Look.Instance, LookAtCollecting);

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Escalate);

    private void Collect(DrainStarted drain)
    {
        _drain = drain;
        _operations.Release();
        _awaited = drain.Buckets;
        if (_awaited == 0) Start();
    }

    private void LookForLostDrain()
    {
        if (_drain is null || _awaited == 0) return;
        if (_seenCollecting == _drain.DrainId)
            throw new TimeoutException($"{_awaited} of {_drain.Buckets} buckets did not hand over within {LookAtCollecting.TotalSeconds} s");
        _seenCollecting = _drain.DrainId;
    }

    /// <summary>A node that stood still while another one took its place has nothing to write, perhaps for long: only asking tells it.</summary>
    private void StartCheckingOwner()
    {
        // each write of partitions asks for their owners, and others may well own other partitions
        if (_isCheckingOwner || _state.Order == ChangeOrder.PerKey) return;
        _isCheckingOwner = true;
        _context.Target.ReadStateAsync(_context.Settings.Name, CancellationToken.None)
            .PipeTo(Self, success: state => new OwnerSeen(state?.Generation), failure: _ => new OwnerSeen(null));
    }

    private void OnOwnerSeen(OwnerSeen seen)
    {
        _isCheckingOwner = false;
        if (seen.Generation is not { } generation || generation <= _state.Generation) return;
        Context.Parent.Tell(new PartFailed(PipelineFailure.Fenced(_context.Settings.Name, _state.Generation, _context.Target.Address)));
    }

    private void OnDrained(Drained drained)
    {
        if (_drain is null || drained.DrainId != _drain.DrainId) return;
        _operations.AddRange(drained.Operations);
        _context.Stages.AddEntities(drained.Took);
        drained.Operations.Release();
        if (--_awaited == 0) Start();
    }

    private void Start()
    {
        _context.Stages.AddEntities(_drain!.Routing);
        _context.Stages.AddWaiting(Stopwatch.GetElapsedTime(_idleSince));
        if (_drain.Refused.Count == 0) Begin();
        else if (_context.Settings.OnPoison == PoisonPolicy.DeadLetter)
        {
            var now = _context.Clock.GetUtcNow();
            Store(new StoreLetters([.. _drain.Refused.Select(message => DeadLetterRecord.From(_context.Settings.Name, message, now))], Begin));
        }
        else
        {
            var first = DeadLetterRecord.From(_context.Settings.Name, _drain.Refused[0], default);
            Context.Parent.Tell(new PartFailed(new PipelineFailure(FailureClass.Poison, $"a message cannot be read, and on_poison is halt: {first.Reason}")));
        }
    }

    private void Begin()
    {
        if (_deadRows.Open(_operations) is not { } plan) Write(_operations);
        else if (plan.Dead.Count == 0) Write(plan.Write);
        else Store(Followers(plan));
    }

    private void Write(IReadOnlyList<RowOperation> operations)
    {
        var drain = _drain!;
        var position = drain.Cut.Position;
        var set = new WriteSet
        {
            Operations = operations,
            Truncated = drain.Truncated,
            SchemaChanges = drain.SchemaChanges,
            Generation = _state.Generation,
            State = _state.Order == ChangeOrder.Whole ? StateAt(drain) : null,
            Partitions = MovesTo(drain.Cut),
        };
        _rounds = new Queue<IReadOnlyList<WriteSet>>(_state.Order == ChangeOrder.Whole && _writers.Size > 1 && operations.Count > _context.Settings.Limits.BatchRows
            ? [[Intent(position)], .. _context.Target.Rounds(set, _context.Settings.Limits.Buckets)]
            : [[set]]);
        NextRound();
    }

    private TargetState StateAt(DrainStarted drain) => _state with
    {
        Position = drain.Cut.Position,
        Watermark = drain.Cut.Watermark,
        Intent = Furthest(drain.Cut.Position),
        Copy = drain.Copy,
        Offsets = drain.Cut.Offsets,
        Partitions = drain.Cut.Partitions is { } reached ? [.. _state.Partitions.Select((p, i) => p with { Offset = OffsetIn(reached, i, p) })] : _state.Partitions,
    };

    /// <summary>Those that move; where none does, all of them stand for their owner.</summary>
    private PartitionMove[] MovesTo(Cut cut)
    {
        if (cut.Partitions is not { } reached) return [];
        var all = _state.Partitions.Select((p, i) => new PartitionMove(p.Partition, p.Offset, OffsetIn(reached, i, p), p.Generation)).ToArray();
        return Array.FindAll(all, move => move.To != move.From) is { Length: > 0 } moved ? moved : all;
    }

    /// <summary>The source tells of its partitions in the order in which they were claimed.</summary>
    private static long OffsetIn(IReadOnlyList<PartitionOffset> reached, int index, PartitionState known) => reached[index].Partition == known.Partition ? reached[index].Offset
        : throw new InvalidOperationException($"partition {known.Partition} was claimed, and the source tells of {reached[index].Partition} in its place");

    /// <summary>Says in the target where a write of several transactions is going, before its first.</summary>
    private WriteSet Intent(Position position) =>
        new() { Operations = [], Generation = _state.Generation, State = _state with { Intent = Furthest(position) } };

    /// <summary>A run that was killed may have been further on its way than this one is yet: should this one be killed too, the next must know of both.</summary>
    private Position Furthest(Position position) => position > _state.Intent ? position : _state.Intent;

    private void NextRound()
    {
        while (_rounds.TryDequeue(out var round))
        {
            if (round.Count == 0) continue;
            _outstanding = round.Count;
            foreach (var set in round) _writers.Send(new Write(set, OutcomeUnknown: false));
            return;
        }
        Finish();
    }

    private void OnWritten(Written written)
    {
        _writers.Free(Sender);
        _context.Stages.Add(written.Result);
        if (written.Result.UnmatchedRelationships > 0)
            _log.Debug("{0} relationships had no parent in the graph", written.Result.UnmatchedRelationships);
        if (_circuit.Succeed()) Context.Parent.Tell(new PartDegraded("target", null));
        SendDue();
        if (--_outstanding == 0) NextRound();
    }

    private void Finish()
    {
        var drain = _drain!;
        _state = StateAt(drain);
        _context.Observe?.Invoke(_operations);
        _resolved.AddRange(_deadRows.Close(drain.Truncated));
        if (drain.Refused.Count > 0) _deadRows.Miss(drain.Refused.Select(message => new DeadKey(message.Table, DeadLetterRecord.From("", message, default).Key)));
        if (_resolved.Count > 0) Resolve();
        var written = new Committed(drain.DrainId) { Operations = _operations.Count };
        _operations.Release();
        _drain = null;
        _idleSince = Stopwatch.GetTimestamp();
        drain.Source.Tell(written);
    }

    private void OnFailed(WriteFailed failed)
    {
        switch (failed.Failure.Class)
        {
            case FailureClass.Transient:
                var wasOpen = _circuit.IsOpen;
                var delay = _circuit.Fail(failed.Set);
                var then = delay is { } ms ? $"trying again in {(int)ms.TotalMilliseconds} ms" : "writing stops until a single write gets through";
                if (failed.Failure.IsContention && delay is not null) _log.Info("Target {0}: {1}; {2}", _context.Target.Address, failed.Failure.Message, then);
                else _log.Warning("Target {0}: {1}; {2}", _context.Target.Address, failed.Failure.Message, then);
                if (delay is { } wait) Timers.StartSingleTimer(TryAgain.Instance, TryAgain.Instance, wait);
                Context.Parent.Tell(new PartDegraded("target", failed.Failure.Message) { OpensCircuit = !wasOpen && _circuit.IsOpen, IsContention = failed.Failure.IsContention && !_circuit.IsOpen });
                break;
            case FailureClass.Poison when _context.Settings.OnPoison == PoisonPolicy.DeadLetter && failed.Set.Operations.Count > 0:
                PoisonPurge.RunAsync(_context, failed.Set, failed.Failure).PipeTo(Self, failure: e => new PurgeFailed(failed.Set, Classify(e)),
                    success: purge => new Purged(purge.Set, purge.Dead, purge.Opened));
                break;
            case FailureClass.Poison or FailureClass.Fatal or FailureClass.Fenced:
                Context.Parent.Tell(new PartFailed(failed.Failure));
                break;
            default:
                throw new InvalidOperationException($"not a class of failure: {failed.Failure.Class}");
        }
    }

    /// <summary>The very sets that failed: one that records its position is looked for in the target first, the others may be applied twice.</summary>
    private void SendDue()
    {
        foreach (var set in _circuit.Due()) _writers.Send(new Write(set, OutcomeUnknown: true));
    }

    private void OnPurged(Purged purged)
    {
        _deadRows.Refuse(purged.Dead);
        Context.Parent.Tell(new DeadLettersAdded(purged.Opened));
        _writers.Send(new Write(purged.Set, OutcomeUnknown: false));
    }

    private sealed record Look
    {
        public static readonly Look Instance = new();
    }

    /// <param name="Generation">Null where the target did not tell: a write will.</param>
    private sealed record OwnerSeen(long? Generation);

    private sealed record TryAgain
    {
        public static readonly TryAgain Instance = new();
    }

    private sealed record Purged(WriteSet Set, IReadOnlyList<RowOperation> Dead, int Opened) : INoSerializationVerificationNeeded;

    private sealed record PurgeFailed(WriteSet Set, PipelineFailure Failure) : INoSerializationVerificationNeeded;
}
