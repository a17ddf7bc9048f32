using System.Text.Json;
using PolyglotSync.Integration.Servers;
using PolyglotSync.Integration.Worlds;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Scenarios;

/// <summary>What the graph refuses is kept in PostgreSQL with the reason, counted by <c>status</c>, and stops nothing else.</summary>
public abstract class DeadLetterTests(RealServers servers, GraphKind kind)
{
    [SkippableFact]
    public async Task A_value_that_its_property_cannot_hold_becomes_a_dead_letter_and_the_rest_is_applied()
    {
        await using var world = await World.NewAsync(servers, kind);
        await world.SqlAsync("create table prices (id int primary key, cents numeric, note text)");
        world.Manifest = "tables: { prices: { properties: { cents: { as: integer } } } }";
        await world.StartStreamingAsync();
        await world.SqlAsync("insert into prices select n, n * 100, 'n' || n from generate_series(1, 50) n");
        await world.CaughtUpAsync();
        await world.SqlAsync("begin; insert into prices values (51, 100, 'good'), (52, 0.5, 'bad'); update prices set note = 'changed' where id = 1; update prices set cents = 'NaN' where id = 2; commit");
        await world.SqlAsync("update prices set note = 'still here' where id = 3");
        await world.CaughtUpAsync();

        var nodes = (await world.ActualAsync()).Nodes.ToDictionary(n => n.Properties["id"], n => n.Properties);
        nodes.Count.ShouldBe(51);
        nodes.ShouldNotContainKey("int 52");
        nodes["int 1"]["note"].ShouldBe("text changed");
        nodes["int 2"]["cents"].ShouldBe("int 200");
        nodes["int 3"]["note"].ShouldBe("text still here");
        (await world.ScalarAsync<long>("select count(*) from polysync.dead_letters where pipeline = 'test' and table_name = 'prices' and reason like '%cents%'")).ShouldBe(2);
        await CountedByStatusAsync(world, 2);
        await world.EndAsync(kill: false);
        await world.StartStreamingAsync();
        await CountedByStatusAsync(world, 2);
    }

    [SkippableFact]
    public async Task A_rule_of_the_graph_s_owner_makes_dead_letters_of_those_who_break_it()
    {
        Skip.If(kind == GraphKind.Falkor, "FalkorDB's constraints are not part of its query language");
        await using var world = await World.NewAsync(servers, kind);
        await world.SqlAsync("create table pages (id int primary key, slug text)");
        await world.StartStreamingAsync();
        await world.DamageAsync("CREATE CONSTRAINT owners_rule FOR (p:Page) REQUIRE p.slug IS UNIQUE");
        await world.SqlAsync("insert into pages select n, 's' || n from generate_series(1, 50) n");
        await world.SqlAsync("begin; insert into pages values (51, 's51'), (52, 's7'), (53, 's53'); insert into pages values (54, 's54'); commit");
        await world.SqlAsync("update pages set slug = 'changed' where id = 1");
        await world.CaughtUpAsync();

        PictureDiff.Describe(await world.DifferencesAsync()).ShouldBe("1 differences between tables and graph:\n  missing node (:Page {id: int 52}): 1 expected, 0 there");
        (await world.ScalarAsync<string>("select reason from polysync.dead_letters where key::text like '%52%'")).ShouldNotBeNull().ShouldContain("slug");
        await CountedByStatusAsync(world, 1);
    }

    [SkippableFact]
    public async Task With_on_poison_halt_the_pipeline_stops_and_acknowledges_nothing()
    {
        await using var world = await World.NewAsync(servers, kind);
        await world.SqlAsync("create table prices (id int primary key, cents numeric); insert into prices values (1, 1)");
        world.Manifest = "on_poison: halt\ntables: { prices: { properties: { cents: { as: integer } } } }";
        var node = await world.StartStreamingAsync();
        await world.SqlAsync("insert into prices values (2, 0.5)");
        var after = await world.ScalarAsync<string>("select pg_current_wal_insert_lsn()::text");
        await node.ExitAsync(Eventually.Patience);
        node.ExitCode.ShouldNotBe(0);
        node.Error.ShouldContain("cents");
        (await world.ScalarAsync<bool>($"select confirmed_flush_lsn < '{after}'::pg_lsn from pg_replication_slots where slot_name = 'polysync_test'")).ShouldBeTrue();
        (await world.ActualAsync()).Nodes.Count.ShouldBe(1);
    }

    private static async Task CountedByStatusAsync(World world, int letters)
    {
        var (code, output, error) = await world.CommandAsync("status", "-o", "json");
        code.ShouldBe(0, error);
        using var json = JsonDocument.Parse(output);
        json.RootElement[0].GetProperty("deadLetters").GetInt64().ShouldBe(letters, output);
    }
}

[Collection(Lane.Neo4j)]
[Trait("Category", "Integration")]
public sealed class Neo4jDeadLetterTests(RealServers servers) : DeadLetterTests(servers, GraphKind.Neo4j);

[Collection(Lane.Falkor)]
[Trait("Category", "Integration")]
public sealed class FalkorDeadLetterTests(RealServers servers) : DeadLetterTests(servers, GraphKind.Falkor);
