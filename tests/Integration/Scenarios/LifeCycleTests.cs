using PolyglotSync.Contracts;
using PolyglotSync.Integration.Servers;
using PolyglotSync.Integration.Worlds;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Scenarios;

[Collection(Lane.Neo4j)]
[Trait("Category", "Integration")]
public sealed class LifeCycleTests(RealServers servers)
{
    [SkippableTheory]
    [InlineData(Consistency.Transactional)]
    [InlineData(Consistency.Parallel)]
    public async Task A_member_of_a_cluster_keeps_the_graph_in_step_by_its_shard_region(Consistency consistency)
    {
        await using var world = await World.NewAsync(servers);
        world.Arguments = ["--role", "node"];
        world.Consistency = consistency;
        await Counters.MakeAsync(world, rows: 5_000);
        await world.StartStreamingAsync();
        await using (var writer = await Counters.WriteAsync(world))
            await Eventually.AsyncTrue(() => Task.FromResult(writer.Transactions >= 200), what: "200 transactions");
        await world.ShouldAgreeAsync();
        (await world.Node!.TerminateAsync()).ShouldBe(0, world.Node.Error);
    }

    [SkippableFact]
    public async Task A_failure_is_journaled_and_the_next_run_tries_afresh()
    {
        await using var world = await World.NewAsync(servers);
        world.Arguments = ["--role", "node"];
        await world.SqlAsync("create table t (id int primary key); insert into t values (1)");
        var node = await world.StartStreamingAsync();
        await (await servers.Neo4jAsync()).Http.QueryAsync("MATCH (s:__PolySync {pipeline: 'test'}) SET s.generation = s.generation + 1");
        await world.SqlAsync("insert into t values (2)");
        await node.ExitAsync(TimeSpan.FromSeconds(30));
        node.ExitCode.ShouldBe((int)ExitCode.Fenced, node.Error);
        (await JournalAsync(world)).ShouldBe("pipeline-failed-1");
        await node.DisposeAsync();

        await world.StartStreamingAsync();

        await world.ShouldAgreeAsync();
        (await JournalAsync(world)).ShouldBe("pipeline-failed-1,pipeline-resumed-1");
    }

    [SkippableTheory]
    [InlineData(GraphKind.Neo4j)]
    public async Task A_row_that_was_a_dead_letter_comes_in_with_its_next_whole_change(GraphKind kind)
    {
        await using var world = await World.NewAsync(servers, kind);
        await world.SqlAsync("create table pages (id int primary key, slug text, body text); alter table pages alter body set storage external");
        await world.StartStreamingAsync();
        await (await servers.Neo4jAsync()).Http.QueryAsync("CREATE CONSTRAINT owners_rule FOR (p:Page) REQUIRE p.slug IS UNIQUE");
        await world.SqlAsync("insert into pages values (1, 'a', 'x')");
        await world.CaughtUpAsync();
        await world.SqlAsync("insert into pages values (2, 'a', repeat('long', 3000)), (3, 'a', 'y')");
        await world.CaughtUpAsync();
        (await DeadLettersAsync(world)).ShouldBe(2);

        // Nothing of the large value is sent along: the row is not whole.
        await world.SqlAsync("update pages set slug = 'b' where id = 2");
        await world.SqlAsync("update pages set slug = 'c' where id = 3");
        await world.CaughtUpAsync();
        PictureDiff.Describe(await world.DifferencesAsync()).ShouldBe("1 differences between tables and graph:\n  missing node (:Page {id: int 2}): 1 expected, 0 there");
        await Eventually.AsyncTrue(async () => await DeadLettersAsync(world) == 1 && await world.ScalarAsync<int>("select count from polysync.dead_letters where state = 'open'") == 2, what: "a letter of row 2 that counts two", otherwise: () => world.Node!.Error);

        // The letters are remembered over a restart.
        (await world.Node!.TerminateAsync()).ShouldBe(0);
        await world.Node.DisposeAsync();
        await world.StartStreamingAsync();
        await world.SqlAsync("update pages set body = repeat('other', 3000) where id = 2");
        await world.ShouldAgreeAsync();
        await Eventually.AsyncTrue(async () => await DeadLettersAsync(world) == 0, what: "no open letter", otherwise: () => world.Node!.Error);
        (await world.ScalarAsync<long>("select count(*) from polysync.dead_letters where resolved_at is not null")).ShouldBe(2);
    }

    private static Task<string?> JournalAsync(World world) =>
        world.ScalarAsync<string>("select string_agg(manifest, ',' order by ordering) from polysync.journal where persistence_id = 'pipeline-test'");

    private static async Task<long> DeadLettersAsync(World world) => (await world.Node!.Api.StatusAsync(World.Pipeline))!.Pipeline.DeadLetters;
}
