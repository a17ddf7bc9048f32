using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using PolyglotSync.Actors.Entities;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.Entities;

public sealed class EntityShardingSpecs(ITestOutputHelper output) : ActorSpecs(output, Clustered)
{
    private const string Clustered = """
        akka.actor.provider = cluster
        akka.remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
        akka.cluster.sharding { state-store-mode = ddata, distributed-data.durable.keys = [] }
        """;

    [Fact]
    public async Task The_buckets_of_a_run_are_entities_of_one_shard()
    {
        var region = await EntitySharding.StartAsync(Sys);
        var (source, writers) = (CreateTestProbe(), CreateTestProbe());
        foreach (var bucket in EntityId.All("shop", 12, 3))
        {
            source.Send(region, new EntityEnvelope(bucket, 1, EntityActorSpecs.Slice(new Rows().Insert(bucket.Bucket, "x"))));
            source.Send(region, new EntityEnvelope(bucket, 2, new Drain(1, writers.Ref)));
        }

        for (var i = 0; i < 3; i++) writers.ExpectMsg<Drained>(Soon).Operations.Count.ShouldBe(1);
        var state = await region.Ask<CurrentShardRegionState>(GetShardRegionState.Instance, Soon);
        var shard = state.Shards.ShouldHaveSingleItem();
        shard.ShardId.ShouldBe("shop.12");
        shard.EntityIds.ShouldBe(["shop.12.0", "shop.12.1", "shop.12.2"], ignoreOrder: true);
    }

    [Fact]
    public async Task Another_run_finds_empty_buckets()
    {
        var region = await EntitySharding.StartAsync(Sys);
        var (first, second, writers) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        first.Send(region, new EntityEnvelope(EntityId.All("shop", 1, 1)[0], 1, EntityActorSpecs.Slice(new Rows().Insert(1, "of the first run"))));

        var bucket = EntityId.All("shop", 2, 1)[0];
        second.Send(region, new EntityEnvelope(bucket, 1, EntityActorSpecs.Slice(new Rows().Insert(1, "of the second"))));
        second.Send(region, new EntityEnvelope(bucket, 2, new Drain(1, writers.Ref)));

        Rows.Text(writers.ExpectMsg<Drained>(Soon).Operations.ShouldHaveSingleItem().New, 1).ShouldBe("of the second");
    }

    [Fact]
    public async Task An_entity_that_fails_in_its_shard_says_so_to_its_source()
    {
        var region = await EntitySharding.StartAsync(Sys);
        var source = CreateTestProbe();
        source.Send(region, EntityActorSpecs.Envelope(1, new EntitySlice(3, new Rows().Insert(2, "b").Batch(), [99], 1, Position.Start)));

        source.ExpectMsg<EntityLost>(Soon);
    }

    [Fact]
    public async Task A_shard_stays_where_it_was_first_asked_for()
    {
        var (here, there) = (CreateTestProbe().Ref, CreateTestProbe().Ref);
        var strategy = new SourceSideAllocation();
        var allocations = ImmutableDictionary<IActorRef, IImmutableList<string>>.Empty
            .Add(here, ImmutableList<string>.Empty).Add(there, ImmutableList<string>.Empty.Add("shop.1"));

        (await strategy.AllocateShard(here, "shop.2", allocations)).ShouldBe(here);
        (await strategy.Rebalance(allocations, ImmutableHashSet<string>.Empty)).ShouldBeEmpty();
    }

    [Fact]
    public void Entities_are_found_by_pipeline_run_and_bucket()
    {
        var extractor = new EntityExtractor();
        var envelope = EntityActorSpecs.Envelope(1, "anything");

        extractor.EntityId(envelope).ShouldBe("shop.7.3");
        extractor.ShardId("shop.7.3", envelope).ShouldBe("shop.7");
        extractor.ShardId("a-b_c.7.3").ShouldBe("a-b_c.7");
        extractor.EntityMessage(envelope).ShouldBe(envelope);
        extractor.EntityId("something else").ShouldBeNull();
    }
}
