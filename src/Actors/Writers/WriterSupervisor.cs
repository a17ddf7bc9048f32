using Akka.Actor;
using Akka.Event;
using PolyglotSync.Actors.Entities;
using PolyglotSync.Actors.Measures;
using PolyglotSync.Actors.Source;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Writers;

/// <summary>
/// Collects what the entity actors hand over for one drain and has it written: as one transaction, or in parallel mode, where it is large, in rounds of several.
/// Rides out transient failures with backoff, bisects poison out to the dead letters, passes everything else up.
/// </summary>
public sealed class WriterSupervisor : ReceiveActor, IWithTimers
{
    private readonly WriterContext _context;
    private readonly IActorRef[] _writers;
    private readonly Backoff _backoff;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    private DrainStarted? _drain;
    private readonly List<RowOperation> _operations = [];
    private int _awaited;
    private TargetState _state;
    private Queue<IReadOnlyList<WriteSet>> _rounds = new();
    private int _outstanding;
    private long _writeId;

    public WriterSupervisor(WriterContext context, TargetState state)
    {
        _context = context;
        _state = state;
        var limits = context.Settings.Limits;
        _backoff = new Backoff(TimeSpan.FromMilliseconds(limits.RetryMinBackoffMs), TimeSpan.FromMilliseconds(limits.RetryMaxBackoffMs));
        var count = context.Settings.Consistency == Consistency.Parallel && context.Target.IsAtomic ? limits.Writers : 1;
        _writers = [.. Enumerable.Range(0, count).Select(i => Context.ActorOf(WriterActor.Props(context.Settings.Name, context.Target), $"writer-{i}"))];
        Receive<DrainStarted>(Collect);
        Receive<Drained>(OnDrained);
        Receive<Written>(OnWritten);
        Receive<WriteFailed>(OnFailed);
        Receive<Retry>(retry => Send(0, retry.Set, outcomeUnknown: true));
        Receive<Purged>(OnPurged);
        Receive<PurgeFailed>(failed => OnFailed(new WriteFailed(_writeId, failed.Set, failed.Failure)));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(WriterContext context, TargetState state) => Akka.Actor.Props.Create(() => new WriterSupervisor(context, state));

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Escalate);

    private void Collect(DrainStarted drain)
    {
        _drain = drain;
        _operations.Clear();
        _awaited = drain.Buckets;
        if (_awaited == 0) Start();
    }

    private void OnDrained(Drained drained)
    {
        if (_drain is null || drained.DrainId != _drain.DrainId) return;
        _operations.AddRange(drained.Operations);
        if (--_awaited == 0) Start();
    }

    private void Start()
    {
        var drain = _drain!;
        var position = drain.Cut.Position;
        var set = new WriteSet
        {
            Operations = [.. _operations],
            Truncated = drain.Truncated,
            SchemaChanges = drain.SchemaChanges,
            Generation = _state.Generation,
            State = _state with { Position = position, Watermark = drain.Cut.Watermark, Intent = position, Copy = drain.Copy },
        };
        var isParted = _writers.Length > 1 && _operations.Count > _context.Settings.Limits.BatchRows;
        _rounds = new Queue<IReadOnlyList<WriteSet>>(isParted
            ? [[Intent(position)], .. _context.Target.Rounds(set, _context.Settings.Limits.Buckets)]
            : [[set]]);
        NextRound();
    }

    /// <summary>Says in the target where a write of several transactions is going, before its first.</summary>
    private WriteSet Intent(Position position) =>
        new() { Operations = [], Generation = _state.Generation, State = _state with { Intent = position } };

    private void NextRound()
    {
        if (_rounds.Count == 0)
        {
            Finish();
            return;
        }
        var round = _rounds.Dequeue();
        _outstanding = round.Count;
        if (_outstanding == 0) NextRound();
        for (var i = 0; i < round.Count; i++) Send(i % _writers.Length, round[i], outcomeUnknown: false);
    }

    private void Send(int writer, WriteSet set, bool outcomeUnknown) => _writers[writer].Tell(new Write(++_writeId, set, outcomeUnknown));

    private void OnWritten(Written written)
    {
        if (written.Result.UnmatchedRelationships > 0)
            _log.Debug("{0} relationships had no parent in the graph", written.Result.UnmatchedRelationships);
        if (_backoff.Attempts > 0)
        {
            _backoff.Reset();
            Context.Parent.Tell(new PartDegraded("target", null));
        }
        if (--_outstanding == 0) NextRound();
    }

    private void Finish()
    {
        var drain = _drain!;
        _state = _state with { Position = drain.Cut.Position, Watermark = drain.Cut.Watermark, Intent = drain.Cut.Position, Copy = drain.Copy };
        _context.Observe?.Invoke(_operations);
        _operations.Clear();
        _drain = null;
        drain.Source.Tell(new Committed(drain.DrainId));
    }

    private void OnFailed(WriteFailed failed)
    {
        switch (failed.Failure.Class)
        {
            case FailureClass.Transient:
                var delay = _backoff.Next();
                _log.Warning("Target {0}: {1}; trying again in {2} ms", _context.Target.Address, failed.Failure.Message, (int)delay.TotalMilliseconds);
                Context.Parent.Tell(new PartDegraded("target", failed.Failure.Message));
                Timers.StartSingleTimer(failed.Id, new Retry(failed.Set), delay);
                break;
            case FailureClass.Poison when _context.Settings.OnPoison == PoisonPolicy.DeadLetter && failed.Set.Operations.Count > 0:
                PoisonPurge.RunAsync(_context, failed.Set, failed.Failure).PipeTo(Self, failure: e => new PurgeFailed(failed.Set, Classify(e)),
                    success: purge => new Purged(purge.Set, purge.Letters));
                break;
            case FailureClass.Poison or FailureClass.Fatal or FailureClass.Fenced:
                Context.Parent.Tell(new PartFailed(failed.Failure));
                break;
            default:
                throw new InvalidOperationException($"not a class of failure: {failed.Failure.Class}");
        }
    }

    private void OnPurged(Purged purged)
    {
        Context.Parent.Tell(new DeadLettersAdded(purged.Letters));
        Send(0, purged.Set, outcomeUnknown: false);
    }

    private static PipelineFailure Classify(Exception exception) => (exception is AggregateException { InnerException: { } inner } ? inner : exception) switch
    {
        PipelineFailure failure => failure,
        var bug => new PipelineFailure(FailureClass.Fatal, $"looking for the rows that the graph refuses failed: {bug.Message}", bug),
    };

    private sealed record Retry(WriteSet Set);

    private sealed record Purged(WriteSet Set, int Letters);

    private sealed record PurgeFailed(WriteSet Set, PipelineFailure Failure);
}

public sealed record DeadLettersAdded(int Count);

/// <summary>What the writers of one pipeline work with.</summary>
/// <param name="Observe">Called with what was committed while its images are still valid; null where nobody looks.</param>
public sealed record WriterContext(
    PipelineSettings Settings, IGraphTarget Target, IDeadLetterStore DeadLetters, TimeProvider Clock, Action<IReadOnlyList<RowOperation>>? Observe = null);
