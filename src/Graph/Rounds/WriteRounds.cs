using PolyglotSync.Graph.Plans;
using PolyglotSync.Graph.Writing;

namespace PolyglotSync.Graph.Rounds;

/// <summary>
/// Parts a write set for several writers. Deletes are one set; nodes are parted by bucket; relationships by a colouring of the complete graph of bucket groups: in round c the
/// groups a and b meet where a + b = c (mod g), so each group is in one set of a round and no node is locked by two (the round-robin tournament's circle method). What cannot be
/// placed comes last, in the set that carries the state. A set in which a key changes hands is not parted: its order is the whole's; nor is one with nodes that children wait for.
/// </summary>
internal static class WriteRounds
{
    /// <summary>References that a part can tell apart.</summary>
    private const int MaxReferences = 64;

    public static IReadOnlyList<IReadOnlyList<WriteSet>> Part(GraphPlan plan, WriteSet set, int buckets, int writers, IReadOnlySet<string> waiting)
    {
        if (writers < 2 || WriteSetWriter.Awaited(plan, set.Operations, waiting).Count > 0
            || set.Operations.Any(o => KeyReuse.ChangesKey(o)) || new KeyReuse(plan, OperationBuffer.MemoryOf(set.Operations).Span).Any) return [[set]];
        var groups = Math.Min(buckets, writers * 2);
        var deletes = new List<RowOperation>();
        var nodes = new List<RowOperation>?[groups];
        var pairs = new Dictionary<(int Low, int High), PartedOperations>();
        var last = new PartedOperations();
        foreach (var operation in set.Operations)
        {
            if (operation.Kind == RowOperationKind.Delete)
            {
                deletes.Add(operation);
                continue;
            }
            switch (plan.For(operation.Relation))
            {
                case NodePlan node:
                    (nodes[operation.Bucket % groups] ??= []).Add(operation);
                    AddReferences(node, operation);
                    break;
                case JoinPlan join:
                    PartOf(GroupOf(join.Start, operation), GroupOf(join.End, operation)).Add(operation, ulong.MaxValue);
                    break;
            }
        }

        var rounds = new List<IReadOnlyList<WriteSet>>();
        if (deletes.Count > 0 || set.Truncated.Count > 0 || set.SchemaChanges.Count > 0)
            rounds.Add([PartSet(set, deletes, WriteSteps.Deletes, isFirst: true)]);
        if (nodes.Any(n => n is not null)) rounds.Add([.. nodes.OfType<List<RowOperation>>().Select(n => PartSet(set, n, WriteSteps.Nodes))]);
        foreach (var round in pairs.GroupBy(p => (p.Key.Low + p.Key.High) % groups).OrderBy(r => r.Key))
            rounds.Add([.. Disjoint(round)]);
        rounds.Add([new WriteSet { Operations = last, Steps = WriteSteps.Relationships, Generation = set.Generation, State = set.State }]);
        return rounds;

        void AddReferences(NodePlan node, in RowOperation operation)
        {
            if (node.References.Count > MaxReferences)
                throw new PipelineFailure(FailureClass.Fatal, $"{operation.Relation.Table} has more than {MaxReferences} foreign keys; use consistency: transactional") { ExitCode = ExitCode.InvalidManifest };
            var byPart = new Dictionary<PartedOperations, ulong>();
            for (var i = 0; i < node.References.Count; i++)
            {
                var part = PartOf(operation.Bucket % groups, GroupOf(node.References[i].Parent, operation));
                byPart[part] = byPart.GetValueOrDefault(part) | (1UL << i);
            }
            foreach (var (part, references) in byPart) part.Add(operation, references);
        }

        // the parent that a row leaves is known to nobody: its lock may be taken by two, and the loser tries again
        int? GroupOf(NodeEnd end, in RowOperation operation)
        {
            if (end.KeyOrdinals is not { } ordinals) return null;
            var image = operation.New.Image;
            foreach (var ordinal in ordinals)
                if (!image.HasValue(ordinal)) return null;
            return (int)(RowKey.Hash(image, operation.Relation, ordinals) % (ulong)buckets) % groups;
        }

        PartedOperations PartOf(int? left, int? right)
        {
            if (left is not { } a || right is not { } b) return last;
            var pair = (Math.Min(a, b), Math.Max(a, b));
            return pairs.TryGetValue(pair, out var part) ? part : pairs[pair] = new PartedOperations();
        }

        IEnumerable<WriteSet> Disjoint(IEnumerable<KeyValuePair<(int, int), PartedOperations>> round) =>
            round.Select(p => new WriteSet { Operations = p.Value, Steps = WriteSteps.Relationships, Generation = set.Generation });
    }

    private static WriteSet PartSet(WriteSet whole, IReadOnlyList<RowOperation> operations, WriteSteps steps, bool isFirst = false) => new()
    {
        Operations = operations, Steps = steps, Generation = whole.Generation,
        Truncated = isFirst ? whole.Truncated : [], SchemaChanges = isFirst ? whole.SchemaChanges : [],
    };
}
