using System.Collections;
using PolyglotSync.Graph.Plans;

namespace PolyglotSync.Graph.Writing;

/// <summary>What one statement shape does with a group of operations.</summary>
internal enum NodeWrite : byte { Create, Merge, Update, Rekey }

/// <summary>A write set's operations by what is to be done with them: one group for each table, kind of write and set of sent columns.</summary>
internal sealed class SortedOperations
{
    private readonly IReadOnlyList<RowOperation> _operations;
    private readonly bool _plainCreates;
    private readonly bool _tellsMoved;
    private readonly HashSet<int> _matched = [];

    /// <param name="plainCreates">True where a known insert may be a CREATE.</param>
    /// <param name="tellsMoved">True where an update's own statement tells which references moved; else all are made to match.</param>
    public SortedOperations(GraphPlan plan, IReadOnlyList<RowOperation> operations, bool plainCreates, bool tellsMoved)
    {
        _operations = operations;
        _plainCreates = plainCreates;
        _tellsMoved = tellsMoved;
        var reuse = new KeyReuse(plan, operations);
        for (var i = 0; i < operations.Count; i++)
        {
            if (plan.For(operations[i].Relation) is NodePlan node && reuse.IsOvertaken(operations[i]))
                NodeWrites.Add((node, NodeWrite.Merge, SentFields.Of(node, operations[i].New.Image)), i);
        }
        for (var i = 0; i < operations.Count; i++)
        {
            var operation = operations[i];
            switch (plan.For(operation.Relation))
            {
                case NodePlan when reuse.IsOvertaken(operation): break;
                case NodePlan node: Sort(node, plan.For(operation.OldRelation ?? operation.Relation) as NodePlan ?? node, i, reuse); break;
                case JoinPlan join: Sort(join, plan.For(operation.OldRelation ?? operation.Relation) as JoinPlan ?? join, i); break;
            }
        }
        foreach (var (write, indexes) in NodeWrites)
        {
            if (write.Write is NodeWrite.Create or NodeWrite.Update) KeyOrder.Sort(indexes, operations, write.Plan.Key[0]);
        }
        foreach (var (write, indexes) in JoinWrites) KeyOrder.Sort(indexes, operations, write.Plan.Start.Fields[0]);
        foreach (var (fresh, indexes) in References)
        {
            if (fresh.Fresh) KeyOrder.Sort(indexes, operations, fresh.Plan.Key[0]);
        }
    }

    public Groups<NodePlan, int> NodeDeletes { get; } = [];

    /// <summary>Nodes written by an image that lacks columns which another node holds: these are read before anything is written.</summary>
    public Groups<NodePlan, int> NodeReads { get; } = [];

    public Groups<(NodePlan Plan, NodeWrite Write, SentFields Sent), int> NodeWrites { get; } = [];

    /// <summary>Nodes whose references are plain creates; and those whose references are made to match.</summary>
    public Groups<(NodePlan Plan, bool Fresh), int> References { get; } = [];

    public Groups<JoinPlan, int> JoinDeletes { get; } = [];

    public Groups<JoinPlan, int> JoinReads { get; } = [];

    public Groups<(JoinPlan Plan, NodeWrite Write, SentFields Sent), int> JoinWrites { get; } = [];

    /// <summary>Has a node's references made to match; once, however often it is said.</summary>
    public void MatchReferences(NodePlan plan, int index)
    {
        if (plan.References.Count > 0 && _matched.Add(index)) References.Add((plan, false), index);
    }

    private void Sort(NodePlan plan, NodePlan oldPlan, int index, KeyReuse reuse)
    {
        var operation = _operations[index];
        if (operation.Kind == RowOperationKind.Delete)
        {
            if (!reuse.IsTakenAgain(plan, operation.Old.Image, operation.OldRelation)) NodeDeletes.Add(oldPlan, index);
            return;
        }
        var sent = SentFields.Of(plan, operation.New.Image);
        if (operation.Kind == RowOperationKind.Insert && _plainCreates && sent.IsWhole && !reuse.IsReused(plan, operation.New.Image, operation.Relation))
        {
            NodeWrites.Add((plan, NodeWrite.Create, sent), index);
            References.Add((plan, true), index);
            return;
        }
        if (KeyReuse.ChangesKey(operation))
        {
            // the node moves to its new key, where that is free and nobody takes the old one; else each key's node gets the properties of the row that now has it
            var moves = !reuse.IsReused(plan, operation.New.Image, operation.Relation) && !reuse.IsTakenAgain(plan, operation.Old.Image, operation.OldRelation);
            if (moves) NodeWrites.Add((plan, NodeWrite.Rekey, sent), index);
            if (moves && operation.Kind == RowOperationKind.Update && _plainCreates)
            {
                MatchReferences(plan, index);
                return;
            }
            if (moves || !reuse.IsTakenAgain(plan, operation.Old.Image, operation.OldRelation)) (moves ? LateDeletes : NodeDeletes).Add(oldPlan, index);
            if (!moves && !sent.IsWhole)
            {
                NodeReads.Add(oldPlan, index);
                sent = SentFields.All(plan);
            }
            NodeWrites.Add((plan, NodeWrite.Merge, sent), index);
            MatchReferences(plan, index);
            return;
        }
        var known = operation.Kind == RowOperationKind.Update;
        NodeWrites.Add((plan, known ? NodeWrite.Update : NodeWrite.Merge, sent), index);
        if (plan.References.Count == 0) return;
        if (!known || MovesUnseen(plan, operation)) MatchReferences(plan, index);
    }

    /// <summary>Nodes left at the old key after the move of a row that may or may not have been there.</summary>
    public Groups<NodePlan, int> LateDeletes { get; } = [];

    /// <summary>True where the update statement itself cannot tell that a reference moved.</summary>
    private bool MovesUnseen(NodePlan plan, in RowOperation operation)
    {
        if (operation.OldImage == OldImage.Full)
        {
            var newImage = operation.New.Image;
            var oldImage = operation.Old.Image;
            foreach (var reference in plan.References)
            {
                foreach (var field in reference.Parent.Fields)
                {
                    if (!newImage.IsSent(field.Ordinal)) continue;
                    var before = operation.OldRelation.Ordinal(field.Column);
                    if (before < 0 || newImage.IsNull(field.Ordinal) != oldImage.IsNull(before)
                        || !newImage[field.Ordinal].SequenceEqual(oldImage[before])) return true;
                }
            }
            return false;
        }
        return !_tellsMoved || plan.References.Any(r => r.Stored is null);
    }

    private void Sort(JoinPlan plan, JoinPlan oldPlan, int index)
    {
        var operation = _operations[index];
        if (operation.Kind == RowOperationKind.Delete)
        {
            JoinDeletes.Add(oldPlan, index);
            return;
        }
        var sent = SentFields.Of(plan, operation.New.Image);
        if (KeyReuse.ChangesKey(operation))
        {
            if (!sent.IsWhole)
            {
                JoinReads.Add(oldPlan, index);
                sent = SentFields.All(plan);
            }
            JoinDeletes.Add(oldPlan, index);
            JoinWrites.Add((plan, NodeWrite.Merge, sent), index);
            return;
        }
        var write = operation.Kind switch
        {
            RowOperationKind.Insert when _plainCreates && sent.IsWhole => NodeWrite.Create,
            RowOperationKind.Update => NodeWrite.Update,
            _ => NodeWrite.Merge,
        };
        JoinWrites.Add((plan, write, sent), index);
    }
}

/// <summary>Lists by key, keys in the order in which they first came.</summary>
internal sealed class Groups<TKey, TItem> : IEnumerable<KeyValuePair<TKey, List<TItem>>> where TKey : notnull
{
    private readonly Dictionary<TKey, List<TItem>> _lists = [];
    private TKey? _lastKey;
    private List<TItem>? _last;

    public void Add(TKey key, TItem item)
    {
        if (_last is null || !EqualityComparer<TKey>.Default.Equals(key, _lastKey))
        {
            if (!_lists.TryGetValue(key, out _last)) _lists[key] = _last = [];
            _lastKey = key;
        }
        _last.Add(item);
    }

    public IEnumerator<KeyValuePair<TKey, List<TItem>>> GetEnumerator() => _lists.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
