using Akka.Actor;
using Akka.TestKit;
using PolyglotSync.Actors.Entities;
using PolyglotSync.Actors.Source;
using PolyglotSync.Actors.Writers;
using PolyglotSync.Contracts;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.Writers;

/// <summary>Writers on a fake graph, in virtual time; the test is their source and their pipeline.</summary>
public abstract class WriterSpecs : ActorSpecs
{
    private long _drainId;
    private ulong _commit = 100;

    protected WriterSpecs(ITestOutputHelper output)
        : base(output, VirtualTime) => (Pipeline, SourceProbe) = (CreateTestProbe(), CreateTestProbe());

    private protected TestProbe Pipeline { get; }

    private protected TestProbe SourceProbe { get; }

    private protected FakeDeadLetters Letters { get; } = new();

    protected IActorRef Writers { get; private set; } = ActorRefs.Nobody;

    private protected void Start(FakeTarget target, LimitSettings? limits = null, Consistency consistency = Consistency.Transactional,
        PoisonPolicy onPoison = PoisonPolicy.DeadLetter)
    {
        var settings = Settings.Of(limits: limits, consistency: consistency) with { OnPoison = onPoison };
        target.State = target.State with { Generation = 1 };
        var keys = Letters.KeysAsync("shop", CancellationToken.None).GetAwaiter().GetResult();
        Writers = ActorBelow(Pipeline, WriterSupervisor.Props(new WriterContext(settings, target, Letters, keys, TimeProvider.System), target.State));
    }

    /// <summary>Sends the net effects of the rows as one drain of one bucket.</summary>
    /// <returns>The drain's number, which the commit names.</returns>
    private protected long Drain(Rows rows, IReadOnlyList<TableName>? truncated = null)
    {
        var coalescer = new RowCoalescer();
        var batch = rows.Batch();
        foreach (ref readonly var entry in batch.Entries) coalescer.Add(batch, entry, entry.ExistenceUnknown);
        var operations = new OperationBuffer();
        coalescer.Drain(0, operations);
        SourceProbe.Send(Writers, new DrainStarted(++_drainId, 1, batch.Cut!.Value, CopyState.Empty, truncated ?? [], [], batch.Count, 0, SourceProbe.Ref));
        SourceProbe.Send(Writers, new Drained(0, _drainId, operations));
        return _drainId;
    }

    /// <summary>Rows of the next transaction.</summary>
    private protected Rows Next() => new(_commit += 100);

    private protected void Commits(Rows rows, IReadOnlyList<TableName>? truncated = null)
    {
        var id = Drain(rows, truncated);
        var committed = SourceProbe.ExpectMsg<Committed>(Soon);
        if (committed.DrainId != id) throw new InvalidOperationException($"drain {committed.DrainId} was committed, not {id}");
    }

    private protected static PipelineFailure Transient => new(FailureClass.Transient, "the graph is away");

    private protected static PipelineFailure Poison => new(FailureClass.Poison, "refused");

    private protected static string KeyOf(RowOperation operation) => Rows.Text(operation.New.Exists ? operation.New : operation.Old, 0);

    private protected static bool Writes(WriteSet set, string name) => set.Operations.Any(o => o.New.Exists && Rows.Text(o.New, 1) == name);
}
