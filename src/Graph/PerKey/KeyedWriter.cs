using System.Diagnostics;
using PolyglotSync.Graph.Plans;
using PolyglotSync.Graph.Writing;

namespace PolyglotSync.Graph.PerKey;

/// <summary>
/// Writes one set whose rows are in order only key by key. Each statement leaves the graph that the rows known so far make: a node for each row, a relationship for each foreign key and join
/// row, and placeholders where these refer to rows that are not known. So it does not matter in which order the rows of different keys come, how they are parted into sets, or what other writers
/// do in between; and a set that was written in part may be written again.
/// </summary>
internal sealed partial class KeyedWriter : StatementWriter
{
    private readonly string _pipeline;
    private readonly KeyedOperations _sorted;

    /// <summary>Inside a transaction the node's own properties tell where its relationships are; elsewhere a write that was cut short may have changed only the first.</summary>
    private readonly bool _tells;

    public KeyedWriter(GraphPlan plan, WriteSet set, ICypherRunner runner, string pipeline, CarriedLog? log = null) : base(plan, set, runner, log)
    {
        _pipeline = pipeline;
        _tells = runner.IsAtomic;
        var started = Stopwatch.GetTimestamp();
        _sorted = new KeyedOperations(plan, Operations);
        PlanTime = Stopwatch.GetElapsedTime(started);
    }

    public override async Task WriteAsync(CancellationToken cancellationToken)
    {
        if (Runner.IsAtomic) await LockOtherKeysAsync(cancellationToken);
        foreach (var table in Set.Truncated) await EmptyAsync(table, cancellationToken);
        await ReadCarriedAsync(cancellationToken);
        foreach (var (plan, operations) in _sorted.JoinDeletes)
        {
            await EachBatchAsync(plan.KeyedShapes.Delete, operations, cancellationToken,
                (rows, i) => EncodeEnds(rows, plan, Operation(i).Old.Image, CypherShapes.Width(plan), i));
        }
        foreach (var (plan, operations) in _sorted.NodeDeletes) await DeleteAsync(plan, operations, cancellationToken);
        await WriteAsync(_sorted.Nodes, _sorted.Joins, cancellationToken);
        await WriteAsync(_sorted.ArrivingNodes, _sorted.ArrivingJoins, cancellationToken);
        if (Guilty.Any) throw Guilty.ToFailure();
    }

    private async Task ReadCarriedAsync(CancellationToken cancellationToken)
    {
        foreach (var (plan, operations) in _sorted.NodeReads)
        {
            await EachBatchAsync(plan.KeyedShapes.Read, operations, cancellationToken,
                (rows, i) => EncodeKey(rows, plan, Before(i), plan.Key.Count + 1, i) && Number(rows, i), Carry);
        }
        foreach (var (plan, operations) in _sorted.JoinReads)
        {
            await EachBatchAsync(CypherShapes.ReadJoin(plan), operations, cancellationToken,
                (rows, i) => EncodeEnds(rows, plan, Before(i), CypherShapes.Width(plan) + 1, i) && Number(rows, i), Carry);
        }
        await LogCarriedAsync(node => node.KeyedShapes.Merge(SentFields.All(node), tells: false), join => join.KeyedShapes.Merge(SentFields.All(join)), cancellationToken);
        _sorted.Arrive(Operations, IsCarried);
    }

    /// <summary>The row's own relationships go first, so that what holds its node then are others'.</summary>
    private async Task DeleteAsync(NodePlan plan, List<int> operations, CancellationToken cancellationToken)
    {
        for (var number = 0; number < plan.References.Count; number++)
        {
            var end = plan.References[number].Parent;
            await EachBatchAsync(plan.KeyedShapes.Unlink(number), operations, cancellationToken, (rows, i) =>
                EncodeKey(rows, plan, Operation(i).Old.Image, plan.Key.Count + end.Fields.Count, i) && AddNulls(rows, end.Fields.Count));
        }
        foreach (var key in plan.OtherKeys) await LeaveAsync(plan, key, key.Fields, operations, goes: true, cancellationToken);
        foreach (var shape in plan.KeyedShapes.Delete)
            await EachBatchAsync(shape, operations, cancellationToken, (rows, i) => EncodeOldKey(rows, plan, i));
    }

    private async Task WriteAsync(Groups<(NodePlan Plan, SentFields Sent)> nodes, Groups<(JoinPlan Plan, SentFields Sent)> joins, CancellationToken cancellationToken)
    {
        var moved = new Groups<(NodePlan Plan, bool Fresh)>();
        foreach (var ((plan, sent), operations) in nodes)
        {
            await LeaveAsync(plan, sent, operations, cancellationToken);
            await MergeAsync(plan, sent, operations, moved, cancellationToken);
        }
        foreach (var ((plan, _), operations) in nodes) await SettleAsync(plan, operations, cancellationToken);
        foreach (var ((plan, fresh), operations) in moved)
            for (var number = 0; number < plan.References.Count; number++) await ReferAsync(plan, number, fresh, operations, cancellationToken);
        foreach (var ((plan, sent), operations) in joins)
            await EachBatchAsync(plan.KeyedShapes.Merge(sent), operations, cancellationToken, (rows, i) => EncodeJoin(rows, plan, sent, i));
    }

    /// <param name="moved">Gets the operations whose references are to be written.</param>
    private async Task MergeAsync(NodePlan plan, SentFields sent, List<int> operations, Groups<(NodePlan Plan, bool Fresh)> moved, CancellationToken cancellationToken)
    {
        var tells = _tells && plan.References.Count > 0 && plan.TellsMoved;
        await EachBatchAsync(plan.KeyedShapes.Merge(sent, tells), operations, cancellationToken,
            (rows, i) => EncodeNode(rows, plan, sent, i, tells ? 1 : 0) && (!tells || Number(rows, i)),
            (record, _) =>
            {
                if (!tells) return;
                foreach (var number in ((System.Collections.IEnumerable)record[0]!).Cast<long>())
                    moved.Add((plan, number >= 0), (int)(number >= 0 ? number : -1 - number));
            });
        if (tells || plan.References.Count == 0) return;
        foreach (var i in operations) moved.Add((plan, false), i);
    }

    private async Task ReferAsync(NodePlan plan, int number, bool fresh, List<int> operations, CancellationToken cancellationToken)
    {
        var end = plan.References[number].Parent;
        var width = plan.Key.Count + end.Fields.Count;
        var given = new List<int>(operations.Count);
        var sent = new List<int>();
        foreach (var i in operations)
        {
            var image = Operation(i).New.Image;
            if (IsGiven(end, image)) given.Add(i);
            if (!fresh && IsSent(end, image)) sent.Add(i);
        }
        await EachBatchAsync(plan.KeyedShapes.Unlink(number), sent, cancellationToken, (rows, i) =>
        {
            var image = Operation(i).New.Image;
            return EncodeKey(rows, plan, image, width, i) && (IsGiven(end, image) ? AddAll(rows, end.Fields, image, i) : AddNulls(rows, end.Fields.Count));
        });
        await EachBatchAsync(plan.KeyedShapes.Link(number, fresh), given, cancellationToken, (rows, i) =>
            EncodeKey(rows, plan, Operation(i).New.Image, width, i) && AddAll(rows, end.Fields, Operation(i).New.Image, i));
    }

    private static bool IsSent(NodeEnd end, RowImage image)
    {
        foreach (var column in end.Columns)
            if (!image.IsSent(column)) return false;
        return true;
    }

    /// <summary>True where the row refers to a parent: no column is NULL (MATCH SIMPLE).</summary>
    private static bool IsGiven(NodeEnd end, RowImage image)
    {
        foreach (var column in end.Columns)
            if (!image.HasValue(column)) return false;
        return true;
    }

    private static bool AddNulls(ParameterRows rows, int count)
    {
        for (var i = 0; i < count; i++) rows.AddNull();
        return true;
    }
}
