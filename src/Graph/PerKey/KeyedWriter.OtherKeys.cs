using System.Text;
using PolyglotSync.Graph.Plans;
using PolyglotSync.Graph.Values;
using PolyglotSync.Graph.Writing;

namespace PolyglotSync.Graph.PerKey;

/// <summary>Foreign keys to unique keys that are not the nodes' own: see <see cref="OtherKeyShapes"/>.</summary>
internal sealed partial class KeyedWriter
{
    private async Task LockOtherKeysAsync(CancellationToken cancellationToken)
    {
        var locks = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (plan, _) in _sorted.NodeDeletes) AddLocks(plan, locks);
        foreach (var ((plan, _), _) in _sorted.Nodes) AddLocks(plan, locks);
        foreach (var ((plan, _), _) in _sorted.ArrivingNodes) AddLocks(plan, locks);
        foreach (var (plan, _) in _sorted.NodeReads) AddLocks(plan, locks);
        foreach (var (plan, _) in _sorted.JoinDeletes) AddLocks(plan, locks);
        foreach (var ((plan, _), _) in _sorted.Joins) AddLocks(plan, locks);
        foreach (var ((plan, _), _) in _sorted.ArrivingJoins) AddLocks(plan, locks);
        foreach (var table in Set.Truncated) AddLocks(Plan.For(table), locks);
        foreach (var name in locks)
        {
            var rows = Runner.NewRows(1);
            rows.Begin(1);
            rows.Add(TextDecoder.Instance, Encoding.UTF8.GetBytes(name));
            rows.End();
            await Runner.RunAsync(OtherKeyShapes.Lock, rows, cancellationToken);
        }
    }

    private void AddLocks(TablePlan? plan, SortedSet<string> locks)
    {
        IEnumerable<NodeEnd> ends = plan switch
        {
            NodePlan node => node.References.Select(r => r.Parent),
            JoinPlan join => [join.Start, join.End],
            _ => [],
        };
        foreach (var end in ends.Where(e => e.KeyOrdinals is null)) locks.Add(OtherKeyShapes.LockOf(_pipeline, end.Table, end.Fields));
        if (plan is not NodePlan referred) return;
        foreach (var key in referred.OtherKeys) locks.Add(OtherKeyShapes.LockOf(_pipeline, referred.Relation.Table, key.Fields));
    }

    private async Task LeaveAsync(NodePlan plan, SentFields sent, List<int> operations, CancellationToken cancellationToken)
    {
        foreach (var key in plan.OtherKeys)
        {
            // what is of the node's own key stays
            List<Field> changing = [.. key.Fields.Where(sent.Fields.Contains)];
            if (changing.Count > 0) await LeaveAsync(plan, key, changing, operations, goes: false, cancellationToken);
        }
    }

    /// <param name="changing">The key's fields that are about to change.</param>
    /// <param name="goes">True where the row goes: its old image has the node's key.</param>
    private async Task LeaveAsync(NodePlan plan, OtherKeyPlan key, IReadOnlyList<Field> changing, List<int> operations, bool goes, CancellationToken cancellationToken)
    {
        await EachBatchAsync(OtherKeyShapes.MarkLeaving(plan, changing), operations, cancellationToken, Encode);
        foreach (var by in key.HeldBy) await EachBatchAsync(OtherKeyShapes.Leave(plan, key, changing, by), operations, cancellationToken, Encode);

        bool Encode(ParameterRows rows, int index)
        {
            ref readonly var operation = ref Operation(index);
            if (!EncodeKey(rows, plan, (goes ? operation.Old : operation.New).Image, plan.Key.Count + changing.Count, index)) return false;
            return goes ? AddNulls(rows, changing.Count) : AddAll(rows, changing, operation.New.Image, index);
        }
    }

    private async Task SettleAsync(NodePlan plan, List<int> operations, CancellationToken cancellationToken)
    {
        foreach (var key in plan.OtherKeys)
        {
            foreach (var shape in key.HeldBy.Select(by => OtherKeyShapes.Settle(plan, key, by)).Append(OtherKeyShapes.Clear(plan, key)))
                await EachBatchAsync(shape, operations, cancellationToken, (rows, i) => EncodeKey(rows, plan, Operation(i).New.Image, plan.Key.Count, i));
        }
    }
}
