using Akka.Actor;
using Akka.Cluster.Sharding;
using PolyglotSync.Actors.Entities;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.Pipelines;

public sealed class ShardedPipelineSpecs(ITestOutputHelper output) : PipelineSpecs(output, """
    akka.actor.provider = cluster
    akka.remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
    akka.cluster.sharding { state-store-mode = ddata, distributed-data.durable.keys = [] }
    """)
{
    [Fact]
    public async Task On_a_node_of_a_cluster_changes_go_by_the_shard_region()
    {
        var region = await EntitySharding.StartAsync(Sys);
        Started(region);
        var rows = new Rows(100);
        for (var i = 0; i < 100; i++) rows.Insert(i, "a");
        Factory.Source.Put(rows.Batch());
        AwaitAssert(() => Factory.Source.Acknowledged.ShouldBe(new Lsn(108)), Soon);

        Factory.Target.Applied.Sum(set => set.Operations.Count).ShouldBe(100);
        Factory.Target.Applied.ShouldHaveSingleItem("all buckets were at the same cut");
        (await ShardsAsync(region)).ShouldBe(["shop.1"]);
    }

    [Fact]
    public async Task The_entities_of_a_run_end_with_it()
    {
        var region = await EntitySharding.StartAsync(Sys);
        var pipeline = Started(region);
        Factory.Source.Put(new Rows(100).Insert(1, "a").Batch());
        AwaitAssert(() => Factory.Source.Acknowledged.ShouldBe(new Lsn(108)), Soon);

        Renew(pipeline);

        await AwaitAssertAsync(async () => (await StateAsync(region)).Shards.Sum(s => s.EntityIds.Count).ShouldBe(0), Soon);
    }

    [Fact]
    public async Task An_entity_that_fails_ends_the_run_and_the_next_reads_its_changes_again()
    {
        var region = await EntitySharding.StartAsync(Sys);
        var release = new TaskCompletionSource();
        Factory.Target.Before = _ => release.Task;
        Started(region);
        Factory.Source.Put(new Rows(100).Insert(1, "a").Batch());
        AwaitCondition(() => !Factory.Target.Tried.IsEmpty, Soon);

        // An entry that no entity can take.
        Factory.Source.Put(new Rows(200).Broken().Batch());
        AwaitAssert(() => Factory.Sources.Count.ShouldBe(2), Soon);
        release.SetResult();
        AwaitCondition(() => !Factory.Source.Opened.IsEmpty, Soon);

        Factory.Source.Opened.ShouldHaveSingleItem().ShouldBeLessThanOrEqualTo(Position.EndOf(new Lsn(100)));
        Factory.Source.Put(new Rows(100).Insert(1, "a").Batch());
        AwaitAssert(() => Factory.Source.Acknowledged.ShouldBe(new Lsn(108)), Soon);
    }

    private static Task<CurrentShardRegionState> StateAsync(IActorRef region) =>
        region.Ask<CurrentShardRegionState>(GetShardRegionState.Instance, Soon);

    private static async Task<IEnumerable<string>> ShardsAsync(IActorRef region) => (await StateAsync(region)).Shards.Select(s => s.ShardId);
}
