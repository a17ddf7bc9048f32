using Akka.Actor;
using Akka.Event;
using PolyglotSync.Actors.Entities;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.Entities;

/// <summary>What an entity makes of messages that it does not expect, and the local region of entities that fail or end.</summary>
public sealed class EntityProtocolSpecs(ITestOutputHelper output) : ActorSpecs(output)
{
    [Fact]
    public void A_drain_of_nothing_is_answered_too()
    {
        var (source, writers) = (CreateTestProbe(), CreateTestProbe());
        source.Send(Sys.ActorOf(EntityActor.Props()), EntityActorSpecs.Envelope(1, new Drain(5, writers.Ref)));
        writers.ExpectMsg<Drained>().ShouldSatisfyAllConditions(d => d.DrainId.ShouldBe(5), d => d.Operations.Count.ShouldBe(0));
    }

    [Fact]
    public void What_it_does_not_know_is_left_unhandled_and_counts_as_received()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(UnhandledMessage));
        var (source, writers) = (CreateTestProbe(), CreateTestProbe());
        var entity = Sys.ActorOf(EntityActor.Props());
        source.Send(entity, "nonsense");
        ExpectMsg<UnhandledMessage>().Message.ShouldBe("nonsense");
        source.Send(entity, EntityActorSpecs.Envelope(1, "nonsense in an envelope"));
        ExpectMsg<UnhandledMessage>().Message.ShouldBe("nonsense in an envelope");
        source.Send(entity, EntityActorSpecs.Envelope(2, new Drain(5, writers.Ref)));
        writers.ExpectMsg<Drained>();
    }

    [Fact]
    public void A_message_that_comes_twice_is_said_to_its_source_and_not_taken_twice()
    {
        var (source, writers) = (CreateTestProbe(), CreateTestProbe());
        var entity = Sys.ActorOf(EntityActor.Props());
        source.Send(entity, EntityActorSpecs.Envelope(1, EntityActorSpecs.Slice(new Rows().Insert(1, "a"))));
        source.Send(entity, EntityActorSpecs.Envelope(1, EntityActorSpecs.Slice(new Rows().Insert(1, "a"))));
        source.ExpectMsg<EntityLost>().Reason.ShouldBe("message 1 came after message 1");
        source.Send(entity, EntityActorSpecs.Envelope(2, new Drain(1, writers.Ref)));
        writers.ExpectMsg<Drained>().Operations.ShouldHaveSingleItem();
    }

    [Fact]
    public void An_entity_of_the_local_region_that_fails_says_so_and_takes_no_other_with_it()
    {
        var (source, writers) = (CreateTestProbe(), CreateTestProbe());
        var region = Sys.ActorOf(EntitiesActor.Props());
        var buckets = EntityId.All("shop", 1, 2);
        source.Send(region, new EntityEnvelope(buckets[1], 1, EntityActorSpecs.Slice(new Rows().Insert(1, "x"))));
        source.Send(region, new EntityEnvelope(buckets[0], 1, new EntitySlice(0, new Rows().Insert(2, "b").Batch(), [99], 1, Position.Start)));

        source.ExpectMsg<EntityLost>().ShouldSatisfyAllConditions(lost => lost.Entity.ShouldBe("0"), lost => lost.Reason.ShouldStartWith("it failed: "));
        source.Send(region, new EntityEnvelope(buckets[0], 2, new Drain(1, writers.Ref)));
        source.ExpectMsg<EntityLost>().Reason.ShouldBe("message 2 came after message 0");
        source.Send(region, new EntityEnvelope(buckets[1], 2, new Drain(1, writers.Ref)));
        writers.ExpectMsg<Drained>().ShouldSatisfyAllConditions(d => d.Bucket.ShouldBe(1), d => d.Operations.Count.ShouldBe(1));
    }

    [Fact]
    public void The_entities_of_the_local_region_end_with_it()
    {
        var (source, writers) = (CreateTestProbe(), CreateTestProbe());
        var region = Sys.ActorOf(EntitiesActor.Props());
        source.Send(region, new EntityEnvelope(EntityId.All("shop", 1, 2)[1], 1, new Drain(1, writers.Ref)));
        writers.ExpectMsg<Drained>();
        var entity = Watch(Resolve(region.Path / "1"));
        Sys.Stop(region);
        ExpectTerminated(entity);
    }

    private IActorRef Resolve(ActorPath path) => Sys.ActorSelection(path).ResolveOne(Soon).GetAwaiter().GetResult();
}
