using PolyglotSync.Graph.PerKey;
using PolyglotSync.Graph.Plans;
using PolyglotSync.Graph.Waiting;
using static PolyglotSync.Graph.Writing.Identifier;

namespace PolyglotSync.Graph.Writing;

/// <summary>Carries a renamed or dropped column over to what is in the graph already: in batches, each its own transaction, and again without harm.</summary>
internal static class SchemaWriter
{
    public static async Task ApplyAsync(
        GraphPlan plan, SchemaChange change, Func<string, CancellationToken, Task<IReadOnlyList<object?>>> run, CancellationToken cancellationToken)
    {
        if (plan.MappingOf(change.After.Table) is not { } mapping) return;
        RefuseKeyChange(plan, mapping, change);
        // what waits is read with the new columns from here on
        plan.For(change.After);
        string[] matches = mapping switch
        {
            NodeMapping node => [$"MATCH (n:{Quote(node.Label)})"],
            JoinMapping join => [$"MATCH (:{Quote(StartLabel(plan, join))})-[n:{Quote(join.Type)}]->()", $"MATCH (n:{Quote(WaitingShapes.LabelOf(join.Table))})"],
            _ => throw new InvalidOperationException("a table is a node or a relationship"),
        };
        foreach (var match in matches)
        {
            foreach (var (from, to) in change.Renamed)
            {
                if (plan.PropertyOf(mapping, from) is not { } before || plan.PropertyOf(mapping, to) is not { } after || before == after) continue;
                await RepeatAsync($"{match} WHERE n.{Quote(before)} IS NOT NULL WITH n LIMIT 10000 "
                    + $"SET n.{Quote(after)} = n.{Quote(before)} REMOVE n.{Quote(before)} RETURN count(n)", run, cancellationToken);
            }
            foreach (var property in change.Dropped.Select(d => plan.PropertyOf(mapping, d)).OfType<string>())
                await RepeatAsync($"{match} WHERE n.{Quote(property)} IS NOT NULL WITH n LIMIT 10000 REMOVE n.{Quote(property)} RETURN count(n)", run, cancellationToken);
        }
        if (mapping is not NodeMapping child) return;
        foreach (var (foreignKey, type) in child.Relationships.Where(r => r.ForeignKey.Columns.Any(change.Dropped.Contains)))
        {
            var parent = plan.Order == ChangeOrder.PerKey ? plan.For(foreignKey.ReferencedTable) as NodePlan : null;
            var locked = parent is null ? "" : Placeholders.Lock(parent.Dialect, "x", parent.Key[0].Property);
            await RepeatAsync($"MATCH (:{Quote(child.Label)})-[n:{Quote(type)}]->(x) WITH n, x LIMIT 10000{locked} DELETE n RETURN count(n)", run, cancellationToken);
            if (parent is not null) await RepeatAsync(Placeholders.Sweep(parent.Label, parent.Holds), run, cancellationToken);
        }
    }

    private static void RefuseKeyChange(GraphPlan plan, TableMapping mapping, SchemaChange change)
    {
        var renamed = change.Renamed.Select(r => r.From).ToList();
        if (change.Dropped.Concat(renamed).FirstOrDefault(mapping.Key.Contains) is { } key) throw Refused(mapping, $"key column '{key}' was dropped or renamed");
        var referring = mapping is NodeMapping node ? node.Relationships.SelectMany(r => r.ForeignKey.Columns).ToList() : [];
        if (renamed.FirstOrDefault(referring.Contains) is { } reference) throw Refused(mapping, $"column '{reference}' of a foreign key was renamed");
        if (renamed.FirstOrDefault(c => plan.IsReferredTo(mapping.Table, c)) is { } referred) throw Refused(mapping, $"column '{referred}', which a foreign key refers to, was renamed");
    }

    private static PipelineFailure Refused(TableMapping mapping, string what) =>
        new(FailureClass.Fatal, $"{mapping.Table}: {what} while the pipeline ran; run it under a new name into an empty graph") { ExitCode = ExitCode.InvalidManifest };

    private static string StartLabel(GraphPlan plan, JoinMapping join) => ((NodeMapping)plan.MappingOf(join.Start.ReferencedTable)!).Label;

    private static async Task RepeatAsync(string cypher, Func<string, CancellationToken, Task<IReadOnlyList<object?>>> run, CancellationToken cancellationToken)
    {
        while (await run(cypher, cancellationToken) is [long and > 0, ..])
        {
            // until none is left
        }
    }
}
