using System.Collections;
using PolyglotSync.Graph.Plans;

namespace PolyglotSync.Graph.Writing;

/// <summary>What one statement shape does with a group of operations.</summary>
internal enum NodeWrite : byte { Create, Merge, Update, Rekey }

/// <summary>A write set's operations by what is to be done with them: one group for each table, kind of write and set of sent columns.</summary>
internal sealed class SortedOperations
{
    private readonly GraphPlan _plan;
    private readonly bool _plainCreates;
    private readonly bool _tellsMoved;
    private readonly bool _readsMoved;
    private readonly List<int> _arriving = [];
    private HashSet<int>? _matched;
    private Relation? _lastRelation;
    private TablePlan? _lastPlan;

    /// <param name="plainCreates">True where a known insert may be a CREATE.</param>
    /// <param name="tellsMoved">True where an update's own statement tells which references moved; else all are made to match.</param>
    /// <param name="readsMoved">True where a node that moves may have moved before: what its row did not send is read too.</param>
    public SortedOperations(GraphPlan plan, ReadOnlySpan<RowOperation> operations, bool plainCreates, bool tellsMoved, bool readsMoved = false)
    {
        _plan = plan;
        _plainCreates = plainCreates;
        _tellsMoved = tellsMoved;
        _readsMoved = readsMoved;
        var reuse = new KeyReuse(plan, operations);
        var left = new LeftKeys(operations);
        for (var i = 0; reuse.AnyArrives && i < operations.Length; i++)
        {
            if (PlanOf(operations[i].Relation) is NodePlan node && reuse.IsOvertaken(operations[i]))
                NodeWrites.Add((node, NodeWrite.Merge, SentFields.Of(node, operations[i].New.Image)), i);
        }
        for (var i = 0; i < operations.Length; i++)
        {
            ref readonly var operation = ref operations[i];
            var now = PlanOf(operation.Relation);
            var before = ReferenceEquals(operation.OldRelation, operation.Relation) ? now : PlanOf(operation.OldRelation ?? operation.Relation);
            switch (now)
            {
                case NodePlan when reuse.IsOvertaken(operation): break;
                case NodePlan node: Sort(node, before as NodePlan ?? node, operation, i, reuse); break;
                case JoinPlan join: Sort(join, before as JoinPlan ?? join, operation, i, left); break;
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

    public Groups<NodePlan> NodeDeletes { get; } = [];

    /// <summary>Nodes written by an image that lacks columns which another node holds: these are read before anything is written.</summary>
    public Groups<NodePlan> NodeReads { get; } = [];

    public Groups<(NodePlan Plan, NodeWrite Write, SentFields Sent)> NodeWrites { get; } = [];

    /// <summary>Nodes whose references are plain creates; and those whose references are made to match.</summary>
    public Groups<(NodePlan Plan, bool Fresh)> References { get; } = [];

    public Groups<JoinPlan> JoinDeletes { get; } = [];

    public Groups<JoinPlan> JoinReads { get; } = [];

    public Groups<(JoinPlan Plan, NodeWrite Write, SentFields Sent)> JoinWrites { get; } = [];

    /// <summary>Decides how the rows that moved and did not send everything are written, once the rest was looked for.</summary>
    /// <param name="isCarried">True for those of which it was found; of the others what is there stays.</param>
    public void Arrive(ReadOnlySpan<RowOperation> operations, Func<int, bool> isCarried)
    {
        foreach (var i in _arriving)
        {
            ref readonly var operation = ref operations[i];
            switch (PlanOf(operation.Relation))
            {
                case NodePlan node: NodeWrites.Add((node, NodeWrite.Merge, isCarried(i) ? SentFields.All(node) : SentFields.Of(node, operation.New.Image)), i); break;
                case JoinPlan join: JoinWrites.Add((join, NodeWrite.Merge, isCarried(i) ? SentFields.All(join) : SentFields.Of(join, operation.New.Image)), i); break;
            }
        }
    }

    /// <summary>Has a node's references made to match; once, however often it is said.</summary>
    public void MatchReferences(NodePlan plan, int index)
    {
        if (plan.References.Count > 0 && (_matched ??= []).Add(index)) References.Add((plan, false), index);
    }

    /// <summary>Rows of one table mostly come together.</summary>
    private TablePlan? PlanOf(Relation relation)
    {
        if (ReferenceEquals(relation, _lastRelation)) return _lastPlan;
        _lastRelation = relation;
        return _lastPlan = _plan.For(relation);
    }

    private void Sort(NodePlan plan, NodePlan oldPlan, in RowOperation operation, int index, KeyReuse reuse)
    {
        if (operation.Kind == RowOperationKind.Delete)
        {
            if (!reuse.IsTakenAgain(plan, operation.Old.Image, operation.OldRelation)) NodeDeletes.Add(oldPlan, index);
            return;
        }
        var sent = SentFields.Of(plan, operation.New.Image);
        if (operation.Kind == RowOperationKind.Insert && _plainCreates && sent.IsWhole && !reuse.IsReused(plan, operation.New.Image, operation.Relation))
        {
            NodeWrites.Add((plan, NodeWrite.Create, sent), index);
            if (plan.References.Count > 0) References.Add((plan, true), index);
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
            if (!sent.IsWhole && (!moves || _readsMoved))
            {
                NodeReads.Add(oldPlan, index);
                _arriving.Add(index);
            }
            else NodeWrites.Add((plan, NodeWrite.Merge, sent), index);
            MatchReferences(plan, index);
            return;
        }
        var known = operation.Kind == RowOperationKind.Update;
        NodeWrites.Add((plan, known ? NodeWrite.Update : NodeWrite.Merge, sent), index);
        if (plan.References.Count == 0) return;
        if (!known || MovesUnseen(plan, operation)) MatchReferences(plan, index);
    }

    /// <summary>Nodes left at the old key after the move of a row that may or may not have been there.</summary>
    public Groups<NodePlan> LateDeletes { get; } = [];

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
        return !_tellsMoved || !plan.TellsMoved;
    }

    private void Sort(JoinPlan plan, JoinPlan oldPlan, in RowOperation operation, int index, LeftKeys left)
    {
        if (operation.Kind == RowOperationKind.Delete)
        {
            JoinDeletes.Add(oldPlan, index);
            return;
        }
        var sent = SentFields.Of(plan, operation.New.Image);
        if (KeyReuse.ChangesKey(operation))
        {
            JoinDeletes.Add(oldPlan, index);
            if (sent.IsWhole)
            {
                JoinWrites.Add((plan, NodeWrite.Merge, sent), index);
                return;
            }
            JoinReads.Add(oldPlan, index);
            _arriving.Add(index);
            return;
        }
        if (left.Shares(operation))
        {
            JoinReads.Add(plan, index);
            _arriving.Add(index);
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

/// <summary>Operations by key, keys in the order in which they first came.</summary>
internal sealed class Groups<TKey> : IEnumerable<KeyValuePair<TKey, List<int>>> where TKey : notnull
{
    private static readonly Dictionary<TKey, List<int>> None = [];

    private Dictionary<TKey, List<int>>? _lists;
    private TKey? _lastKey;
    private List<int>? _last;

    /// <param name="operation">Its index in the set.</param>
    public void Add(TKey key, int operation)
    {
        if (_last is null || !EqualityComparer<TKey>.Default.Equals(key, _lastKey))
        {
            _lists ??= [];
            if (!_lists.TryGetValue(key, out _last)) _lists[key] = _last = [];
            _lastKey = key;
        }
        _last.Add(operation);
    }

    public Dictionary<TKey, List<int>>.Enumerator GetEnumerator() => (_lists ?? None).GetEnumerator();

    IEnumerator<KeyValuePair<TKey, List<int>>> IEnumerable<KeyValuePair<TKey, List<int>>>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
