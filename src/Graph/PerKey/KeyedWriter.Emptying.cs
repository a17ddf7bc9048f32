using PolyglotSync.Graph.Plans;
using PolyglotSync.Graph.Writing;
using static PolyglotSync.Graph.Writing.Identifier;

namespace PolyglotSync.Graph.PerKey;

/// <summary>Tables that are emptied, in batches: each row goes as by a delete.</summary>
internal sealed partial class KeyedWriter
{
    private async Task EmptyAsync(TableName table, CancellationToken cancellationToken)
    {
        switch (Plan.For(table))
        {
            case NodePlan node: await EmptyAsync(node, cancellationToken); break;
            case JoinPlan join: await EmptyAsync(join, cancellationToken); break;
        }
    }

    private async Task EmptyAsync(NodePlan plan, CancellationToken cancellationToken)
    {
        var label = Quote(plan.Label);
        foreach (var reference in plan.References)
        {
            await UntilNoneAsync($"MATCH (:{label})-[o:{Quote(reference.Type)}]->(x) WITH o, x LIMIT 20000{Placeholders.Lock(plan, "x", reference.Parent)} DELETE o RETURN count(o)", cancellationToken);
            await SweepAsync(reference.Parent, cancellationToken);
        }
        foreach (var key in plan.OtherKeys)
            foreach (var by in key.HeldBy) await UntilNoneAsync(OtherKeyShapes.LeaveAll(plan, key, by), cancellationToken);
        var row = $"MATCH (n:{label}) WHERE NOT n:{Placeholders.Label}";
        await UntilNoneAsync($"{row} AND {Placeholders.HoldsNone("n", plan.Holds)} WITH n LIMIT 20000 DETACH DELETE n RETURN count(n)", cancellationToken);
        if (plan.Holds.Count == 0) return;
        var key0 = string.Join(", ", plan.Key.Select(k => $"{Quote(k.Property)}: n.{Quote(k.Property)}"));
        await UntilNoneAsync($"{row} WITH n LIMIT 20000 SET n = {{{key0}}} SET n:{Placeholders.Label} REMOVE n:{Placeholders.Leaving} RETURN count(n)", cancellationToken);
        // another writer may have taken the last relationship in between
        await UntilNoneAsync(Placeholders.Sweep(plan.Label, plan.Holds), cancellationToken);
    }

    private async Task EmptyAsync(JoinPlan plan, CancellationToken cancellationToken)
    {
        await UntilNoneAsync($"MATCH (a:{Quote(plan.Start.Label)})-[x:{Quote(plan.Type)}]->(b) WITH a, x, b LIMIT 20000"
            + $"{Placeholders.Lock(plan, "a", plan.Start)}{Placeholders.Lock(plan, "b", plan.End)} DELETE x RETURN count(x)", cancellationToken);
        await SweepAsync(plan.Start, cancellationToken);
        await SweepAsync(plan.End, cancellationToken);
    }

    private Task SweepAsync(NodeEnd end, CancellationToken cancellationToken) => UntilNoneAsync(Placeholders.Sweep(end.Label, end.Holds), cancellationToken);
}
