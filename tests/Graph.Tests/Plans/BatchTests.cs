using PolyglotSync.Graph.Inference;
using PolyglotSync.Graph.Plans;
using PolyglotSync.Graph.Tests.Compliance;
using PolyglotSync.Graph.Values;
using PolyglotSync.Graph.Waiting;
using PolyglotSync.Graph.Writing;

namespace PolyglotSync.Graph.Tests.Plans;

public class BatchTests
{
    [Theory]
    [InlineData(100, 2_500, new[] { 1_000, 1_000, 500 })]
    [InlineData(500_000, 12, new[] { 5, 5, 2 })]
    public async Task A_statement_takes_as_many_rows_as_it_may_or_as_two_megabytes_hold(int bytes, int count, int[] batches)
    {
        var schema = new Tables().Add("t", ["id int4", "text text"], ["id"]).Build();
        var (mapping, _) = MappingInference.Infer(schema, new MappingSettings());
        var rows = new Rows(schema);
        var set = new WriteSet { Operations = [.. Enumerable.Range(1, count).Select(id => rows.Insert("t", ("id", $"{id}"), ("text", new string('x', bytes))))], Generation = 1 };
        var runner = new RecordingRunner(isAtomic: true);

        await new WriteSetWriter(new GraphPlan(mapping, schema, GraphDialect.Neo4j), set, runner, "batches", new WaitingRelationships()).WriteAsync(default);

        runner.Batches.ShouldBe(batches);
    }
}
