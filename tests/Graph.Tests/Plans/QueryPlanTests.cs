using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using PolyglotSync.Graph.Inference;
using PolyglotSync.Graph.Neo4j;
using PolyglotSync.Graph.Plans;
using PolyglotSync.Graph.Tests.Compliance;
using PolyglotSync.Graph.Values;
using PolyglotSync.Graph.Waiting;
using PolyglotSync.Graph.Writing;

namespace PolyglotSync.Graph.Tests.Plans;

/// <summary>Neo4j must find every node that a write set names by an index.</summary>
[Collection(Neo4jFixture.Shared)]
public sealed class QueryPlanTests(Neo4jFixture neo4j)
{
    [SkippableFact]
    public async Task Each_statement_of_a_write_set_finds_its_nodes_by_an_index()
    {
        var schema = Tables.Social();
        var (mapping, _) = MappingInference.Infer(schema, new MappingSettings());
        var plan = new GraphPlan(mapping, schema, GraphDialect.Neo4j);
        var names = mapping.Tables.SelectMany(t => plan.IncomingOf(t.Table).Select(i => i.Name).Concat(plan.JoinsOf(t.Table).Select(j => j.Name))).Distinct().ToList();
        await using var target = GraphTargets.Create(new TargetSettings { Uri = await neo4j.EmptyAsync() }, new LimitSettings(), NullLoggerFactory.Instance);
        await target.PrepareAsync(mapping, schema, default);
        await target.ClaimAsync("explained", default);
        foreach (var index in names.SelectMany(n => Neo4jSchema.ForWaiting(plan, n))) await ((ICypherQueries)target).QueryAsync(index, default);
        var statements = await StatementsAsync(plan, schema, names);
        var whole = await WholeAsync(plan, schema);
        (statements.Count, whole.Count).ShouldSatisfyAllConditions(c => c.Item1.ShouldBeGreaterThan(40), c => c.Item2.ShouldBeGreaterThan(20));

        // a whole query keeps the plan of its first time, which may be an empty graph's
        var first = await SeekingAsync(whole);
        await FillAsync((ICypherQueries)target, mapping);
        var later = (await SeekingAsync(whole)).Except(first).ToList();
        later.ShouldBeEmpty(string.Join('\n', later));
        await SeekingAsync(statements);
    }

    private static bool Finds(string name) => name.Contains("Seek", StringComparison.Ordinal) || name.Contains("Expand", StringComparison.Ordinal) || name.Contains("Scan", StringComparison.Ordinal);

    private static async Task FillAsync(ICypherQueries target, GraphMapping mapping)
    {
        foreach (var label in mapping.Tables.OfType<NodeMapping>().Select(n => n.Label).Append(WaitingShapes.LabelOf(new("public", "follows"))))
            await target.QueryAsync($"UNWIND range(1, 5000) AS i CREATE (:{Identifier.Quote(label)} {{id: i, tenant: 't' + i, no: i, order_no: i, line: i, author_id: i, manager_id: i, email: i + '@x', editor_email: i + '@x', __start0: i, __end0: i}})", default);
        await target.QueryAsync("CALL db.prepareForReplanning()", default);
    }

    private static async Task<HashSet<string>> StatementsAsync(GraphPlan plan, DatabaseSchema schema, IReadOnlyList<string> names)
    {
        var statements = new HashSet<string>();
        foreach (var (isAtomic, steps) in new[] { (true, WriteSteps.All), (false, WriteSteps.All), (true, WriteSteps.Deletes), (true, WriteSteps.Nodes), (true, WriteSteps.Relationships) })
        {
            foreach (var operations in Operations(schema))
            {
                var waiting = new WaitingRelationships();
                var runner = new RecordingRunner(isAtomic);
                // once before anything waits, once while all wait
                await new WriteSetWriter(plan, Set(operations, steps), runner, "explained", waiting).WriteAsync(default);
                waiting.Load(names);
                await new WriteSetWriter(plan, Set(operations, steps), runner, "explained", waiting).WriteAsync(default);
                statements.UnionWith(runner.Statements);
            }
        }
        return statements;
    }

    /// <summary>The same, sent whole with the fence.</summary>
    private static async Task<HashSet<string>> WholeAsync(GraphPlan plan, DatabaseSchema schema)
    {
        var statements = new HashSet<string>();
        foreach (var operations in Operations(schema))
        {
            var foreseen = new ForeseenRunner(1_000);
            await new WriteSetWriter(plan, Set(operations, WriteSteps.All), foreseen, "explained", new WaitingRelationships()).WriteAsync(default);
            if (foreseen.IsWhole) statements.Add(WholeQueries.Compose(foreseen.Statements, carriesOffsets: true));
        }
        return statements;
    }

    /// <summary>Each statement with the operators that find something: none may scan, and nothing is kept back that no later row reads.</summary>
    private async Task<List<string>> SeekingAsync(HashSet<string> statements)
    {
        var all = new List<string>();
        var wrong = new List<string>();
        foreach (var statement in statements)
        {
            var operators = await ExplainAsync(statement);
            all.Add($"{statement}: {string.Join(' ', operators.Where(Finds))}");
            // a product of two seeks of a row is what the planner makes of two point lookups
            wrong.AddRange(operators.Where(o => o.Contains("Scan", StringComparison.Ordinal)).Select(o => $"{o}: {statement}"));
            if (!ReadsWhatItWrites(statement)) wrong.AddRange(operators.Where(o => o.StartsWith("Eager@", StringComparison.Ordinal)).Select(o => $"{o}: {statement}"));
        }
        wrong.ShouldBeEmpty(string.Join('\n', wrong));
        return all;
    }

    [SkippableFact]
    [Trait("Length", "Long")]
    public async Task So_does_each_statement_of_a_set_that_is_in_order_only_key_by_key()
    {
        var schema = PerKey.History.Schema;
        await using var target = GraphTargets.Create(new TargetSettings { Uri = await neo4j.EmptyAsync() }, new LimitSettings(), NullLoggerFactory.Instance);
        var (mapping, _) = MappingInference.Infer(schema, new MappingSettings());
        await target.PrepareAsync(mapping, schema, default, ChangeOrder.PerKey);
        await target.ClaimPartitionsAsync("explained", [new("t", 0)], default);
        foreach (var node in mapping.Tables.OfType<NodeMapping>())
        {
            var columns = schema.Find(node.Table)!.Columns.Select(c => $"{c.Name}: {(c.Type.Kind == PgKind.Int8 ? "i" : "'t' + i")}");
            foreach (var placeholder in (string[])["", ":__Placeholder"])
                await ((ICypherQueries)target).QueryAsync($"UNWIND range({placeholder.Length}, 5000, 20) AS i CREATE (:{node.Label}{placeholder} {{{string.Join(", ", columns)}}})", default);
        }
        await ((ICypherQueries)target).QueryAsync("CALL db.awaitIndexes(300)", default);
        await ((ICypherQueries)target).QueryAsync("CALL db.resampleOutdatedIndexes()", default);

        var plan = new GraphPlan(mapping, schema, GraphDialect.Neo4j, ChangeOrder.PerKey);
        var statements = new HashSet<string>();
        foreach (var isAtomic in (bool[])[true, false])
        {
            foreach (var operations in Operations(schema))
            {
                var runner = new RecordingRunner(isAtomic);
                await new Graph.PerKey.KeyedWriter(plan, Set(operations, WriteSteps.All), runner, "explained").WriteAsync(default);
                statements.UnionWith(runner.Statements);
            }
        }

        statements.Count.ShouldBeGreaterThan(60);
        var wrong = new List<string>();
        foreach (var statement in statements) wrong.AddRange((await ExplainAsync(statement)).Where(o => o.Contains("Scan", StringComparison.Ordinal)).Select(o => $"{o}: {statement}"));
        wrong.ShouldBeEmpty(string.Join('\n', wrong));
    }

    /// <summary>These must see all rows before they write the first: deletes, relationships made to match, keys that move, foreign keys compared with what is there.</summary>
    private static bool ReadsWhatItWrites(string statement) =>
        statement.Contains("DELETE ", StringComparison.Ordinal) || statement.Contains(" OPTIONAL MATCH ", StringComparison.Ordinal) || statement.Contains(" WITH ", StringComparison.Ordinal);

    private static WriteSet Set(IReadOnlyList<RowOperation> operations, WriteSteps steps) => new() { Operations = operations, Generation = 1, Steps = steps };

    /// <summary>Each kind of change of each table, in sets that do not hinder each other.</summary>
    private static IEnumerable<IReadOnlyList<RowOperation>> Operations(DatabaseSchema schema)
    {
        var rows = new Rows(schema);
        foreach (var table in schema.Tables)
        {
            var name = table.Name.Name;
            var first = table.Columns.Select(c => (c.Name, Value(c, 1))).ToArray();
            var second = table.Columns.Select(c => (c.Name, Value(c, 2))).ToArray();
            var oldKey = first.Where(c => table.PrimaryKey.Contains(c.Name)).ToArray();
            var isLast = table.PrimaryKey.Count == table.Columns.Count;
            var partial = isLast ? second : second[..^1];
            yield return [rows.Insert(name, first)];
            yield return [rows.Upsert(name, first)];
            yield return [rows.Upsert(name, oldKey, second)];
            yield return [rows.Upsert(name, oldKey, partial)];
            yield return [rows.Update(name, first)];
            yield return [rows.Update(name, partial)];
            yield return [rows.Update(name, first, second, OldImage.Full)];
            yield return [rows.Update(name, oldKey, second)];
            yield return [rows.Delete(name, oldKey)];
            // a key that changes hands, the new owner not whole
            yield return [rows.Update(name, oldKey, partial), rows.Update(name, [.. second.Where(c => table.PrimaryKey.Contains(c.Name))], first)];
        }
    }

    private static string? Value(ColumnSchema column, int n) => column.Type.Kind switch
    {
        PgKind.Date => string.Create(CultureInfo.InvariantCulture, $"2020-01-0{n}"),
        _ => n.ToString(CultureInfo.InvariantCulture),
    };

    private async Task<List<string>> ExplainAsync(string statement)
    {
        using var http = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{neo4j.Bolt.Port - 213}")) };
        using var response = await http.PostAsJsonAsync("/db/neo4j/tx/commit",
            new { statements = new[] { new { statement = "EXPLAIN " + statement, parameters = new { rows = Array.Empty<object>() } } } });
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        json.RootElement.GetProperty("errors").GetArrayLength().ShouldBe(0, json.RootElement.GetRawText());
        var operators = new List<string>();
        Walk(json.RootElement.GetProperty("results")[0].GetProperty("plan").GetProperty("root"));
        return operators;

        void Walk(JsonElement node)
        {
            operators.Add(node.GetProperty("operatorType").GetString()!);
            foreach (var child in node.GetProperty("children").EnumerateArray()) Walk(child);
        }
    }
}
