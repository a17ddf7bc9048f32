using PolyglotSync.Contracts;
using PolyglotSync.Faults.Load;
using PolyglotSync.Faults.Worlds;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Faults.Named;

/// <summary>Known failures of other ways through Kafka: named by what goes wrong there, and held to what must be right here.</summary>
[Collection(FaultCollection.Name)]
[Trait("Length", "Long")]
[Trait("Category", "Integration")]
public sealed class KafkaOrderTests(FaultServers servers)
{
    [SkippableFact]
    public async Task A_deleted_user_that_comes_back_as_an_empty_node_because_topics_have_no_common_order()
    {
        await using var world = await NamedWorld.StreamingAsync(servers, GraphKind.Falkor, CaptureMode.Separate);
        // a backlog in all partitions of three topics: people who are made, referred to, moved and gone, and some that come back
        await world.Node.KillAsync();
        for (var i = 0; i < 10; i++)
        {
            var (first, last) = (300_000 + (i * 100), 300_000 + (i * 100) + 39);
            await world.SqlAsync($"insert into people select n, 1, 'brief', null, n % 40 + 1, null from generate_series({first}, {last}) n");
            await world.SqlAsync($"insert into notes (text, person_id) select 'brief', id from people where id between {first} and {last}; insert into memberships select id, 1, 2000 from people where id between {first} and {last}");
            await world.SqlAsync($"update people set id = id + 50 where id between {first} and {first + 9}");
            await world.SqlAsync($"delete from people where id between {first} and {first + 99} and id % 4 <> 0");
            await world.SqlAsync($"insert into people select n, 2, 'again', null, 1, null from generate_series({first + 1}, {first + 3}) n");
        }
        world.Node.Start($"{Failpoint.AfterCommit}@2");
        await world.Node.Current.ExitAsync(TimeSpan.FromSeconds(40));
        world.Node.Start();
        await world.ShouldBeRightAsync();
        (await world.Graph.NumberAsync("MATCH (p:Person) WHERE p.name IS NULL RETURN count(p)")).ShouldBe(0);
        (await world.Graph.NumberAsync("MATCH (p:Person) WHERE p.id >= 300000 RETURN count(p)")).ShouldBe(await world.ScalarAsync<long>("select count(*) from people where id >= 300000"));
    }

    [SkippableFact]
    public async Task An_offset_stored_by_topic_without_partition()
    {
        await using var world = await NamedWorld.StreamingAsync(servers, GraphKind.Falkor, CaptureMode.Separate);
        // partitions that are far apart: one key takes most of it, and the node dies between them
        await world.Node.KillAsync();
        for (var i = 0; i < 60; i++) await world.SqlAsync($"update people set count = count + 1 where id = 7; update people set count = count + 1 where id = {100 + i}");
        world.Node.Start($"{Failpoint.AfterCommit}@1");
        await world.Node.Current.ExitAsync(TimeSpan.FromSeconds(40));
        world.Node.Start();
        await world.ShouldBeRightAsync();
        var ends = await world.Broker.EndsAsync($"{world.Database}.public.people");
        ends.Length.ShouldBe(4);
        (ends.Max() - ends.Min()).ShouldBeGreaterThan(40);
        var offsets = (await world.Graph.QueryAsync("MATCH (s:__PolySync) RETURN s.offsets"))[0][0]!;
        offsets.Split('|').ShouldContain($"public.people={string.Join(',', ends)}");
    }

    [SkippableFact]
    public async Task A_restart_in_the_middle_of_a_transaction_of_COPY_rows_that_share_one_LSN()
    {
        const int rows = 60_000;
        const string limits = "limits: { max_source_transaction_rows: 1000, max_in_flight_rows: 2000, batch_rows: 1000, watermark_interval_ms: 500, retry_min_backoff_ms: 20, retry_max_backoff_ms: 500 }";
        await using var world = await NamedWorld.StreamingAsync(servers, GraphKind.Falkor, CaptureMode.Embedded, limits);
        // capture and graph are slow enough to be met in the middle, again and again
        world.Broker.Proxy.Delay(TimeSpan.FromMilliseconds(10));
        world.Target.Delay(TimeSpan.FromMilliseconds(20));
        await CopyAsync(world, rows);
        var before = 0L;
        for (var restart = 0; restart < 3; restart++)
        {
            await Eventually.AsyncTrue(async () => await CopiedAsync(world) > before, what: "a part of the transaction is in the graph", otherwise: () => NodeKeeper.Tail(world.Said));
            await world.Node.KillAsync();
            before = await CopiedAsync(world);
            before.ShouldBeLessThan(rows, "the whole transaction was in the graph before the restart");
            world.Node.Start();
        }
        world.Broker.Proxy.Heal();
        world.Target.Heal();
        await world.ShouldBeRightAsync();
        (await CopiedAsync(world)).ShouldBe(rows);
    }

    [SkippableFact]
    public async Task A_slot_that_holds_WAL_on_an_idle_database()
    {
        await using var world = await NamedWorld.StreamingAsync(servers, GraphKind.Falkor, CaptureMode.Embedded);
        // work in a database that nobody captures
        await world.Postgres.ExecuteAsync("drop table if exists noise; create table noise as select repeat('x', 1000) from generate_series(1, 10000)");
        var end = await world.ScalarAsync<string>("select pg_current_wal_flush_lsn()::text");
        await Eventually.AsyncTrue(async () =>
        {
            // what the slot keeps begins at a point that checkpoints, among others, write
            await world.SqlAsync("checkpoint");
            return await world.ScalarAsync<bool>($"select restart_lsn >= '{end}' and confirmed_flush_lsn >= '{end}' from pg_replication_slots where slot_name = 'polysync_{FaultWorld.Pipeline}'");
        }, what: $"the slot needs nothing before {end}", otherwise: () => NodeKeeper.Tail(world.Said));
    }

    private static async Task CopyAsync(FaultWorld world, int rows)
    {
        await using var connection = await world.ConnectAsync();
        await using var copy = await connection.BeginTextImportAsync("copy notes (text, person_id) from stdin");
        for (var i = 0; i < rows; i++) await copy.WriteLineAsync($"copied {i}\t{(i % LoadSchema.People) + 1}");
    }

    private static Task<long> CopiedAsync(FaultWorld world) => world.Graph.NumberAsync("MATCH (n:Note) WHERE n.text STARTS WITH 'copied' RETURN count(n)");
}
