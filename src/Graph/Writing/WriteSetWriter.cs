using System.Diagnostics;
using PolyglotSync.Graph.Plans;
using PolyglotSync.Graph.Waiting;

namespace PolyglotSync.Graph.Writing;

/// <summary>
/// Writes one set through a runner, in the order that net effects allow: tables emptied, relationships deleted, nodes deleted, nodes re-keyed and written,
/// relationships written. So both ends of a relationship exist when it is written, and no key is taken before it is free.
/// </summary>
internal sealed partial class WriteSetWriter : StatementWriter
{
    private readonly string _pipeline;
    private readonly WaitingRelationships _waiting;
    private readonly SortedOperations _sorted;

    public WriteSetWriter(GraphPlan plan, WriteSet set, ICypherRunner runner, string pipeline, WaitingRelationships waiting, CarriedLog? log = null)
        : base(plan, set, runner, log)
    {
        _pipeline = pipeline;
        _waiting = waiting;
        // where a part of a set may have been written before it is tried again it must be idempotent, and a node's own properties do not tell where its relationships are
        PlainCreates = runner.IsAtomic && set.Steps == WriteSteps.All;
        var started = Stopwatch.GetTimestamp();
        _sorted = new SortedOperations(plan, Operations, PlainCreates, tellsMoved: PlainCreates, readsMoved: log is not null);
        PlanTime = Stopwatch.GetElapsedTime(started);
    }

    private bool PlainCreates { get; }

    /// <exception cref="PipelineFailure">Poison: rows that cannot be encoded.</exception>
    public override async Task WriteAsync(CancellationToken cancellationToken)
    {
        if (Set.Steps.HasFlag(WriteSteps.Deletes))
        {
            foreach (var table in Set.Truncated) await TruncateAsync(table, cancellationToken);
        }
        await ReadCarriedAsync(cancellationToken);
        if (Set.Steps.HasFlag(WriteSteps.Deletes)) await DeleteAsync(cancellationToken);
        if (Set.Steps.HasFlag(WriteSteps.Nodes)) await WriteNodesAsync(cancellationToken);
        if (Set.Steps.HasFlag(WriteSteps.Relationships))
        {
            // a part may not: the nodes that it would lead to are in other hands
            var ends = Set.Steps == WriteSteps.All && Awaited(Plan, Set.Operations, _waiting.Names).Count > 0;
            if (ends) await ReleaseJoinsAsync(cancellationToken);
            await WriteRelationshipsAsync(cancellationToken);
            if (ends) await JoinChildrenAsync(cancellationToken);
            await KeepJoinsAsync(cancellationToken);
            await RememberAsync(cancellationToken);
        }
        if (Guilty.Any) throw Guilty.ToFailure();
    }

    private async Task TruncateAsync(TableName table, CancellationToken cancellationToken)
    {
        var plan = Plan.For(table);
        if (plan is JoinPlan waiting && Waits(waiting)) await UntilNoneAsync(WaitingShapes.Empty(waiting), cancellationToken);
        var cypher = plan switch
        {
            NodePlan node => $"MATCH (n:{Identifier.Quote(node.Label)}) WITH n LIMIT 20000 DETACH DELETE n RETURN count(n)",
            JoinPlan join => $"MATCH (:{Identifier.Quote(join.Start.Label)})-[x:{Identifier.Quote(join.Type)}]->() WITH x LIMIT 20000 DELETE x RETURN count(x)",
            _ => null,
        };
        if (cypher is not null) await UntilNoneAsync(cypher, cancellationToken);
    }

    private async Task DeleteAsync(CancellationToken cancellationToken)
    {
        foreach (var (plan, operations) in _sorted.JoinDeletes)
        {
            foreach (var shape in Waits(plan) ? new[] { plan.Shapes.Delete, WaitingShapes.Delete(plan) } : [plan.Shapes.Delete])
            {
                await EachBatchAsync(shape, operations, cancellationToken,
                    (rows, i) => EncodeEnds(rows, plan, Operation(i).Old.Image, CypherShapes.Width(plan), i));
            }
        }
        foreach (var (plan, operations) in _sorted.NodeDeletes)
            await EachBatchAsync(plan.Shapes.Delete, operations, cancellationToken, (rows, i) => EncodeOldKey(rows, plan, i));
    }

    /// <summary>Reads what re-keyed rows did not send and takes along from where they are now.</summary>
    private async Task ReadCarriedAsync(CancellationToken cancellationToken)
    {
        foreach (var (plan, operations) in _sorted.NodeReads)
        {
            await EachBatchAsync(CypherShapes.ReadNode(plan), operations, cancellationToken,
                (rows, i) => EncodeKey(rows, plan, Before(i), plan.Key.Count + 1, i) && Number(rows, i), Carry);
        }
        foreach (var (plan, operations) in _sorted.JoinReads)
        {
            foreach (var shape in Waits(plan) ? new[] { CypherShapes.ReadJoin(plan), WaitingShapes.Read(plan) } : [CypherShapes.ReadJoin(plan)])
            {
                await EachBatchAsync(shape, operations, cancellationToken,
                    (rows, i) => EncodeEnds(rows, plan, Before(i), CypherShapes.Width(plan) + 1, i) && Number(rows, i), Carry);
            }
        }
        await LogCarriedAsync(node => node.Shapes.Merge(SentFields.All(node)), join => join.Shapes.Merge(SentFields.All(join)), cancellationToken);
        _sorted.Arrive(Operations, IsCarried);
    }

    private async Task WriteNodesAsync(CancellationToken cancellationToken)
    {
        // moves first: they free no key that is taken, and take none that is not free
        foreach (var ((plan, write, sent), operations) in _sorted.NodeWrites)
        {
            if (write != NodeWrite.Rekey) continue;
            await EachBatchAsync(plan.Shapes.Rekey(sent), operations, cancellationToken, (rows, i) =>
            {
                ref readonly var operation = ref Operation(i);
                var oldKey = (Plan.For(operation.OldRelation) as NodePlan ?? plan).Key;
                rows.Begin((2 * plan.Key.Count) + sent.Fields.Count);
                return AddAll(rows, oldKey, operation.Old.Image, i) && AddAll(rows, plan.Key, operation.New.Image, i) && AddAll(rows, sent.Fields, operation.New.Image, i);
            });
        }
        foreach (var (plan, operations) in _sorted.LateDeletes)
            await EachBatchAsync(plan.Shapes.Delete, operations, cancellationToken, (rows, i) => EncodeOldKey(rows, plan, i));
        foreach (var ((plan, write, sent), operations) in _sorted.NodeWrites)
        {
            switch (write)
            {
                case NodeWrite.Create:
                    await EachBatchAsync(plan.Shapes.Create, operations, cancellationToken, (rows, i) => EncodeNode(rows, plan, sent, i, 0));
                    break;
                case NodeWrite.Merge:
                    await EachBatchAsync(plan.Shapes.Merge(sent), operations, cancellationToken, (rows, i) => EncodeNode(rows, plan, sent, i, 0));
                    break;
                case NodeWrite.Update:
                    await UpdateNodesAsync(plan, sent, operations, cancellationToken);
                    break;
                case NodeWrite.Rekey:
                    break;
            }
        }
    }

    private async Task UpdateNodesAsync(NodePlan plan, SentFields sent, List<int> operations, CancellationToken cancellationToken)
    {
        var tellsMoved = PlainCreates && plan.References.Count > 0
            && plan.References.Any(r => r.Stored is not null && r.Stored.Any(f => sent.Fields.Contains(f)));
        var extra = tellsMoved ? 1 : 0;
        await EachBatchAsync(plan.Shapes.Update(sent, tellsMoved), operations, cancellationToken,
            (rows, i) => EncodeNode(rows, plan, sent, i, extra) && (extra == 0 || Number(rows, i)),
            (record, batch) =>
            {
                // an update of a node that is not there heals it, where the row is whole
                var isHealed = sent.IsWhole && record[0] is long found && found < batch.Count;
                if (isHealed)
                {
                    _healed.Add((plan, sent, batch));
                    _mended.UnionWith(batch);
                }
                if (isHealed && plan.References.Count > 0)
                {
                    foreach (var i in batch) _sorted.MatchReferences(plan, i);
                    return;
                }
                if (!tellsMoved) return;
                foreach (var moved in (System.Collections.IEnumerable)record[1]!) _sorted.MatchReferences(plan, (int)(long)moved);
            });
        foreach (var (healedPlan, healedSent, batch) in _healed)
            await EachBatchAsync(healedPlan.Shapes.Merge(healedSent), batch, cancellationToken, (rows, i) => EncodeNode(rows, healedPlan, healedSent, i, 0));
        _healed.Clear();
    }

    private readonly List<(NodePlan Plan, SentFields Sent, List<int> Batch)> _healed = [];

    private async Task WriteRelationshipsAsync(CancellationToken cancellationToken)
    {
        foreach (var ((plan, fresh), operations) in _sorted.References)
            for (var i = 0; i < plan.References.Count; i++)
                await WriteReferenceAsync(plan, i, fresh, operations, cancellationToken);
        foreach (var ((plan, write, sent), operations) in _sorted.JoinWrites)
        {
            var shape = write switch
            {
                NodeWrite.Create => plan.Shapes.Create,
                NodeWrite.Update when sent.Fields.Count == 0 => null,
                NodeWrite.Update => plan.Shapes.Update(sent),
                _ => plan.Shapes.Merge(sent),
            };
            if (shape is null) continue;
            await WriteJoinsAsync(shape);
            if (write == NodeWrite.Update && Waits(plan)) await WriteJoinsAsync(WaitingShapes.Update(plan, sent.Fields));

            Task WriteJoinsAsync(CypherShape one) => EachBatchAsync(one, operations, cancellationToken,
                (rows, i) => EncodeJoin(rows, plan, sent, i),
                (record, batch) =>
                {
                    var missing = batch.Count - (int)(long)record[0]!;
                    Unmatched += missing;
                    if (missing > 0) _kept.Add((plan, sent, batch));
                });
        }
    }

    private async Task WriteReferenceAsync(NodePlan plan, int number, bool fresh, List<int> operations, CancellationToken cancellationToken)
    {
        var reference = plan.References[number];
        var part = Set.Operations as PartedOperations;
        var width = plan.Key.Count + reference.Parent.Fields.Count;
        var isSent = new List<int>(operations.Count);
        foreach (var i in operations)
            if (part?.Holds(i, number) != false && IsWritten(reference, Operation(i).New.Image, fresh)) isSent.Add(i);
        var shape = fresh ? plan.Shapes.CreateReference(number) : plan.Shapes.MatchReference(number);
        await EachBatchAsync(shape, isSent, cancellationToken,
            (rows, i) => EncodeKey(rows, plan, Operation(i).New.Image, width, i) && AddAll(rows, reference.Parent.Fields, Operation(i).New.Image, i),
            (record, batch) =>
            {
                var missing = fresh ? batch.Count - (int)(long)record[0]! : (int)(long)record[0]!;
                Unmatched += missing;
                if (missing > 0) FoundMissing(plan, reference);
            });
    }

    /// <summary>False where there is nothing to do: the columns were not sent, or the row is new and refers to nothing.</summary>
    private static bool IsWritten(ReferencePlan reference, RowImage image, bool fresh)
    {
        for (var i = 0; i < reference.Parent.Fields.Count; i++)
        {
            var ordinal = reference.Parent.Fields[i].Ordinal;
            if (!image.IsSent(ordinal)) return false;
            if (fresh && image.IsNull(ordinal)) return false;
        }
        return true;
    }
}
