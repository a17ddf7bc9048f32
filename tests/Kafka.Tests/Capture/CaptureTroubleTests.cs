using PolyglotSync.Kafka.Cuts;
using PolyglotSync.Testing;

namespace PolyglotSync.Kafka.Tests.Capture;

/// <summary>What happens to a capture that is stopped, followed by another, or loses its broker or a topic.</summary>
[Collection(nameof(Broker))]
[Trait("Length", "Long")]
[Trait("Category", "Integration")]
public sealed class CaptureTroubleTests(Broker broker, Database postgres)
{
    private const string Users = "create table users (id int primary key, name text);";

    [SkippableFact]
    public async Task A_clean_stop_leaves_nothing_to_send_again()
    {
        await using var world = await CaptureWorld.NewAsync(broker, postgres, Users + "insert into users select i, 'u' from generate_series(1, 1000) i");
        await world.StartAndCopyAsync();
        await world.SqlAsync("update users set name = 'v'");
        await world.CaughtUpAsync();
        await world.StopAsync();
        var stopped = world.Read();
        stopped.Table("users").ShouldBe(await world.TableAsync("users", "id", "id, name"));
        // the server knows too
        (await world.ScalarAsync<bool>($"select confirmed_flush_lsn >= '{stopped.Cuts.Last().Watermark}' from pg_replication_slots where slot_name = '{world.Slot}'")).ShouldBeTrue();

        await world.SqlAsync("insert into users values (2000, 'later')");
        world.Start();
        await world.CaughtUpAsync();
        var topics = world.Read();
        topics.Orphans.ShouldBe(0);
        topics.Complaints.ShouldBeEmpty();
        topics.Changes.Count.ShouldBe(2001);
        topics.Table("users").ShouldBe(await world.TableAsync("users", "id", "id, name"));
        // the columns were known
        topics.Records.OfType<RelationRecord>().Count().ShouldBe(1);
        topics.Records.OfType<EpochRecord>().Select(e => (e.Epoch, e.ResumesEpoch, e.ResumesChange)).ShouldBe([(1, 0, 0), (2, 1, 2000)]);
    }

    [SkippableFact]
    [Trait("Length", "Long")]
    public async Task A_capture_whose_broker_restarts_goes_on_without_losing_or_doubling_anything()
    {
        Skip.If(Broker.Missing is not null, Broker.Missing);
        Skip.If(Tests.Database.Missing is not null, Tests.Database.Missing);
        await using var server = await KafkaServer.StartNewAsync();
        Skip.IfNot(server.IsOurs, "POLYSYNC_TEST_KAFKA is somebody else's broker, which is not killed");
        await using var world = await CaptureWorld.NewAsync(postgres.Server, new KafkaSettings { BootstrapServers = server.BootstrapServers, Prefix = "loss", ReplicationFactor = 1 }, Users);
        await world.StartAndCopyAsync();
        for (var i = 0; i < 20; i++)
        {
            if (i == 8) await server.KillAsync();
            if (i == 14) await server.StartAgainAsync();
            await world.SqlAsync($"insert into users select i, 'u' from generate_series({i * 1000}, {(i * 1000) + 999}) i");
        }
        await world.CaughtUpAsync();
        var topics = world.Read();
        topics.Table("users").ShouldBe(await world.TableAsync("users", "id", "id, name"));
        topics.Complaints.ShouldBeEmpty();
        topics.Changes.Count.ShouldBe(20_000);
    }

    [SkippableFact]
    public async Task A_topic_that_is_deleted_under_us_is_a_clear_failure_and_nothing_is_acknowledged()
    {
        await using var world = await CaptureWorld.NewAsync(broker, postgres, Users + "insert into users values (1, 'a')");
        await world.StartAndCopyAsync();
        await world.CaughtUpAsync();
        using (var admin = broker.Admin()) await admin.DeleteTopicsAsync([world.Topic("users")]);
        await world.SqlAsync("insert into users values (2, 'b')");
        var failure = await Should.ThrowAsync<PipelineFailure>(world.Running.WaitAsync(TimeSpan.FromSeconds(60)));
        failure.Class.ShouldBe(FailureClass.Fatal);
        failure.ExitCode.ShouldBe(ExitCode.BrokerUnfit);
        failure.Message.ShouldContain("the topic or partition is not there: it was deleted");

        // a start makes the topic anew, but does not go on as if nothing had been in it
        world.Start();
        failure = await Should.ThrowAsync<PipelineFailure>(world.Running.WaitAsync(TimeSpan.FromSeconds(60)));
        failure.Message.ShouldContain($"topic {world.Topic("users")} ends at 0");
        failure.Message.ShouldContain("begin anew");
    }

    [SkippableFact]
    public async Task A_capture_that_another_one_followed_stops_and_what_it_wrote_since_is_void()
    {
        await using var world = await CaptureWorld.NewAsync(broker, postgres, Users + "insert into users values (1, 'a')");
        world.Holds = _ => Task.FromResult(false);
        await world.StartAndCopyAsync();
        await world.CaughtUpAsync();
        var first = world.Running;
        await broker.WriteCutsAsync(world.Kafka, new ClaimRecord { Epoch = 2, By = Guid.NewGuid() });
        await world.SqlAsync("insert into users values (2, 'b')");
        var failure = await Should.ThrowAsync<PipelineFailure>(first.WaitAsync(TimeSpan.FromSeconds(30)));
        failure.Class.ShouldBe(FailureClass.Fenced);
        failure.Message.ShouldContain("another capture has taken over");

        world.Start();
        await world.CaughtUpAsync();
        var topics = world.Read();
        topics.Records.OfType<EpochRecord>().Last().Epoch.ShouldBe(3);
        topics.Changes.Count.ShouldBe(2);
        topics.Table("users").ShouldBe(await world.TableAsync("users", "id", "id, name"));
    }

    [SkippableFact]
    public async Task A_capture_that_claims_the_topics_without_having_the_slot_ends_nobody_who_has_it()
    {
        await using var world = await CaptureWorld.NewAsync(broker, postgres, Users + "insert into users values (1, 'a')");
        await world.StartAndCopyAsync();
        await world.CaughtUpAsync();
        var first = world.Running;
        for (var epoch = 2; epoch < 6; epoch += 2)
        {
            await broker.WriteCutsAsync(world.Kafka, new ClaimRecord { Epoch = epoch, By = Guid.NewGuid() });
            await world.SqlAsync($"insert into users values ({epoch}, 'b')");
            await world.UntilAsync(() => world.Progress.Epoch == epoch + 1, "the capture claims an epoch of its own");
            await world.CaughtUpAsync();
            world.Running.ShouldBe(first);
        }
        var topics = world.Read();
        topics.Records.OfType<EpochRecord>().Select(e => e.Epoch).ShouldBe([1, 3, 5]);
        topics.Changes.Count.ShouldBe(3);
        topics.Table("users").ShouldBe(await world.TableAsync("users", "id", "id, name"));
    }

    [SkippableFact]
    public async Task A_slot_that_was_made_anew_is_not_taken_for_the_old_one()
    {
        await using var world = await CaptureWorld.NewAsync(broker, postgres, Users + "insert into users values (1, 'a')");
        await world.StartAndCopyAsync();
        await world.CaughtUpAsync();
        await world.StopAsync();
        await world.SqlAsync($"select pg_drop_replication_slot('{world.Slot}'); insert into users values (2, 'lost')");
        world.Start();
        var failure = await Should.ThrowAsync<PipelineFailure>(world.Running.WaitAsync(TimeSpan.FromSeconds(30)));
        failure.Class.ShouldBe(FailureClass.Fatal);
        failure.Message.ShouldContain($"slot '{world.Slot}' is gone");
    }
}
