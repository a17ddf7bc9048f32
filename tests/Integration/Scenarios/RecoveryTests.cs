using Npgsql;
using PolyglotSync.Integration.Servers;
using PolyglotSync.Integration.Worlds;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Scenarios;

[Collection(RealServersCollection.Name)]
[Trait("Category", "Integration")]
public sealed class RecoveryTests(RealServers servers)
{
    [SkippableTheory]
    [InlineData(GraphKind.Neo4j)]
    [InlineData(GraphKind.Falkor)]
    public async Task The_first_copy_runs_beside_writes(GraphKind kind)
    {
        await using var world = await World.NewAsync(servers, kind);
        await Counters.MakeAsync(world, rows: 30_000);
        var node = world.Start();
        await using (var writer = await Counters.WriteAsync(world)) await node.UntilStreamingAsync(World.Pipeline, TimeSpan.FromSeconds(90));
        await world.ShouldAgreeAsync();
    }

    [SkippableTheory]
    [InlineData(GraphKind.Neo4j)]
    [InlineData(GraphKind.Falkor)]
    public async Task A_node_killed_while_it_copies_goes_on_where_it_was(GraphKind kind)
    {
        await using var world = await World.NewAsync(servers, kind);
        await Counters.MakeAsync(world, rows: 60_000);
        await using var writer = await Counters.WriteAsync(world);
        for (var round = 1; round <= 2; round++)
        {
            var node = world.Start();
            var goal = round * 12_000;
            await Eventually.AsyncTrue(async () => await node.Api.StatusAsync(World.Pipeline) is { } status
                && (status.IsStreaming || status.Pipeline.Copy.Sum(c => c.Rows) >= goal), TimeSpan.FromSeconds(60), $"{goal} rows are copied", () => node.Error);
            await node.KillAsync();
            await node.DisposeAsync();
        }
        await world.StartStreamingAsync();
        await writer.DisposeAsync();
        await world.ShouldAgreeAsync();
    }

    [SkippableTheory]
    [InlineData(GraphKind.Neo4j)]
    [InlineData(GraphKind.Falkor)]
    public async Task A_node_killed_while_it_streams_loses_nothing_and_writes_nothing_twice(GraphKind kind)
    {
        await using var world = await World.NewAsync(servers, kind);
        await Counters.MakeAsync(world, rows: 500);
        await world.StartStreamingAsync();
        await using var writer = await Counters.WriteAsync(world);
        for (var round = 0; round < 3; round++)
        {
            var before = writer.Transactions;
            await Eventually.AsyncTrue(() => Task.FromResult(writer.Transactions >= before + 50), what: "50 more transactions");
            await world.Node!.KillAsync();
            await world.Node.DisposeAsync();
            await world.StartStreamingAsync();
        }
        await writer.DisposeAsync();
        await world.ShouldAgreeAsync();
    }

    [SkippableFact]
    public async Task SIGTERM_stops_cleanly_and_the_next_start_copies_nothing_again()
    {
        await using var world = await World.NewAsync(servers);
        await Counters.MakeAsync(world, rows: 1_000);
        var node = await world.StartStreamingAsync();
        await using (var writer = await Counters.WriteAsync(world))
        {
            await Eventually.AsyncTrue(() => Task.FromResult(writer.Transactions >= 100), what: "100 transactions");
            (await node.TerminateAsync()).ShouldBe(0, node.Error);
        }
        await node.DisposeAsync();
        (await world.ScalarAsync<bool>("select active from pg_replication_slots where slot_name = 'polysync_test'")).ShouldBeFalse();
        await world.StartStreamingAsync();
        await world.ShouldAgreeAsync();
    }

    [SkippableFact]
    public async Task An_idle_database_lets_its_slot_move_on_while_another_one_writes()
    {
        await using var world = await World.NewAsync(servers);
        await world.SqlAsync("create table t (id int primary key); insert into t values (1)");
        await world.StartStreamingAsync();
        var other = await world.Postgres.CreateDatabaseAsync();
        await world.Postgres.ExecuteAsync("create table noise as select n, repeat('x', 200) from generate_series(1, 20000) n", other);
        var goal = await world.Postgres.ScalarAsync<string>("select pg_current_wal_lsn()::text");
        await Eventually.AsyncTrue(
            () => world.ScalarAsync<bool>($"select confirmed_flush_lsn >= '{goal}'::pg_lsn from pg_replication_slots where slot_name = 'polysync_test'"),
            TimeSpan.FromSeconds(40), $"the slot passes {goal}", () => world.Node!.Error);
    }

    [SkippableFact]
    public async Task A_reader_never_sees_half_a_transaction()
    {
        await using var world = await World.NewAsync(servers);
        await world.SqlAsync("create table accounts (id int primary key, balance bigint not null); insert into accounts select n, 1000 from generate_series(1, 40) n");
        await world.StartStreamingAsync();
        var http = (await servers.Neo4jAsync()).Http;
        await using var writer = await BackgroundWriter.StartAsync(world, (random, n) =>
        {
            var amount = random.Next(1, 50);
            return $"begin; update accounts set balance = balance - {amount} where id = {random.Next(1, 41)}; update accounts set balance = balance + {amount} where id = {random.Next(1, 41)}; commit";
        });
        var sums = new HashSet<long>();
        // Neo4j itself reads committed data row by row: a query may meet a commit on its way. The lock that each write takes first keeps it out.
        const string Read = "MATCH (s:__PolySync {pipeline: '" + World.Pipeline + "'}) SET s.lock = true REMOVE s.lock WITH s MATCH (a:Account) RETURN sum(a.balance)";
        for (var reads = 0; reads < 150; reads++) sums.Add(await http.CountAsync(Read));
        await writer.DisposeAsync();
        writer.Transactions.ShouldBeGreaterThan(50);
        sums.ShouldBe([40_000L]);
        await world.ShouldAgreeAsync();
    }

    [SkippableFact]
    public async Task A_value_the_graph_refuses_becomes_a_dead_letter_and_the_rest_is_applied()
    {
        await using var world = await World.NewAsync(servers);
        await world.SqlAsync("create table pages (id int primary key, slug text)");
        await world.StartStreamingAsync();
        // a rule of the graph's owner that the source does not know
        await (await servers.Neo4jAsync()).Http.QueryAsync("CREATE CONSTRAINT owners_rule FOR (p:Page) REQUIRE p.slug IS UNIQUE");
        await world.SqlAsync("insert into pages select n, 's' || n from generate_series(1, 50) n");
        await world.SqlAsync("begin; insert into pages values (51, 's51'), (52, 's7'), (53, 's53'); insert into pages values (54, 's54'); commit");
        await world.SqlAsync("update pages set slug = 'changed' where id = 1");
        await world.CaughtUpAsync();

        PictureDiff.Describe(await world.DifferencesAsync()).ShouldBe("1 differences between tables and graph:\n  missing node (:Page {id: int 52}): 1 expected, 0 there");
        (await world.Node!.Api.StatusAsync(World.Pipeline))!.Pipeline.DeadLetters.ShouldBe(1);
        (await world.ScalarAsync<string>("select reason from polysync.dead_letters where key::text like '%52%'")).ShouldNotBeNull().ShouldContain("slug");
    }
}
