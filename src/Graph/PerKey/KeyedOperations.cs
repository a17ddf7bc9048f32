using PolyglotSync.Graph.Plans;
using PolyglotSync.Graph.Writing;

namespace PolyglotSync.Graph.PerKey;

/// <summary>
/// A write set's operations by what is to be done with them, where each is taken for one of unknown existence: rows go, then rows come. A change of key is both: what it did not send is read first. So is a row that stays where another goes.
/// </summary>
internal sealed class KeyedOperations
{
    private readonly GraphPlan _plan;
    private readonly HashSet<int> _arriving = [];

    public KeyedOperations(GraphPlan plan, ReadOnlySpan<RowOperation> operations)
    {
        _plan = plan;
        var left = new LeftKeys(operations);
        for (var i = 0; i < operations.Length; i++)
        {
            ref readonly var operation = ref operations[i];
            var changesKey = KeyReuse.ChangesKey(operation);
            if (operation.Kind == RowOperationKind.Delete || changesKey) AddDelete(plan.For(operation.OldRelation), i);
            if (operation.Kind == RowOperationKind.Delete) continue;
            if (changesKey || left.Shares(operation)) AddArrival(operation, i);
            else AddWrite(Nodes, Joins, operation, i);
        }
        foreach (var (write, indexes) in Nodes) Writing.KeyOrder.Sort(indexes, operations, write.Plan.Key[0]);
        foreach (var (write, indexes) in Joins) Writing.KeyOrder.Sort(indexes, operations, write.Plan.Start.Fields[0]);
    }

    public Groups<NodePlan> NodeDeletes { get; } = [];

    public Groups<JoinPlan> JoinDeletes { get; } = [];

    public Groups<(NodePlan Plan, SentFields Sent)> Nodes { get; } = [];

    public Groups<(JoinPlan Plan, SentFields Sent)> Joins { get; } = [];

    /// <summary>Rows that come to a key by a change of key, or come back: after those that were there.</summary>
    public Groups<(NodePlan Plan, SentFields Sent)> ArrivingNodes { get; } = [];

    public Groups<(JoinPlan Plan, SentFields Sent)> ArrivingJoins { get; } = [];

    /// <summary>Of these, rows that did not send everything, by where they come from.</summary>
    public Groups<NodePlan> NodeReads { get; } = [];

    public Groups<JoinPlan> JoinReads { get; } = [];

    /// <summary>Decides how the arriving rows that did not send everything are written, once they were looked for.</summary>
    /// <param name="isCarried">True for those of which the rest was found.</param>
    public void Arrive(ReadOnlySpan<RowOperation> operations, Func<int, bool> isCarried)
    {
        foreach (var i in _arriving)
        {
            ref readonly var operation = ref operations[i];
            switch (_plan.For(operation.Relation))
            {
                case NodePlan node: ArrivingNodes.Add((node, isCarried(i) ? SentFields.All(node) : SentFields.Of(node, operation.New.Image)), i); break;
                case JoinPlan join: ArrivingJoins.Add((join, isCarried(i) ? SentFields.All(join) : SentFields.Of(join, operation.New.Image)), i); break;
            }
        }
    }

    private void AddDelete(TablePlan? plan, int index)
    {
        if (plan is NodePlan node) NodeDeletes.Add(node, index);
        if (plan is JoinPlan join) JoinDeletes.Add(join, index);
    }

    private void AddArrival(in RowOperation operation, int index)
    {
        switch (_plan.For(operation.Relation))
        {
            case NodePlan node when !SentFields.Of(node, operation.New.Image).IsWhole:
                NodeReads.Add(_plan.For(operation.OldRelation) as NodePlan ?? node, index);
                _arriving.Add(index);
                break;
            case JoinPlan join when !SentFields.Of(join, operation.New.Image).IsWhole:
                JoinReads.Add(_plan.For(operation.OldRelation) as JoinPlan ?? join, index);
                _arriving.Add(index);
                break;
            default: AddWrite(ArrivingNodes, ArrivingJoins, operation, index); break;
        }
    }

    private void AddWrite(Groups<(NodePlan, SentFields)> nodes, Groups<(JoinPlan, SentFields)> joins, in RowOperation operation, int index)
    {
        switch (_plan.For(operation.Relation))
        {
            case NodePlan node: nodes.Add((node, SentFields.Of(node, operation.New.Image)), index); break;
            case JoinPlan join: joins.Add((join, SentFields.Of(join, operation.New.Image)), index); break;
        }
    }
}
