using Akka.Actor;
using Akka.Streams.Kafka.Settings;
using PolyglotSync.Kafka.PerKey;

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

    private GroupMember Member(KafkaSettings settings, IReadOnlyCollection<string> topics, string node) => new(settings, "shop", topics, _system, node);
}
