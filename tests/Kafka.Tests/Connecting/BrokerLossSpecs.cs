using PolyglotSync.Kafka.Connecting;
using PolyglotSync.Kafka.Topics;
using PolyglotSync.Testing;

namespace PolyglotSync.Kafka.Tests.Connecting;

[Trait("Length", "Long")]
[Trait("Category", "Integration")]
public sealed class BrokerLossSpecs
{
    [SkippableFact]
    [Trait("Length", "Long")]
    public async Task A_broker_that_was_killed_is_missed_and_comes_back_with_its_topics()
    {
        Skip.If(KafkaServer.Missing is not null, KafkaServer.Missing);
        await using var server = await KafkaServer.StartNewAsync();
        Skip.IfNot(server.IsOurs, "POLYSYNC_TEST_KAFKA is somebody else's broker, which is not killed");
        var settings = new KafkaSettings { BootstrapServers = server.BootstrapServers, Prefix = "loss", ReplicationFactor = 1, ConnectTimeoutMs = 3_000 };
        using var admin = new TopicAdmin(settings, "loss");
        (await admin.EnsureAsync([new TableName("public", "users")], default)).Made.Count.ShouldBe(2);

        await server.KillAsync();
        (await Should.ThrowAsync<PipelineFailure>(KafkaConnection.CheckAsync(settings, "loss", default))).Class.ShouldBe(FailureClass.Transient);
        (await Should.ThrowAsync<PipelineFailure>(admin.EnsureAsync([new TableName("public", "users")], default))).Class.ShouldBe(FailureClass.Transient);

        await server.StartAgainAsync();
        // the client that saw the broker go finds it again by itself
        (await admin.EnsureAsync([new TableName("public", "users")], default)).Made.ShouldBeEmpty();
    }
}
