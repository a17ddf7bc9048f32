using System.Buffers;
using Akka.Actor;
using PolyglotSync.Actors.Entities;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.Entities;

public sealed class EntityActorSpecs(ITestOutputHelper output) : ActorSpecs(output)
{
    private static readonly EntityId Bucket3 = EntityId.All("shop", run: 7, buckets: 4)[3];

    [Fact]
    public void A_bucket_hands_over_the_net_effects_of_all_its_slices_to_the_writers()
    {
        var (source, writers) = (CreateTestProbe(), CreateTestProbe());
        var entity = Sys.ActorOf(EntityActor.Props());

        source.Send(entity, Envelope(1, Slice(new Rows().Insert(1, "a").Insert(2, "b"))));
        source.Send(entity, Envelope(2, Slice(new Rows(200).Update(1, "c"))));
        source.Send(entity, Envelope(3, new Drain(9, writers.Ref)));

        var drained = writers.ExpectMsg<Drained>();
        drained.Bucket.ShouldBe(3);
        drained.DrainId.ShouldBe(9);
        drained.Operations.Select(o => Rows.Text(o.New, 1)).ShouldBe(["c", "b"]);
    }

    [Fact]
    public void A_drain_takes_what_came_before_it_and_leaves_what_comes_after()
    {
        var (source, writers) = (CreateTestProbe(), CreateTestProbe());
        var entity = Sys.ActorOf(EntityActor.Props());

        source.Send(entity, Envelope(1, Slice(new Rows().Insert(1, "a"))));
        source.Send(entity, Envelope(2, new Drain(1, writers.Ref)));
        source.Send(entity, Envelope(3, Slice(new Rows(200).Insert(2, "b"))));
        source.Send(entity, Envelope(4, new Drain(2, writers.Ref)));

        writers.ExpectMsg<Drained>().Operations.ShouldHaveSingleItem().Kind.ShouldBe(RowOperationKind.Insert);
        Rows.Text(writers.ExpectMsg<Drained>().Operations.ShouldHaveSingleItem().New, 1).ShouldBe("b");
    }

    [Fact]
    public void Changes_that_may_be_in_the_graph_already_become_upserts()
    {
        var (source, writers) = (CreateTestProbe(), CreateTestProbe());
        var entity = Sys.ActorOf(EntityActor.Props());

        source.Send(entity, Envelope(1, Slice(new Rows(100).Insert(1, "a"), unknownUpTo: Position.EndOf(new Lsn(100)))));
        source.Send(entity, Envelope(2, Slice(new Rows(200).Insert(2, "b"), unknownUpTo: Position.EndOf(new Lsn(100)))));
        source.Send(entity, Envelope(3, new Drain(1, writers.Ref)));

        writers.ExpectMsg<Drained>().Operations.Select(o => o.Kind).ShouldBe([RowOperationKind.Upsert, RowOperationKind.Insert]);
    }

    [Fact]
    public void A_message_that_was_lost_on_the_way_is_noticed_with_the_next()
    {
        var source = CreateTestProbe();
        var entity = Sys.ActorOf(EntityActor.Props());

        source.Send(entity, Envelope(1, Slice(new Rows().Insert(1, "a"))));
        source.Send(entity, Envelope(3, new Drain(1, CreateTestProbe().Ref)));

        source.ExpectMsg<EntityLost>().Entity.ShouldBe("shop.7.3");
    }

    [Fact]
    public void An_entity_that_fails_says_so_to_its_source_and_has_lost_what_it_held()
    {
        var source = CreateTestProbe();
        var entity = Sys.ActorOf(EntityActor.Props());
        source.Send(entity, Envelope(1, Slice(new Rows().Insert(1, "a"))));

        source.Send(entity, Envelope(2, new EntitySlice(3, new Rows().Insert(2, "b").Batch(), [99], 1, Position.Start)));
        source.ExpectMsg<EntityLost>();

        source.Send(entity, Envelope(3, new Drain(1, CreateTestProbe().Ref)));
        source.ExpectMsg<EntityLost>();
    }

    [Fact]
    public void An_entity_lives_as_long_as_the_source_that_feeds_it()
    {
        var source = CreateTestProbe();
        var entity = Watch(Sys.ActorOf(EntityActor.Props()));
        source.Send(entity, Envelope(1, Slice(new Rows().Insert(1, "a"))));

        Sys.Stop(source.Ref);

        ExpectTerminated(entity);
    }

    [Fact]
    public void The_local_region_makes_one_entity_a_bucket()
    {
        var (source, writers) = (CreateTestProbe(), CreateTestProbe());
        var region = Sys.ActorOf(EntitiesActor.Props());
        var buckets = EntityId.All("shop", 1, 4);

        foreach (var bucket in buckets) source.Send(region, new EntityEnvelope(bucket, 1, Slice(new Rows().Insert(bucket.Bucket, "x"))));
        foreach (var bucket in buckets) source.Send(region, new EntityEnvelope(bucket, 2, new Drain(1, writers.Ref)));

        Enumerable.Range(0, 4).Select(_ => writers.ExpectMsg<Drained>().Bucket).ShouldBe([0, 1, 2, 3], ignoreOrder: true);
    }

    internal static EntityEnvelope Envelope(long number, object message) => new(Bucket3, number, message);

    internal static EntitySlice Slice(Rows rows, Position? unknownUpTo = null)
    {
        var batch = rows.Batch();
        var indexes = ArrayPool<int>.Shared.Rent(batch.Count);
        for (var i = 0; i < batch.Count; i++) indexes[i] = i;
        return new EntitySlice(0, batch, indexes, batch.Count, unknownUpTo ?? Position.Start);
    }
}
