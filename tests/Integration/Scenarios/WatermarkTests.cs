using PolyglotSync.Contracts;
using PolyglotSync.Integration.Servers;
using PolyglotSync.Integration.Worlds;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Scenarios;

/// <summary>What the watermark promises: who waits for it reads his writes, whole transactions, and an idle source's log is let go.</summary>
public abstract class WatermarkTests(RealServers servers, GraphKind kind)
{
    [SkippableTheory]
    [InlineData(Consistency.Transactional)]
    [InlineData(Consistency.Parallel)]
    public async Task Who_waits_for_now_reads_his_writes(Consistency consistency)
    {
        await using var world = await World.NewAsync(servers, kind);
        world.Consistency = consistency;
        await world.SqlAsync("create table notes (id int primary key, text text)");
        await world.StartStreamingAsync();
        for (var n = 1; n <= 30; n++)
        {
            await world.SqlAsync($"insert into notes values ({n}, 'n')");
            (await world.Node!.Api.WaitAsync(World.Pipeline, "now")).ShouldBeTrue();
            (await world.ActualAsync()).Nodes.Count.ShouldBe(n);
        }
        await world.SqlAsync("update notes set text = 'changed'");
        var (code, output, error) = await world.CommandAsync("wait", "--now", "--timeout", "20");
        code.ShouldBe(0, error);
        (await world.ActualAsync()).Nodes.ShouldAllBe(node => node.Properties["text"] == "text changed");
        (await world.ScalarAsync<bool>($"select '{output.Trim()}'::pg_lsn <= pg_current_wal_lsn()")).ShouldBeTrue();
        (await world.CommandAsync("wait", "--lsn", "FFFFFF/0", "--timeout", "0.2")).ExitCode.ShouldBe((int)ExitCode.TimedOut);
    }

    [SkippableFact]
    public async Task An_idle_database_lets_its_slot_move_on_while_another_one_writes()
    {
        await using var world = await World.NewAsync(servers, kind);
        await world.SqlAsync("create table t (id int primary key); insert into t values (1)");
        await world.StartStreamingAsync();
        var other = await world.Postgres.CreateDatabaseAsync();
        await world.Postgres.ExecuteAsync("create table noise as select n, repeat('x', 200) from generate_series(1, 20000) n", other);
        var goal = await world.Postgres.ScalarAsync<string>("select pg_current_wal_lsn()::text");
        await Eventually.AsyncTrue(
            () => world.ScalarAsync<bool>($"select confirmed_flush_lsn >= '{goal}'::pg_lsn from pg_replication_slots where slot_name = 'polysync_test'"),
            what: $"the slot passes {goal}", otherwise: () => world.Node!.Error);
    }

    [SkippableFact]
    public async Task A_reader_who_locks_the_pipeline_s_node_never_sees_half_a_transaction()
    {
        Skip.If(kind == GraphKind.Falkor, "FalkorDB has no transaction over several queries");
        await using var world = await AccountsAsync();
        var http = (await servers.Neo4jAsync()).Http;
        await using var writer = await TransferAsync(world);
        var sums = new HashSet<long>();
        // Neo4j itself reads committed data row by row: a query may meet a commit on its way. The lock that each write takes first keeps it out.
        const string Read = "MATCH (s:__PolySync {pipeline: '" + World.Pipeline + "'}) SET s.lock = true REMOVE s.lock WITH s MATCH (a:Account) RETURN sum(a.balance)";
        for (var reads = 0; reads < 100; reads++) sums.Add(await http.CountAsync(Read));
        await writer.DisposeAsync();
        writer.Transactions.ShouldBeGreaterThan(50);
        sums.ShouldBe([40_000L]);
        await world.ShouldAgreeAsync();
    }

    [SkippableFact]
    public async Task Killed_at_any_moment_the_node_leaves_whole_transactions_only()
    {
        Skip.If(kind == GraphKind.Falkor, "FalkorDB has no transaction over several queries");
        await using var world = await AccountsAsync();
        var http = (await servers.Neo4jAsync()).Http;
        await using var writer = await TransferAsync(world);
        for (var round = 0; round < 5; round++)
        {
            await writer.MoreAsync(40 + (round * 7));
            await world.EndAsync(kill: true);
            await Eventually.AsyncTrue(async () => await http.CountAsync("SHOW TRANSACTIONS YIELD connectionId WHERE connectionId STARTS WITH 'bolt' RETURN count(*)") == 0, what: "Neo4j is at rest");
            (await http.CountAsync("MATCH (a:Account) RETURN sum(a.balance)")).ShouldBe(40_000L);
            await world.StartStreamingAsync();
        }
        await writer.DisposeAsync();
        await world.ShouldAgreeAsync();
    }

    private async Task<World> AccountsAsync()
    {
        var world = await World.NewAsync(servers, kind);
        await world.SqlAsync("create table accounts (id int primary key, balance bigint not null); insert into accounts select n, 1000 from generate_series(1, 40) n");
        await world.StartStreamingAsync();
        return world;
    }

    /// <summary>Moves amounts from one account to another, for as long as it runs: their sum is always the same.</summary>
    private static Task<BackgroundWriter> TransferAsync(World world) => BackgroundWriter.StartAsync(world, (random, n) =>
    {
        var amount = random.Next(1, 50);
        return $"begin; update accounts set balance = balance - {amount} where id = {random.Next(1, 41)}; update accounts set balance = balance + {amount} where id = {random.Next(1, 41)}; commit";
    });
}

[Collection(Lane.Neo4j)]
[Trait("Category", "Integration")]
public sealed class Neo4jWatermarkTests(RealServers servers) : WatermarkTests(servers, GraphKind.Neo4j);

[Collection(Lane.Falkor)]
[Trait("Category", "Integration")]
public sealed class FalkorWatermarkTests(RealServers servers) : WatermarkTests(servers, GraphKind.Falkor);
