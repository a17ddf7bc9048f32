using System.Text;
using PolyglotSync.Graph.Plans;
using PolyglotSync.Graph.Values;
using PolyglotSync.Graph.Waiting;

namespace PolyglotSync.Graph.Writing;

/// <summary>Relationships that wait for a node: those found in this set, and those that a node of this set ends the waiting of.</summary>
internal sealed partial class WriteSetWriter
{
    private readonly List<(JoinPlan Plan, SentFields Sent, List<int> Batch)> _kept = [];
    private readonly HashSet<string> _found = [];
    private readonly HashSet<int> _mended = [];

    /// <summary>Relationships of which one waits that were not known to; to be remembered once this set is committed.</summary>
    public IReadOnlyCollection<string> Found => _found;

    /// <summary>The relationships that nodes of the operations may end the waiting of.</summary>
    public static HashSet<string> Awaited(GraphPlan plan, IReadOnlyList<RowOperation> operations, IReadOnlySet<string> waiting)
    {
        if (waiting.Count == 0) return [];
        var tables = operations.Where(o => o.Kind != RowOperationKind.Delete).Select(o => o.Relation.Table).Distinct();
        return [.. tables.SelectMany(t => plan.IncomingOf(t).Select(i => i.Name).Concat(plan.JoinsOf(t).Select(j => j.Name))).Where(waiting.Contains)];
    }

    private bool Waits(JoinPlan plan) => _waiting.Names.Count > 0 && _waiting.Names.Contains(WaitingRelationships.NameOf(plan.Relation.Table, plan.Type));

    private void FoundMissing(NodePlan plan, ReferencePlan reference)
    {
        var table = plan.Relation.Table;
        if (reference.Stored is null || WaitingRelationships.IsReadAgain(Set.State?.Copy ?? _waiting.Copy, table, reference.Parent.Table)) return;
        var name = WaitingRelationships.NameOf(table, reference.Type);
        if (!_waiting.Names.Contains(name)) _found.Add(name);
    }

    /// <summary>Rows of join tables that waited for an end: before this set's own are written, which may change them.</summary>
    private async Task ReleaseJoinsAsync(CancellationToken cancellationToken)
    {
        foreach (var (plan, operations) in Arrivals())
        {
            foreach (var join in Plan.JoinsOf(plan.Relation.Table).Where(j => _waiting.Names.Contains(j.Name)))
            {
                var fields = join.End.Fields.Select(e => plan.Key.Concat(plan.Fields).FirstOrDefault(f => f.Property == e.Property)).ToList();
                if (fields.Contains(null)) continue;
                await EachBatchAsync(WaitingShapes.Release(join), operations, cancellationToken, (rows, i) =>
                {
                    rows.Begin(fields.Count);
                    return fields.All(f => Has(f!.Ordinal, i)) && AddAll(rows, fields!, Operation(i).New.Image, i);
                });
            }
        }
    }

    /// <summary>Children that waited for a node: after this set's own relationships, so that none is made twice.</summary>
    private async Task JoinChildrenAsync(CancellationToken cancellationToken)
    {
        foreach (var (plan, operations) in Arrivals())
        {
            foreach (var incoming in Plan.IncomingOf(plan.Relation.Table).Where(i => _waiting.Names.Contains(i.Name)))
            {
                var ordinals = incoming.Columns.Select(c => plan.Relation.Ordinal(c.Parent)).ToArray();
                if (ordinals.Contains(-1)) continue;
                var arrived = incoming.IsToKey ? operations.Where(BringsKey).ToList() : operations;
                var shape = WaitingShapes.JoinChildren(plan, incoming);
                await EachBatchAsync(shape, arrived, cancellationToken, (rows, i) => EncodeChildren(rows, plan, incoming, ordinals, i, inOneSpelling: false));
                // a child may spell the value otherwise: 1.0 for 1.00, without the blanks of char(n)
                if (ordinals.Any(o => plan.Relation.Columns[o].Type.Kind is PgKind.Numeric or PgKind.BlankPaddedText))
                    await EachBatchAsync(shape, arrived, cancellationToken, (rows, i) => EncodeChildren(rows, plan, incoming, ordinals, i, inOneSpelling: true));
            }
        }
    }

    /// <summary>This set's rows of join tables that lack an end.</summary>
    private async Task KeepJoinsAsync(CancellationToken cancellationToken)
    {
        foreach (var (plan, sent, batch) in _kept)
        {
            await EachBatchAsync(WaitingShapes.Keep(plan, sent.Fields), batch, cancellationToken, (rows, i) => EncodeJoin(rows, plan, sent, i));
            var name = WaitingRelationships.NameOf(plan.Relation.Table, plan.Type);
            if (!_waiting.Names.Contains(name)) _found.Add(name);
        }
    }

    private async Task RememberAsync(CancellationToken cancellationToken)
    {
        foreach (var name in _found)
        {
            var rows = Runner.NewRows(1);
            rows.Begin(2);
            rows.Add(TextDecoder.Instance, Encoding.UTF8.GetBytes(_pipeline));
            rows.Add(TextDecoder.Instance, Encoding.UTF8.GetBytes(name));
            rows.End();
            await Runner.RunAsync(WaitingShapes.Remember, rows, cancellationToken);
        }
    }

    /// <summary>The written nodes that something may wait for.</summary>
    private Groups<NodePlan> Arrivals()
    {
        var arrivals = new Groups<NodePlan>();
        for (var i = 0; i < Operations.Length; i++)
        {
            ref readonly var operation = ref Operation(i);
            if (operation.Kind != RowOperationKind.Delete && Plan.For(operation.Relation) is NodePlan plan) arrivals.Add(plan, i);
        }
        return arrivals;
    }

    private bool BringsKey(int index)
    {
        ref readonly var operation = ref Operation(index);
        return operation.Kind != RowOperationKind.Update || KeyReuse.ChangesKey(operation) || _mended.Contains(index);
    }

    private bool Has(int ordinal, int index) => Operation(index).New.Image.HasValue(ordinal);

    private bool EncodeChildren(ParameterRows rows, NodePlan plan, IncomingReference incoming, int[] ordinals, int index, bool inOneSpelling)
    {
        var image = Operation(index).New.Image;
        if (!EncodeKey(rows, plan, image, plan.Key.Count + ordinals.Length, index)) return false;
        for (var c = 0; c < ordinals.Length; c++)
        {
            if (!image.HasValue(ordinals[c])) return false;
            var text = image[ordinals[c]];
            // a value that the child's type cannot hold is no child's
            if (!rows.Add(incoming.Columns[c].Decoder, inOneSpelling ? RowKey.Canonical(plan.Relation.Columns[ordinals[c]].Type.Kind, text) : text)) return false;
        }
        return true;
    }
}
