using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using PolyglotSync.Graph.Neo4j;
using PolyglotSync.Graph.Tests.Compliance;

namespace PolyglotSync.Graph.Tests.Plans;

/// <summary>What Neo4j plans beside the writes is the plan that the writes then use.</summary>
[Collection(Neo4jFixture.Shared)]
public sealed partial class PlannedAheadTests(Neo4jFixture neo4j)
{
    private Uri? _graph;
    private int _id;

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(11)]
    public async Task A_text_that_was_planned_beside_the_writes_is_not_planned_again_when_it_is_sent(int rows)
    {
        _graph = await neo4j.EmptyAsync();
        var never = new WholeQueries(frequent: int.MaxValue);
        await using var apart = await WorldAsync(never);
        // what is made at the first time of all
        await InsertAsync(apart, rows);
        await PlansAsync(apart);
        await InsertAsync(apart, rows);
        var (plansApart, texts) = (await PlansAsync(apart), never.Texts);

        var often = new WholeQueries(frequent: 1);
        await using var ahead = await WorldAsync(often);
        await PlansAsync(ahead);
        for (var i = 0; often.Texts == 0 && i < 1_000; i++) await InsertAsync(ahead, rows);

        (texts, often.Texts).ShouldBe((0, 1));
        (await PlansAsync(ahead)).ShouldBe(plansApart + 1);
    }

    private async Task InsertAsync(GraphWorld world, int rows) => await world.ApplyAsync([.. Enumerable.Range(0, rows).Select(_ => world.Rows.Insert("users", ("id", Next()), ("name", "n")))]);

    private string Next() => (++_id).ToString(CultureInfo.InvariantCulture);

    private async Task<GraphWorld> WorldAsync(WholeQueries whole) => await new GraphWorld(
        new Neo4jTarget(new TargetSettings { Uri = _graph! }, new LimitSettings(), NullLogger.Instance) { Whole = whole }, Tables.Social(), () => throw new NotSupportedException()).PrepareAsync();

    /// <summary>How many Neo4j has kept since the last time.</summary>
    private static async Task<int> PlansAsync(GraphWorld world) => int.Parse(Number().Match((string)(await world.ValueAsync("CALL db.clearQueryCaches()"))!).Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();
}
