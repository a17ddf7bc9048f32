using PolyglotSync.Graph.Plans;

namespace PolyglotSync.Graph.Writing;

/// <summary>The shapes of one node table, each made once. Those for rows of which columns were not sent are made as they come: there may be many kinds.</summary>
internal sealed class NodeShapes(NodePlan plan)
{
    private readonly CypherShape?[] _createReferences = new CypherShape?[plan.References.Count];
    private readonly CypherShape?[] _matchReferences = new CypherShape?[plan.References.Count];
    private CypherShape? _create;
    private CypherShape? _merge;
    private CypherShape? _update;
    private CypherShape? _updateAndTell;
    private CypherShape? _rekey;
    private CypherShape? _delete;

    public CypherShape Create => _create ??= CypherShapes.CreateNode(plan);

    public CypherShape Delete => _delete ??= CypherShapes.DeleteNode(plan);

    public CypherShape Merge(SentFields sent) => sent.IsWhole ? _merge ??= CypherShapes.MergeNode(plan, sent.Fields) : CypherShapes.MergeNode(plan, sent.Fields);

    public CypherShape Rekey(SentFields sent) =>
        sent.IsWhole ? _rekey ??= CypherShapes.RekeyNode(plan, sent.Fields, mayBeDone: true) : CypherShapes.RekeyNode(plan, sent.Fields, mayBeDone: true);

    public CypherShape Update(SentFields sent, bool tellsMoved)
    {
        if (!sent.IsWhole) return CypherShapes.UpdateNode(plan, sent.Fields, tellsMoved);
        return tellsMoved
            ? _updateAndTell ??= CypherShapes.UpdateNode(plan, sent.Fields, tellsMoved: true)
            : _update ??= CypherShapes.UpdateNode(plan, sent.Fields, tellsMoved: false);
    }

    /// <param name="number">Of the plan's references.</param>
    public CypherShape CreateReference(int number) => _createReferences[number] ??= CypherShapes.CreateReference(plan, plan.References[number]);

    public CypherShape MatchReference(int number) => _matchReferences[number] ??= CypherShapes.MatchReference(plan, plan.References[number]);
}

/// <summary>The shapes of one join table, likewise.</summary>
internal sealed class JoinShapes(JoinPlan plan)
{
    private CypherShape? _create;
    private CypherShape? _merge;
    private CypherShape? _update;
    private CypherShape? _delete;

    public CypherShape Create => _create ??= CypherShapes.CreateJoin(plan);

    public CypherShape Delete => _delete ??= CypherShapes.DeleteJoin(plan);

    public CypherShape Merge(SentFields sent) => sent.IsWhole ? _merge ??= CypherShapes.MergeJoin(plan, sent.Fields) : CypherShapes.MergeJoin(plan, sent.Fields);

    public CypherShape Update(SentFields sent) => sent.IsWhole ? _update ??= CypherShapes.UpdateJoin(plan, sent.Fields) : CypherShapes.UpdateJoin(plan, sent.Fields);
}
