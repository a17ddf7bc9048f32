using Akka.Actor;
using Akka.TestKit;
using PolyglotSync.Actors.Entities;
using PolyglotSync.Actors.Source;
using PolyglotSync.Actors.Writers;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.Source;

/// <summary>The life of the source actor's stream: how it ends, when it is opened again, and what a stop closes.</summary>
public sealed class SourceStreamSpecs : ActorSpecs
{
    private static readonly LimitSettings Limits = new() { Buckets = 4, RetryMinBackoffMs = 100, RetryMaxBackoffMs = 400 };
    private static readonly PipelineFailure Down = new(FailureClass.Transient, "down");

    private readonly FakeSource _source = new();
    private readonly TestProbe _parent;
    private readonly TestProbe _entities;
    private readonly TestProbe _writers;
    private readonly IActorRef _actor;

    public SourceStreamSpecs(ITestOutputHelper output)
        : base(output, VirtualTime)
    {
        (_parent, _entities, _writers) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        _actor = ActorBelow(_parent, SourceActor.Props(_source, Settings.Of(limits: Limits), TargetState.Empty with { Generation = 1, Watermark = new Lsn(42) }, _entities.Ref, _writers.Ref));
        AwaitCondition(() => _source.OpenStreams == 1, Soon);
    }

    [Fact]
    public void What_the_target_says_is_acknowledged_before_anything_is_read() => _source.Acknowledged.ShouldBe(new Lsn(42));

    [Fact]
    public void A_stream_that_ends_by_itself_is_opened_again_after_a_pause_and_the_writers_look_who_owns_the_pipeline()
    {
        _source.EndStream();
        _parent.ExpectMsg<PartDegraded>().ShouldBe(new PartDegraded("source", "the source's stream ended"));
        _writers.ExpectMsg<CheckOwner>();
        OpensAgain(50, 100);
    }

    [Fact]
    public void The_pause_is_short_again_once_something_was_read()
    {
        foreach (var (least, most) in new[] { (50, 100), (100, 200), (200, 400) })
        {
            Fails();
            OpensAgain(least, most);
        }
        _source.Put(new Rows(100).Insert(1, "a").Batch());
        _parent.ExpectMsg<PartDegraded>().ShouldBe(new PartDegraded("source", null));

        Fails();
        OpensAgain(50, 100);
    }

    [Theory]
    [InlineData(FailureClass.Fatal), InlineData(FailureClass.Fenced), InlineData(FailureClass.Poison)]
    public void What_no_second_try_would_mend_goes_up_and_the_stream_stays_closed(FailureClass failure)
    {
        _source.Fail(new PipelineFailure(failure, "no"));
        _parent.ExpectMsg<PartFailed>().Failure.Class.ShouldBe(failure);
        StaysClosed();
    }

    [Fact]
    public void A_bug_in_the_stream_ends_the_run()
    {
        _source.Fail(new NullReferenceException("a bug"));
        _parent.ExpectMsg<Crashed>().Exception.InnerException.ShouldBeOfType<NullReferenceException>();
    }

    [Fact]
    public void A_run_that_finishes_between_two_tries_tries_no_more()
    {
        Fails();
        _actor.Tell(Finish.Instance);
        _parent.ExpectMsg<Finished>();
        StaysClosed();
    }

    [Fact]
    public void A_run_with_nothing_in_flight_finishes_at_once_and_closes_its_stream()
    {
        _actor.Tell(Finish.Instance);
        _parent.ExpectMsg<Finished>();
        AwaitAssert(() => _source.OpenStreams.ShouldBe(0), Soon);
    }

    [Fact]
    public void A_stream_that_breaks_while_the_run_finishes_is_no_trouble_any_more()
    {
        _source.Put(new Rows(100).Insert(1, "a").Batch());
        var drain = _writers.ExpectMsg<DrainStarted>();
        _actor.Tell(Finish.Instance);
        Load();
        _source.Fail(Down);

        _writers.Reply(new Committed(drain.DrainId));

        _parent.ExpectMsg<ReachedCut>();
        _parent.ExpectMsg<Finished>();
    }

    [Fact]
    public void What_was_committed_of_another_drain_is_not_taken_for_this_one()
    {
        _source.Put(new Rows(100).Insert(1, "a").Batch());
        var drain = _writers.ExpectMsg<DrainStarted>();
        _actor.Tell(new Committed(drain.DrainId + 7));
        Load();
        _source.Acknowledged.ShouldBe(new Lsn(42));
        _actor.Tell(new Committed(drain.DrainId));
        _parent.ExpectMsg<ReachedCut>();
        _actor.Tell(new Committed(drain.DrainId));
        Load();
        _parent.HasMessages.ShouldBeFalse("said twice it is committed once");
    }

    [Fact]
    public void What_was_read_goes_on_to_be_written_while_the_stream_is_away()
    {
        _source.Put(new Rows(100).Insert(1, "a").Batch());
        var drain = _writers.ExpectMsg<DrainStarted>();
        _source.Put(new Rows(200).Insert(2, "b").Batch());
        AwaitAssert(() => Load().Rows.ShouldBe(2), Soon);
        Fails();

        _actor.Tell(new Committed(drain.DrainId));

        _writers.FishForMessage<DrainStarted>(_ => true).Cut.Position.ShouldBe(Position.EndOf(new Lsn(200)));
        _source.Acknowledged.ShouldBe(new Lsn(108));
    }

    [Fact]
    public void Half_a_transaction_is_dropped_with_its_stream_and_read_again_from_the_cut_before_it()
    {
        _source.Put(new Rows(100).Insert(1, "a").Batch(whole: false));
        AwaitAssert(() => Load().Rows.ShouldBe(1), Soon);
        Fails();
        Load().Rows.ShouldBe(0);
        OpensAgain(50, 100);
        _source.Opened.ShouldBe([Position.Start, Position.Start]);
    }

    [Fact]
    public void A_watermark_without_rows_is_recorded_once_an_interval_not_with_each_cut()
    {
        Scheduler.Advance(TimeSpan.FromMilliseconds(Limits.WatermarkIntervalMs));
        Load();
        _source.Put(new Rows(500).Batch());
        var drain = _writers.ExpectMsg<DrainStarted>();
        _actor.Tell(new Committed(drain.DrainId));
        _parent.ExpectMsg<ReachedCut>();
        for (ulong at = 600; at < 605; at++) _source.Put(new Rows(at).Batch());
        for (var i = 0; i < 5; i++) _parent.ExpectMsg<ReachedCut>();

        _writers.HasMessages.ShouldBeFalse();
        _source.Acknowledged.ShouldBe(new Lsn(508));
    }

    [Fact]
    public void Ending_the_actor_closes_its_stream_and_no_timer_opens_it()
    {
        Sys.Stop(Child());
        AwaitAssert(() => _source.OpenStreams.ShouldBe(0), Soon);
        StaysClosed();
    }

    private IActorRef Child()
    {
        _entities.HasMessages.ShouldBeFalse();
        _source.Put(new Rows(1).Insert(1, "a").Batch());
        _entities.ExpectMsg<EntityEnvelope>();
        return _entities.LastSender;
    }

    private void Fails()
    {
        _source.Fail(Down);
        _parent.ExpectMsg<PartDegraded>().Reason.ShouldBe("down");
    }

    private void OpensAgain(int least, int most)
    {
        var opened = _source.Opened.Count;
        Scheduler.Advance(TimeSpan.FromMilliseconds(least - 1));
        Load();
        _source.Opened.Count.ShouldBe(opened, $"before {least} ms");
        Scheduler.Advance(TimeSpan.FromMilliseconds(most - least + 1));
        AwaitAssert(() => (_source.Opened.Count, _source.OpenStreams).ShouldBe((opened + 1, 1)), Soon);
    }

    private void StaysClosed()
    {
        var opened = _source.Opened.Count;
        Scheduler.Advance(TimeSpan.FromMinutes(5));
        AwaitAssert(() => _source.OpenStreams.ShouldBe(0), Soon);
        _source.Opened.Count.ShouldBe(opened);
    }

    private SourceLoad Load() => _actor.Ask<SourceLoad>(GetLoad.Instance, Soon).GetAwaiter().GetResult();
}
