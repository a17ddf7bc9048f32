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

    [SkippableFact]
    public async Task A_poison_row_among_many_is_listed_shown_mended_and_retried()
    {
        await using var world = await World.NewAsync(servers, kind);
        await world.SqlAsync("create table prices (id int primary key, cents numeric, note text); create table seen (id int primary key, price_id int references prices)");
        world.Manifest = "tables: { prices: { properties: { cents: { as: integer } } } }";
        await world.StartStreamingAsync();
        await world.SqlAsync("insert into prices select n, case n when 2500 then 0.5 end, 'n' || n from generate_series(1, 5000) n; insert into seen values (1, 2500)");
        await world.CaughtUpAsync();
        (await world.ActualAsync()).Nodes.Count(n => n.Labels == "Price").ShouldBe(4_999);

        using var list = await JsonAsync(world, 0, "dlq", "list", "--table", "prices", "-o", "json");
        var letter = list.RootElement.EnumerateArray().ShouldHaveSingleItem();
        letter.GetProperty("key").GetProperty("id").GetString().ShouldBe("2500");
        var id = letter.GetProperty("id").GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture);
        var (code, shown, _) = await world.CommandAsync("dlq", "show", id);
        code.ShouldBe(0);
        foreach (var text in (string[])["row cents", "0.5", "cents", "open"]) shown.ShouldContain(text);

        // nothing is mended yet
        using var again = await JsonAsync(world, 13, "dlq", "retry", id, "-o", "json");
        again.RootElement[0].GetProperty("count").GetInt32().ShouldBe(2);
        await CountedByStatusAsync(world, 1);

        // mended where the stream does not see it: in the manifest
        await world.EndAsync(kill: false);
        world.Manifest = null;
        await world.StartStreamingAsync();
        await world.SqlAsync("update prices set note = 'changed' where id <> 2500 and id % 100 = 0");
        using var retried = await JsonAsync(world, 0, "dlq", "retry", "--all", "-o", "json");
        foreach (var one in retried.RootElement.EnumerateArray()) one.GetProperty("state").GetString().ShouldBe("resolved");
        await world.ShouldAgreeAsync();
        await CountedByStatusAsync(world, 0);
        (await world.CommandAsync("dlq", "retry", id)).Error.ShouldContain("was resolved already");
        (await world.CommandAsync("dlq", "show", "99")).Error.ShouldContain("has no dead letter 99");
    }

    [SkippableFact]
    public async Task A_retry_outlives_a_node_that_is_killed_and_a_row_that_is_gone_is_settled()
    {
        await using var world = await World.NewAsync(servers, kind);
        await world.SqlAsync("create table prices (id int primary key, cents numeric, note text)");
        world.Manifest = "tables: { prices: { properties: { cents: { as: integer } } } }";
        await world.StartStreamingAsync();
        await world.SqlAsync("insert into prices values (1, 1, 'a'), (2, 0.5, 'b'), (3, 0.5, 'c')");
        await world.CaughtUpAsync();
        await CountedByStatusAsync(world, 2);
        await world.EndAsync(kill: true);
        // as if the node had ended between a request and its answer; meanwhile the cause is mended where the node does not see it
        await world.SqlAsync("update polysync.dead_letters set retried_at = now()");
        world.Manifest = null;
        await world.SqlAsync("delete from prices where id = 3");
        await world.StartStreamingAsync();
        await Eventually.AsyncTrue(async () => await world.ScalarAsync<long>("select count(*) from polysync.dead_letters where state = 'resolved'") == 2, what: "both letters are resolved",
            otherwise: () => world.Node!.Error);
        (await world.ActualAsync()).Nodes.Select(n => n.Properties["id"]).Order().ShouldBe(["int 1", "int 2"]);
    }

    [SkippableFact]
    public async Task A_discarded_letter_leaves_the_row_out_until_a_change_brings_it_whole()
    {
        await using var world = await World.NewAsync(servers, kind);
        await world.SqlAsync("create table prices (id int primary key, cents numeric, note text)");
        world.Manifest = "tables: { prices: { properties: { cents: { as: integer } } } }";
        await world.StartStreamingAsync();
        await world.SqlAsync("insert into prices values (1, 1, 'a'), (2, 0.5, 'b')");
        await world.CaughtUpAsync();
        var (refused, _, why) = await world.CommandAsync("dlq", "discard", "--all");
        refused.ShouldBe(2);
        why.ShouldContain("--yes");
        (await world.CommandAsync("dlq", "discard", "--all", "--yes")).Output.ShouldContain("dead letter 1 is discarded");
        await CountedByStatusAsync(world, 0);
        (await world.ActualAsync()).Nodes.Count.ShouldBe(1);

        await world.EndAsync(kill: false);
        await world.StartStreamingAsync();
        await world.SqlAsync("update prices set cents = 2 where id = 2");
        await world.CaughtUpAsync();
        (await world.ActualAsync()).Nodes.Single(n => n.Properties["id"] == "int 2").Properties["cents"].ShouldBe("int 2");
        await Eventually.AsyncTrue(async () => await world.ScalarAsync<string>("select string_agg(state || ' ' || (resolved_at is not null), ',') from polysync.dead_letters") == "discarded true",
            what: "the letter is remembered no more", otherwise: () => world.Node!.Error);
    }

    [SkippableFact]
    public async Task Whoever_has_no_token_changes_nothing()
    {
        await using var world = await World.NewAsync(servers, kind);
        await world.SqlAsync("create table prices (id int primary key)");
        var node = await world.StartStreamingAsync();
        using var http = new HttpClient { BaseAddress = node.Api.Address };
        (await http.PostAsync("/api/pipelines/test/dead-letters/retry", null)).StatusCode.ShouldBe(System.Net.HttpStatusCode.Unauthorized);
        (await http.GetAsync("/api/pipelines/test/dead-letters")).StatusCode.ShouldBe(System.Net.HttpStatusCode.Unauthorized);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "a token of somebody else");
        var (code, _, error) = await world.CommandAsync("dlq", "list", "--token-file", file);
        File.Delete(file);
        code.ShouldBe(14);
        error.ShouldContain("not this node's");
        (await world.CommandAsync("dlq", "list")).Output.ShouldContain("no dead letters");
        node.Error.ShouldNotContain("a token of somebody else");
    }

    private static async Task<JsonDocument> JsonAsync(World world, int expected, params string[] arguments)
    {
        var (code, output, error) = await world.CommandAsync(arguments);
        code.ShouldBe(expected, $"{output}{error}\nThe node says:\n{world.Node!.Error}");
        return JsonDocument.Parse(output);
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
