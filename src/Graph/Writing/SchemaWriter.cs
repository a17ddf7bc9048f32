using PolyglotSync.Graph.Plans;
using static PolyglotSync.Graph.Writing.Identifier;

namespace PolyglotSync.Graph.Writing;

/// <summary>Carries a renamed or dropped column over to what is in the graph already: in batches, each its own transaction, and again without harm.</summary>
internal static class SchemaWriter
{
    public static async Task ApplyAsync(
        GraphPlan plan, SchemaChange change, Func<string, CancellationToken, Task<IReadOnlyList<object?>>> run, CancellationToken cancellationToken)
    {
        if (plan.MappingOf(change.After.Table) is not { } mapping) return;
        RefuseKeyChange(mapping, change);
        var (match, name) = mapping switch
        {
            NodeMapping node => ($"MATCH (n:{Quote(node.Label)})", "n"),
            JoinMapping join => ($"MATCH (:{Quote(StartLabel(plan, join))})-[n:{Quote(join.Type)}]->()", "n"),
            _ => throw new InvalidOperationException("a table is a node or a relationship"),
        };
        foreach (var (from, to) in change.Renamed)
        {
            if (plan.PropertyOf(mapping, from) is not { } before || plan.PropertyOf(mapping, to) is not { } after || before == after) continue;
            await RepeatAsync($"{match} WHERE {name}.{Quote(before)} IS NOT NULL WITH {name} LIMIT 10000 "
                + $"SET {name}.{Quote(after)} = {name}.{Quote(before)} REMOVE {name}.{Quote(before)} RETURN count({name})", run, cancellationToken);
        }
        foreach (var dropped in change.Dropped)
        {
            if (plan.PropertyOf(mapping, dropped) is { } property)
                await RepeatAsync($"{match} WHERE {name}.{Quote(property)} IS NOT NULL WITH {name} LIMIT 10000 REMOVE {name}.{Quote(property)} RETURN count({name})", run, cancellationToken);
        }
        if (mapping is not NodeMapping child) return;
        foreach (var (foreignKey, type) in child.Relationships.Where(r => r.ForeignKey.Columns.Any(change.Dropped.Contains)))
            await RepeatAsync($"MATCH (:{Quote(child.Label)})-[n:{Quote(type)}]->() WITH n LIMIT 10000 DELETE n RETURN count(n)", run, cancellationToken);
    }

    private static void RefuseKeyChange(TableMapping mapping, SchemaChange change)
    {
        var gone = change.Dropped.Concat(change.Renamed.Select(r => r.From)).Where(mapping.Key.Contains).ToList();
        if (gone.Count == 0) return;
        throw new PipelineFailure(FailureClass.Fatal,
            $"{mapping.Table}: key column '{gone[0]}' was dropped or renamed while the pipeline ran; run it under a new name into an empty graph")
        { ExitCode = ExitCode.InvalidManifest };
    }

    private static string StartLabel(GraphPlan plan, JoinMapping join) => ((NodeMapping)plan.MappingOf(join.Start.ReferencedTable)!).Label;

    private static async Task RepeatAsync(string cypher, Func<string, CancellationToken, Task<IReadOnlyList<object?>>> run, CancellationToken cancellationToken)
    {
        while (await run(cypher, cancellationToken) is [long and > 0, ..])
        {
            // until none is left
        }
    }
}
