using PolyglotSync.Kafka.Cuts;
using PolyglotSync.Testing.Node;
using PolyglotSync.Testing.Servers;

namespace PolyglotSync.Kafka.Tests.Capture;

/// <summary>The program itself: killed where it hurts, stopped, started twice.</summary>
[Collection(nameof(Broker))]
[Trait("Length", "Long")]
[Trait("Category", "Integration")]
public sealed class CaptureProcessTests(Broker broker, Database postgres)
{
    private const string Users = "create table users (id int primary key, name text); insert into users select i, 'u' from generate_series(1, 3000) i";

    public static TheoryData<string, int> Kills
    {
        get
        {
            var kills = new TheoryData<string, int>();
            // the first hits the copy, the later ones the stream
            foreach (var place in (string[])[.. Failpoint.CaptureNames, Failpoint.ChunkRead, Failpoint.BeforeAcknowledge])
                foreach (var visit in (int[])[1, 4]) kills.Add(place, visit);
            return kills;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Kills))]
    public async Task A_capture_that_is_killed_leaves_every_change_in_the_cuts_exactly_once(string place, int visit)
    {
        await using var world = await CaptureWorld.NewAsync(broker, postgres, Users);
        var manifest = await ManifestAsync(world);
        await using (var killed = SyncNodeProcess.Capture(new Dictionary<string, string> { [Failpoint.Variable] = $"{place}@{visit}" }, manifest))
        {
            for (var i = 0; !killed.HasExited; i++)
            {
                await world.SqlAsync($"insert into users values ({10_000 + i}, 'live'); update users set name = name || 'x' where id = {1 + (i % 3000)}");
                if (i > 2_000) throw new TimeoutException($"{place} is not reached: {killed.Error}");
            }
            // what it said last may still be on its way
            await killed.ExitAsync(TimeSpan.FromSeconds(10));
            killed.Error.ShouldContain($"failpoint {place} is reached");
        }
        await using var node = SyncNodeProcess.Capture(new Dictionary<string, string>(), manifest);
        await CopiedAsync(world, node);
        await world.SqlAsync("delete from users where id = 1; insert into users values (50000, 'last')");
        await CaughtUpAsync(world, node);
        (await node.TerminateAsync()).ShouldBe(0);

        var topics = world.Read();
        topics.Table("users").ShouldBe(await world.TableAsync("users", "id", "id, name"));
        topics.Complaints.ShouldBeEmpty();
        topics.Records.OfType<EpochRecord>().Count().ShouldBe(2);
    }

    [SkippableFact]
    public async Task A_node_that_captures_answers_for_itself_and_stops_cleanly()
    {
        await using var world = await CaptureWorld.NewAsync(broker, postgres, Users);
        var manifest = await ManifestAsync(world);
        await using var node = SyncNodeProcess.Capture(new Dictionary<string, string>(), manifest);
        await CopiedAsync(world, node);
        (await node.Api.HealthAsync("ready")).ShouldBe(System.Net.HttpStatusCode.OK);
        var status = (await node.Api.StatusAsync(world.Database))!.Pipeline;
        (status.Role, status.Epoch, status.Slot).ShouldBe((PipelineRole.Capture, 1, world.Slot));
        status.Target.ShouldBe($"kafka://{world.Kafka.BootstrapServers}/{world.Kafka.Prefix}");
        await world.SqlAsync("update users set name = 'v'");
        await CaughtUpAsync(world, node);
        (await node.TerminateAsync()).ShouldBe(0);
        node.Error.ShouldContain("polysync: stopped");
        var topics = world.Read();
        topics.Orphans.ShouldBe(0);
        topics.Table("users").ShouldBe(await world.TableAsync("users", "id", "id, name"));
    }

    private static Task CopiedAsync(CaptureWorld world, SyncNodeProcess node) => node.UntilStreamingAsync(world.Database);

    private static async Task CaughtUpAsync(CaptureWorld world, SyncNodeProcess node)
    {
        var lsn = await world.ScalarAsync<string>("select pg_logical_emit_message(true, 'polysync-test', 'now')::text");
        (await node.Api.WaitAsync(world.Database, lsn!)).ShouldBeTrue(node.Error);
    }

    private static async Task<string> ManifestAsync(CaptureWorld world)
    {
        var path = Path.Combine(Path.GetTempPath(), $"ps-{world.Database}.yaml");
        await File.WriteAllTextAsync(path, $"""
            pipeline: {world.Database}
            source:
              dsn: "{world.Settings.Source.ConnectionString}"
              copy_chunk_rows: 500
              status_interval_ms: 100
            kafka:
              bootstrap_servers: {world.Kafka.BootstrapServers}
              prefix: {world.Kafka.Prefix}
              replication_factor: 1
              capture: separate
            """);
        return path;
    }
}
