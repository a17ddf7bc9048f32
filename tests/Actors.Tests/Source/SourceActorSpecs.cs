using Akka.Actor;
using Akka.TestKit;
using PolyglotSync.Actors.Entities;
using PolyglotSync.Actors.Source;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.Source;

public sealed class SourceActorSpecs : ActorSpecs
{
    private readonly FakeSource _source = new();
    private readonly TestProbe _parent;
    private readonly TestProbe _entities;
    private readonly TestProbe _writers;

    public SourceActorSpecs(ITestOutputHelper output)
        : base(output, VirtualTime) => (_parent, _entities, _writers) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());

    [Fact]
    public void A_batch_goes_to_its_buckets_and_the_drain_follows_by_the_same_way()
    {
        var actor = Start();
        _source.Put(new Rows().Insert(1, "a").Batch());

        var slice = _entities.ExpectMsg<EntityEnvelope>();
        var drain = _entities.ExpectMsg<EntityEnvelope>();

        slice.Message.ShouldBeOfType<EntitySlice>().Count.ShouldBe(1);
        drain.Entity.ShouldBe(slice.Entity);
        (slice.Number, drain.Number).ShouldBe((1, 2));
        drain.Message.ShouldBeOfType<Drain>().ReplyTo.ShouldBe(_writers.Ref);
        _writers.ExpectMsg<DrainStarted>().Cut.Position.ShouldBe(Position.EndOf(new Lsn(100)));
    }

    [Fact]
    public void Nothing_is_acknowledged_before_the_graph_has_committed()
    {
        Start();
        _source.Put(new Rows(100).Insert(1, "a").Batch());
        var drain = _writers.ExpectMsg<DrainStarted>();
        _source.Acknowledged.ShouldBe(Lsn.Zero);

        _writers.Reply(new Committed(drain.DrainId));

        _parent.ExpectMsg<ReachedCut>().Cut.Watermark.ShouldBe(new Lsn(108));
        _source.Acknowledged.ShouldBe(new Lsn(108));
    }

    [Fact]
    public void What_comes_while_the_writers_are_busy_is_one_drain()
    {
        Start();
        _source.Put(new Rows(100).Insert(1, "a").Batch());
        var first = _writers.ExpectMsg<DrainStarted>();
        _source.Put(new Rows(200).Insert(2, "b").Batch());
        _source.Put(new Rows(300).Insert(3, "c").Batch());
        AwaitCondition(() => _source.Given == 3, Soon);
        // The third is behind the question for the load in the mailbox once it was given.
        AwaitAssert(() => Load().Rows.ShouldBe(3), Soon);

        _writers.Reply(new Committed(first.DrainId));

        var second = _writers.ExpectMsg<DrainStarted>();
        second.Cut.Position.ShouldBe(Position.EndOf(new Lsn(300)));
        second.Changes.ShouldBe(2);
    }

    [Fact]
    public void Reading_stops_at_the_limit_and_goes_on_once_there_is_room()
    {
        Start(new LimitSettings { Buckets = 4, MaxInFlightRows = 4 });
        for (var i = 0; i < 20; i++) _source.Put(new Rows((ulong)(100 + i)).Insert(i, "a").Batch());

        var drain = _writers.ExpectMsg<DrainStarted>();
        AwaitAssert(() => Load().Rows.ShouldBe(4), Soon);
        _source.Given.ShouldBeLessThan(8);

        while (_source.Acknowledged < new Lsn(119 + 8))
        {
            _writers.Reply(new Committed(drain.DrainId));
            if (_parent.ExpectMsg<ReachedCut>().Cut.Watermark < new Lsn(119 + 8)) drain = _writers.ExpectMsg<DrainStarted>();
        }
        _source.Given.ShouldBe(20);
    }

    [Fact]
    public void A_watermark_that_moves_without_rows_needs_no_drain()
    {
        Start();
        _source.Put(new Rows(500).Batch());

        _parent.ExpectMsg<ReachedCut>().Cut.Watermark.ShouldBe(new Lsn(508));
        _source.Acknowledged.ShouldBe(Lsn.Zero);
    }

    [Fact]
    public async Task A_watermark_that_moves_without_rows_is_recorded_now_and_then_and_the_slot_moves_with_it()
    {
        var actor = Start();
        await actor.Ask<SourceLoad>(GetLoad.Instance, Soon);
        Scheduler.Advance(TimeSpan.FromMilliseconds(new LimitSettings().WatermarkIntervalMs));
        _source.Put(new Rows(500).Batch());

        var drain = _writers.ExpectMsg<DrainStarted>();
        drain.Buckets.ShouldBe(0);
        actor.Tell(new Committed(drain.DrainId));

        _parent.ExpectMsg<ReachedCut>().Cut.Watermark.ShouldBe(new Lsn(508));
        _source.Acknowledged.ShouldBe(new Lsn(508));
    }

    [Fact]
    public void A_stream_that_breaks_is_opened_again_after_a_pause_where_it_was()
    {
        Start();
        _source.Put(new Rows(100).Insert(1, "a").Batch());
        _writers.ExpectMsg<DrainStarted>();

        _source.Fail(new PipelineFailure(FailureClass.Transient, "connection lost"));
        _parent.ExpectMsg<PartDegraded>().Reason.ShouldBe("connection lost");
        _source.Opened.Count.ShouldBe(1);
        Scheduler.Advance(TimeSpan.FromMilliseconds(100));

        AwaitAssert(() => _source.Opened.ShouldBe([Position.Start, Position.EndOf(new Lsn(100))]), Soon);
        _source.Put(new Rows(200).Insert(2, "b").Batch());
        _parent.ExpectMsg<PartDegraded>().Reason.ShouldBeNull();
    }

    [Fact]
    public void The_pause_before_the_stream_is_opened_again_grows_and_has_a_limit()
    {
        Start(new LimitSettings { Buckets = 4, RetryMinBackoffMs = 100, RetryMaxBackoffMs = 400 });
        var opened = 1;
        foreach (var (least, most) in new[] { (50, 100), (100, 200), (200, 400), (200, 400) })
        {
            _source.Fail(new PipelineFailure(FailureClass.Transient, "down"));
            _parent.ExpectMsg<PartDegraded>();
            Scheduler.Advance(TimeSpan.FromMilliseconds(least - 1));
            _source.Opened.Count.ShouldBe(opened);
            Scheduler.Advance(TimeSpan.FromMilliseconds(most - least + 1));
            opened++;
            AwaitAssert(() => _source.Opened.Count.ShouldBe(opened), Soon);
        }
    }

    [Fact]
    public void A_failure_that_needs_a_person_goes_up()
    {
        Start();
        _source.Fail(new PipelineFailure(FailureClass.Fatal, "the slot is gone"));

        _parent.ExpectMsg<PartFailed>().Failure.Message.ShouldBe("the slot is gone");
    }

    [Fact]
    public void An_entity_that_lost_changes_ends_the_run()
    {
        var actor = Start();
        actor.Tell(new EntityLost("shop.1.2", "it failed"));

        _parent.ExpectMsg<Crashed>().Exception.Message.ShouldContain("shop.1.2");
    }

    [Fact]
    public void Finishing_waits_for_what_is_whole_and_reads_no_more()
    {
        var actor = Start();
        _source.Put(new Rows(100).Insert(1, "a").Batch());
        var drain = _writers.ExpectMsg<DrainStarted>();

        actor.Tell(Finish.Instance);
        _writers.Reply(new Committed(drain.DrainId));

        _parent.ExpectMsg<ReachedCut>();
        _parent.ExpectMsg<Finished>();
    }

    [Fact]
    public void A_transaction_over_several_batches_is_routed_once_it_is_whole()
    {
        Start();
        _source.Put(new Rows(100).Insert(1, "a").Batch(whole: false));
        AwaitAssert(() => Load().Rows.ShouldBe(1), Soon);
        _entities.HasMessages.ShouldBeFalse();

        _source.Put(new Rows(100).Insert(2, "b").Batch());

        _writers.ExpectMsg<DrainStarted>().Changes.ShouldBe(2);
    }

    [Fact]
    public void A_graph_transaction_takes_no_more_than_its_limit_of_whole_transactions()
    {
        Start(new LimitSettings { Buckets = 4, MaxTransactionRows = 3 });
        _source.Put(new Rows(100).Insert(1, "a").Batch());
        var drain = _writers.ExpectMsg<DrainStarted>();
        for (var i = 0; i < 4; i++) _source.Put(new Rows((ulong)(200 + i)).Insert(i, "a").Insert(10 + i, "b").Batch());
        _source.Put(new Rows(300).Insert(1, "a").Insert(2, "b").Insert(3, "c").Insert(4, "d").Insert(5, "e").Batch());
        AwaitAssert(() => Load().Rows.ShouldBe(14), Soon);

        var changes = new List<int>();
        while (_source.Acknowledged < new Lsn(308))
        {
            _writers.Reply(new Committed(drain.DrainId));
            if (_parent.ExpectMsg<ReachedCut>().Cut.Watermark >= new Lsn(308)) break;
            drain = _writers.ExpectMsg<DrainStarted>();
            changes.Add(drain.Changes);
        }
        changes.ShouldBe([2, 2, 2, 2, 5], "one that is larger than the limit is its own");
    }

    [Fact]
    public void A_graph_transaction_aims_at_a_batch_of_net_effects_so_hot_rows_make_it_hold_more_changes()
    {
        Start(new LimitSettings { Buckets = 4, BatchRows = 2, MaxTransactionRows = 8 });
        _source.Put(new Rows(100).Insert(1, "a").Batch());
        var drain = _writers.ExpectMsg<DrainStarted>();
        for (ulong at = 200; at < 216; at++) _source.Put(new Rows(at).Update(1, "b").Batch());
        AwaitAssert(() => Load().Rows.ShouldBe(17), Soon);

        var changes = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            _writers.Reply(new Committed(drain.DrainId) { Operations = 1 });
            _parent.ExpectMsg<ReachedCut>();
            drain = _writers.ExpectMsg<DrainStarted>();
            changes.Add(drain.Changes);
        }
        changes.ShouldBe([2, 4, 8, 2]);
    }

    [Fact]
    public void The_load_tells_the_age_of_the_oldest_change_in_flight()
    {
        Start();
        Load().OldestCommit.ShouldBe(0);
        _source.Put(new Rows(100).Insert(1, "a").Batch(at: 1_000));
        var drain = _writers.ExpectMsg<DrainStarted>();
        _source.Put(new Rows(200).Insert(2, "a").Batch(at: 2_000));
        AwaitAssert(() => Load().ShouldBe(Load() with { Rows = 2, OldestCommit = 1_000 }), Soon);

        _writers.Reply(new Committed(drain.DrainId));

        _writers.ExpectMsg<DrainStarted>();
        Load().OldestCommit.ShouldBe(2_000);
    }

    [Fact]
    public void A_change_of_columns_waits_until_what_was_written_under_the_old_ones_is_applied()
    {
        Start(new LimitSettings { Buckets = 4, MaxTransactionRows = 1 });
        _source.Put(new Rows(100).Insert(1, "a").Batch());
        var first = _writers.ExpectMsg<DrainStarted>();
        _source.Put(new Rows(200).Insert(2, "b").Batch());
        _source.Put(new Rows(300).Insert(3, "c").Batch());
        _source.Put(new Rows(400).Change().Insert(4, "d").Batch());
        AwaitCondition(() => _source.Given == 4, Soon);

        _writers.Reply(new Committed(first.DrainId));
        for (var i = 0; i < 2; i++)
        {
            var drain = _writers.ExpectMsg<DrainStarted>();
            drain.SchemaChanges.ShouldBeEmpty();
            _writers.Reply(new Committed(drain.DrainId));
        }

        _writers.ExpectMsg<DrainStarted>().SchemaChanges.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_change_of_columns_that_waits_is_not_written_when_what_is_before_it_was_dropped_by_a_stop()
    {
        var actor = Start(new LimitSettings { Buckets = 4, MaxTransactionRows = 1 });
        _source.Put(new Rows(100).Insert(1, "a").Batch());
        var first = _writers.ExpectMsg<DrainStarted>();
        _source.Put(new Rows(200).Insert(2, "b").Batch());
        _source.Put(new Rows(300).Insert(3, "c").Batch());
        _source.Put(new Rows(400).Change().Insert(4, "d").Batch());
        AwaitCondition(() => _source.Given == 4, Soon);
        AwaitAssert(() => Load().Rows.ShouldBeGreaterThanOrEqualTo(4), Soon);

        actor.Tell(Finish.Instance);
        for (var drain = first; ; drain = _writers.ExpectMsg<DrainStarted>())
        {
            drain.SchemaChanges.ShouldBeEmpty();
            _writers.Reply(new Committed(drain.DrainId));
            _parent.ExpectMsg<ReachedCut>();
            AwaitCondition(() => _parent.HasMessages || _writers.HasMessages, Soon);
            if (_parent.HasMessages) break;
        }

        _parent.ExpectMsg<Finished>();
    }

    private IActorRef _actor = ActorRefs.Nobody;

    private IActorRef Start(LimitSettings? limits = null) =>
        _actor = ActorBelow(_parent, SourceActor.Props(_source, Settings.Of(limits: limits), TargetState.Empty with { Generation = 1 }, _entities.Ref, _writers.Ref));

    private SourceLoad Load() => _actor.Ask<SourceLoad>(GetLoad.Instance, Soon).GetAwaiter().GetResult();
}
