using Confluent.Kafka;
using PolyglotSync.Kafka.Connecting;
using PolyglotSync.Kafka.Topics;

namespace PolyglotSync.Kafka.Tests.Topics;

[Collection(nameof(Broker))]
[Trait("Category", "Integration")]
public sealed class TopicAdminSpecs(Broker broker)
{
    private static readonly TableName Users = new("public", "users");
    private static readonly TableName Orders = new("sales", "orders");

    [SkippableFact]
    public async Task Missing_topics_are_made_as_the_manifest_says()
    {
        Skip.If(Broker.Missing is not null, Broker.Missing);
        var settings = broker.Settings() with { Partitions = 3, RetentionMs = 3_600_000, CleanupPolicy = CleanupPolicy.CompactAndDelete, MaxMessageBytes = 3_000_000, DeadLetterTopic = true };
        using var admin = new TopicAdmin(settings, "shop");
        var report = await admin.EnsureAsync([Users, Orders], default);

        report.OfTables[Users].ShouldBe($"{settings.Prefix}.public.users");
        report.Partitions.ShouldBe(new Dictionary<string, int>
        {
            [$"{settings.Prefix}.public.users"] = 3, [$"{settings.Prefix}.sales.orders"] = 3, [$"{settings.Prefix}.__cuts"] = 1, [$"{settings.Prefix}.__dead"] = 1,
        }, ignoreOrder: true);
        report.Made.Count.ShouldBe(4);
        report.Warnings.ShouldBeEmpty();
        var users = await broker.ConfigsAsync(report.OfTables[Users]);
        users["cleanup.policy"].ShouldBe("compact,delete");
        users["retention.ms"].ShouldBe("3600000");
        users["max.message.bytes"].ShouldBe("3000000");
        (await broker.ConfigsAsync($"{settings.Prefix}.__cuts"))["cleanup.policy"].ShouldBe("compact");

        (await admin.EnsureAsync([Users, Orders], default)).Made.ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task All_that_is_wrong_with_topics_that_are_there_is_said_at_once()
    {
        Skip.If(Broker.Missing is not null, Broker.Missing);
        var settings = broker.Settings();
        await broker.MakeAsync($"{settings.Prefix}.__cuts", 2, ("cleanup.policy", "delete"));
        await broker.MakeAsync($"{settings.Prefix}.public.users", 9, ("max.message.bytes", "1000"));
        using var admin = new TopicAdmin(settings, "shop");
        var failure = await Should.ThrowAsync<PipelineFailure>(admin.EnsureAsync([Users], default));
        failure.Class.ShouldBe(FailureClass.Fatal);
        failure.ExitCode.ShouldBe(ExitCode.BrokerUnfit);
        var lines = failure.Message.Split('\n');
        lines.Length.ShouldBe(4);
        lines.ShouldContain(l => l.Contains("__cuts has 2 partitions and needs 1"));
        lines.ShouldContain(l => l.Contains("__cuts has cleanup.policy=delete and needs compact"));
        lines.ShouldContain(l => l.Contains("takes messages of 1000 bytes"));
    }

    [SkippableFact]
    public async Task Another_number_of_partitions_stays_and_is_remarked()
    {
        Skip.If(Broker.Missing is not null, Broker.Missing);
        var settings = broker.Settings() with { MaxMessageBytes = 500_000 };
        await broker.MakeAsync($"{settings.Prefix}.public.users", 9);
        using var admin = new TopicAdmin(settings, "shop");
        var report = await admin.EnsureAsync([Users], default);
        report.Partitions[report.OfTables[Users]].ShouldBe(9);
        report.Warnings.ShouldHaveSingleItem().ShouldContain("has 9 partitions, kafka.partitions says 4");
    }

    [SkippableFact]
    public async Task Two_nodes_that_make_the_same_topics_do_not_disturb_each_other()
    {
        Skip.If(Broker.Missing is not null, Broker.Missing);
        var settings = broker.Settings();
        using var first = new TopicAdmin(settings, "shop");
        using var second = new TopicAdmin(settings, "shop");
        var reports = await Task.WhenAll(first.EnsureAsync([Users, Orders], default), second.EnsureAsync([Users, Orders], default));
        reports[0].Partitions.ShouldBe(reports[1].Partitions, ignoreOrder: true);
    }

    [SkippableFact]
    public async Task Of_foreign_topics_those_that_are_there_are_told_with_their_partitions()
    {
        Skip.If(Broker.Missing is not null, Broker.Missing);
        var settings = broker.Settings();
        await broker.MakeAsync($"{settings.Prefix}.a", 2);
        using var admin = new TopicAdmin(settings, "shop");
        (await admin.PartitionsAsync([$"{settings.Prefix}.a", $"{settings.Prefix}.b"], default)).ShouldBe([new KeyValuePair<string, int>($"{settings.Prefix}.a", 2)]);
    }

    [SkippableFact]
    public async Task A_replication_that_the_broker_cannot_give_is_said()
    {
        Skip.If(Broker.Missing is not null, Broker.Missing);
        using var admin = new TopicAdmin(broker.Settings() with { ReplicationFactor = 3 }, "shop");
        var failure = await Should.ThrowAsync<PipelineFailure>(admin.EnsureAsync([Users], default));
        failure.Class.ShouldBe(FailureClass.Fatal);
        failure.Message.ShouldContain("the broker does not make topics so: change kafka.partitions, replication_factor");
    }

    [SkippableFact]
    public async Task The_ends_of_partitions_are_read()
    {
        Skip.If(Broker.Missing is not null, Broker.Missing);
        var settings = broker.Settings();
        var topic = $"{settings.Prefix}.public.users";
        await broker.MakeAsync(topic, 2);
        using (var producer = new ProducerBuilder<byte[], byte[]>(KafkaClients.Producer(settings, "shop")).Build())
        {
            for (var n = 0; n < 5; n++) await producer.ProduceAsync(new TopicPartition(topic, 1), new Message<byte[], byte[]> { Key = [1], Value = [2] });
        }
        using (var admin = broker.Admin()) await admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, 1, 2)]);
        using var offsets = new PartitionOffsets(settings, "shop");
        var ranges = await offsets.ReadAsync([new TopicPartition(topic, 0), new TopicPartition(topic, 1)], default);
        ranges[new TopicPartition(topic, 0)].IsEmpty.ShouldBeTrue();
        ranges[new TopicPartition(topic, 1)].ShouldBe(new OffsetRange(2, 5));
        ranges[new TopicPartition(topic, 1)].Holds(1).ShouldBeFalse();

        var failure = await Should.ThrowAsync<PipelineFailure>(offsets.ReadAsync([new TopicPartition(topic, 7)], default));
        failure.Message.ShouldContain($"{topic} [7]");
        failure.Class.ShouldBe(FailureClass.Fatal);
    }

    [SkippableFact]
    public async Task A_topic_that_a_broker_did_not_know_for_a_moment_is_not_taken_for_deleted()
    {
        Skip.If(Broker.Missing is not null, Broker.Missing);
        var settings = broker.Settings();
        using var admin = new TopicAdmin(settings, "p");
        await broker.MakeAsync($"{settings.Prefix}.public.users", 1);
        var said = KafkaFailures.Of(new Error(ErrorCode.Local_UnknownPartition), settings.BootstrapServers);
        said.Class.ShouldBe(FailureClass.Fatal);
        (await admin.ConfirmedAsync(said, [$"{settings.Prefix}.public.users"], CancellationToken.None)).Class.ShouldBe(FailureClass.Transient);
        (await admin.ConfirmedAsync(said, [$"{settings.Prefix}.public.users", $"{settings.Prefix}.public.gone"], CancellationToken.None)).ShouldBe(said);
        var other = KafkaFailures.Of(new Error(ErrorCode.OffsetOutOfRange), settings.BootstrapServers);
        (await admin.ConfirmedAsync(other, [$"{settings.Prefix}.public.users"], CancellationToken.None)).ShouldBe(other);
    }
}
