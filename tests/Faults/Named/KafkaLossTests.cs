using PolyglotSync.Contracts;
using PolyglotSync.Faults.Worlds;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Faults.Named;

/// <summary>What the broker no longer has: the pipeline stops with a message, and what the message says leads back.</summary>
[Collection(FaultCollection.Name)]
[Trait("Length", "Long")]
[Trait("Category", "Integration")]
public sealed class KafkaLossTests(FaultServers servers)
{
    [SkippableFact]
    public async Task Retention_that_ate_what_was_not_read_is_a_clear_failure_and_what_it_says_leads_back()
    {
        await using var world = await NamedWorld.StreamingAsync(servers, GraphKind.Falkor, CaptureMode.Separate);
        await world.Node.KillAsync();
        var generation = (await world.Graph.MarkAsync())!;
        await world.SqlAsync("update people set count = count + 1");
        var lsn = (await world.ScalarAsync<string>("select pg_logical_emit_message(true, 'polysync-test', 'now')::text"))!;
        (await world.Capturer.Current.Api.WaitAsync(FaultWorld.Pipeline, lsn)).ShouldBeTrue(world.Said);
        var topic = $"{world.Database}.public.people";
        await world.Broker.ForgetAsync(topic);
        await using var node = world.Node.Launch();
        await node.ExitAsync(TimeSpan.FromSeconds(60));
        node.ExitCode.ShouldBe((int)ExitCode.BrokerUnfit, node.Error);
        node.Error.ShouldContain(topic);
        node.Error.ShouldContain("retention was faster than we: raise kafka.retention_ms");
        node.Error.ShouldContain("begin anew: stop capture and nodes, delete the topics of the prefix, drop the slot, delete the pipeline's data and its state");
        (await world.Graph.MarkAsync())!.Watermark.ShouldBe(generation.Watermark);
        await BeginAnewAsync(world);
    }

    [SkippableFact]
    public async Task A_topic_deleted_under_a_running_pipeline_stops_it_with_no_loss_and_what_it_says_leads_back()
    {
        await using var world = await NamedWorld.StreamingAsync(servers, GraphKind.Falkor, CaptureMode.Embedded);
        await world.CaughtUpAsync(TimeSpan.FromSeconds(30));
        var node = world.Node.Release();
        await world.Broker.DeleteTopicAsync($"{world.Database}.public.people");
        await world.SqlAsync("update people set count = count + 1");
        var lsn = await world.ScalarAsync<string>("select pg_current_wal_flush_lsn()::text");
        await node.ExitAsync(TimeSpan.FromSeconds(90));
        node.ExitCode.ShouldBe((int)ExitCode.BrokerUnfit, node.Error);
        node.Error.ShouldContain("deleted");
        // the slot still has what the topic has not
        (await world.ScalarAsync<bool>($"select confirmed_flush_lsn < '{lsn}'::pg_lsn from pg_replication_slots where slot_name = 'polysync_{FaultWorld.Pipeline}'")).ShouldBeTrue();
        await node.DisposeAsync();
        await BeginAnewAsync(world);
    }

    /// <summary>What the messages say, to the letter.</summary>
    private static async Task BeginAnewAsync(FaultWorld world)
    {
        if (world.Capture == CaptureMode.Separate) await world.Capturer.TerminateAsync();
        await world.Broker.DeleteTopicsAsync(world.Database);
        await world.SqlAsync($"select pg_drop_replication_slot('polysync_{FaultWorld.Pipeline}')");
        await world.Graph.WipeAsync();
        world.Start();
        await world.ShouldBeRightAsync();
    }
}
