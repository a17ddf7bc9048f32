using PolyglotSync.Graph.Plans;
using PolyglotSync.Graph.Values;
using PolyglotSync.Graph.Writing;

namespace PolyglotSync.Graph.Description;

/// <summary>What is run for a table's changes, for people to read.</summary>
/// <param name="Pattern">The table as a pattern: <c>(:Post)-[:AUTHOR]->(:User)</c>.</param>
public sealed record TableDescription(TableName Table, string Pattern, IReadOnlyList<DescribedStatement> Statements);

/// <param name="When">The kind of change.</param>
/// <param name="Cypher">The statement; <c>$rows</c> are lists of values, the key's first.</param>
public sealed record DescribedStatement(string When, string Cypher);

/// <summary>Shows the Cypher of each table of a mapping, as Neo4j gets it.</summary>
public static class PlanDescription
{
    /// <exception cref="PipelineFailure">Fatal: the mapping does not fit the schema.</exception>
    public static IReadOnlyList<TableDescription> Of(GraphMapping mapping, DatabaseSchema schema)
    {
        Inference.MappingChecks.Require(mapping, schema);
        var plan = new GraphPlan(mapping, schema, GraphDialect.Neo4j);
        return [.. mapping.Tables.Select(t => plan.For(t.Table) switch
        {
            NodePlan node => Node(node),
            JoinPlan join => Join(join),
            _ => new TableDescription(t.Table, "", []),
        })];
    }

    private static TableDescription Node(NodePlan plan)
    {
        var statements = new List<DescribedStatement>
        {
            new("insert", CypherShapes.CreateNode(plan).Statement),
            new("update", CypherShapes.UpdateNode(plan, plan.Fields, tellsMoved: false).Statement),
            new("insert or update", CypherShapes.MergeNode(plan, plan.Fields).Statement),
            new("delete", CypherShapes.DeleteNode(plan).Statement),
        };
        var label = $"(:{plan.Label})";
        foreach (var reference in plan.References)
        {
            statements.Add(new($"{reference.Type}, insert", CypherShapes.CreateReference(plan, reference).Statement));
            statements.Add(new($"{reference.Type}, update", CypherShapes.MatchReference(plan, reference).Statement));
        }
        var pattern = plan.References.Count == 0 ? label : string.Join(", ", plan.References.Select(r => $"{label}-[:{r.Type}]->(:{r.Parent.Label})"));
        return new TableDescription(plan.Relation.Table, pattern, statements);
    }

    private static TableDescription Join(JoinPlan plan) => new(plan.Relation.Table, $"(:{plan.Start.Label})-[:{plan.Type}]->(:{plan.End.Label})",
    [
        new("insert", CypherShapes.CreateJoin(plan).Statement),
        new("update", CypherShapes.UpdateJoin(plan, plan.Fields).Statement),
        new("insert or update", CypherShapes.MergeJoin(plan, plan.Fields).Statement),
        new("delete", CypherShapes.DeleteJoin(plan).Statement),
    ]);
}
