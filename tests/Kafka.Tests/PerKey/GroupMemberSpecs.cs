using Akka.Actor;
using Akka.Streams.Kafka.Settings;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using PolyglotSync.Kafka.PerKey;
using PolyglotSync.Testing;

namespace PolyglotSync.Kafka.Tests.PerKey;

[Collection(nameof(Broker))]
public sealed class GroupMemberSpecs(Broker broker) : IAsyncLifetime
{
    private readonly ActorSystem _system = ActorSystem.Create("members", KafkaExtensions.DefaultSettings);
    private readonly CancellationTokenSource _stop = new(TimeSpan.FromSeconds(60));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _system.Terminate();
        _stop.Dispose();
    }

    [SkippableFact]
    public async Task Two_members_share_the_partitions_and_one_that_begins_anew_gets_its_own_back_while_the_other_notices_nothing()
    {
        Skip.If(Broker.Missing is not null, Broker.Missing);
        var settings = broker.Settings() with { SessionTimeoutMs = 6_000 };
        string[] topics = [$"{settings.Prefix}.public.a", $"{settings.Prefix}.public.b"];
        foreach (var topic in topics) await broker.MakeAsync(topic, 4);
        var one = Member(settings, topics, "one");
        var all = await one.DealtAsync(() => { }, _stop.Token);
        all.Count.ShouldBe(8);

        await using var other = Member(settings, topics, "other");
        await one.ChangedAsync(all, _stop.Token);
        var ones = await one.DealtAsync(() => { }, _stop.Token);
        var others = await other.DealtAsync(() => { }, _stop.Token);
        (ones.Count, others.Count).ShouldBe((4, 4));
        ones.Concat(others).Order().ShouldBe(all);

        var changed = other.ChangedAsync(others, _stop.Token);
        await one.DisposeAsync();
        await using var again = Member(settings, topics, "one");
        (await again.DealtAsync(() => { }, _stop.Token)).ShouldBe(ones);
        changed.IsCompleted.ShouldBeFalse();
    }

    [SkippableFact]
    [Trait("Length", "Long")]
    public async Task A_member_whose_broker_went_owns_nothing_any_more_and_says_so()
    {
        Skip.If(Broker.Missing is not null, Broker.Missing);
        await using var server = await KafkaServer.StartNewAsync();
        var settings = broker.Settings() with { BootstrapServers = server.BootstrapServers, SessionTimeoutMs = 6_000 };
        using (var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = server.BootstrapServers }).Build())
            await admin.CreateTopicsAsync([new TopicSpecification { Name = $"{settings.Prefix}.public.a", NumPartitions = 2, ReplicationFactor = 1 }]);
        await using var member = Member(settings, [$"{settings.Prefix}.public.a"], "one");
        var changed = member.ChangedAsync(await member.DealtAsync(() => { }, _stop.Token), _stop.Token);
        await server.KillAsync();
        // to read on with the same member would wait for partitions that it never gets
        (await Should.ThrowAsync<PipelineFailure>(changed)).Class.ShouldBe(FailureClass.Fenced);
    }

    private GroupMember Member(KafkaSettings settings, IReadOnlyCollection<string> topics, string node) => new(settings, "shop", topics, _system, node);
}
