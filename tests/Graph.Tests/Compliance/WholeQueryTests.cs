using Microsoft.Extensions.Logging.Abstractions;
using PolyglotSync.Graph.Neo4j;

namespace PolyglotSync.Graph.Tests.Compliance;

/// <summary>Everything a target must do, with each small write set sent as one query from its first time on.</summary>
[Collection(Neo4jFixture.Shared)]
[Trait("Length", "Long")]
public sealed class WholeQueryTests(Neo4jFixture neo4j) : Neo4jCompliance(neo4j)
{
    private WholeQueries _whole = new(frequent: 1, isPlannedAhead: false);
    private Uri? _graph;

    private protected override IGraphTarget Connect(Uri graph, int batchRows = 5_000) => new Neo4jTarget(
        new TargetSettings { Uri = _graph = graph }, new LimitSettings { BatchRows = batchRows }, NullLogger.Instance)
    { Whole = _whole };

    [SkippableFact]
    public async Task A_small_set_is_one_query_once_its_like_has_come_often()
    {
        _whole = new WholeQueries(frequent: 3, isPlannedAhead: false);
        await using var world = await WorldAsync();
        for (var i = 1; i <= 5; i++) await world.ApplyAsync(world.Rows.Insert("users", ("id", $"{i}"), ("name", "n")));
        _whole.Texts.ShouldBe(3);
        (await world.AskAsync("MATCH (u:User) RETURN u.id")).ShouldBe(["1", "2", "3", "4", "5"]);
        (await world.Target.ReadStateAsync(GraphWorld.Pipeline, default))!.Position.ShouldBe(Position.EndOf(new Lsn(6)));
    }

    [SkippableFact]
    public async Task A_set_with_other_answers_than_foreseen_leaves_nothing_of_the_query_and_goes_the_long_way()
    {
        await using var world = await WorldAsync();
        // no such node: it is healed, by a statement that the one query did not have
        await world.ApplyAsync(world.Rows.Update("users", ("id", "1"), ("name", "Ada"), ("email", null), ("manager_id", null)));
        _whole.Texts.ShouldBe(1);
        (await world.AskAsync("MATCH (u:User) RETURN u.id, u.name")).ShouldBe(["1 Ada"]);
        // that combination rests now
        await world.ApplyAsync(world.Rows.Update("users", ("id", "1"), ("name", "Bob"), ("email", null), ("manager_id", null)));
        _whole.Texts.ShouldBe(1);
        (await world.AskAsync("MATCH (u:User) RETURN u.id, u.name")).ShouldBe(["1 Bob"]);
    }

    [SkippableFact]
    public async Task A_missing_parent_leaves_no_relationship_half_made_and_is_waited_for()
    {
        await using var world = await WorldAsync();
        var result = await world.ApplyAsync(world.Rows.Insert("posts", ("id", "1"), ("author_id", "9")));
        (_whole.Texts, result.UnmatchedRelationships).ShouldBe((1, 1));
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "9")));
        (await world.AskAsync("MATCH (p:Post)-[:AUTHOR]->(u:User) RETURN p.id, u.id")).ShouldBe(["1 9"]);
    }

    [SkippableFact]
    public async Task A_zombie_is_fenced_off_before_its_one_query_writes()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "1")));
        await using (var successor = new Neo4jTarget(new TargetSettings { Uri = _graph! }, new LimitSettings(), NullLogger.Instance))
            await successor.ClaimAsync(GraphWorld.Pipeline, default);
        (await Should.ThrowAsync<PipelineFailure>(() => world.ApplyAsync(world.Rows.Insert("users", ("id", "2"))))).Class.ShouldBe(FailureClass.Fenced);
        _whole.Texts.ShouldBe(2);
        (await world.AskAsync("MATCH (u:User) RETURN u.id")).ShouldBe(["1"]);
    }
}
