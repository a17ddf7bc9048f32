using PolyglotSync.Actors.Entities;
using PolyglotSync.Actors.Source;
using PolyglotSync.Actors.Writers;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.Writers;

public sealed class WriterSupervisorSpecs(ITestOutputHelper output) : WriterSpecs(output)
{
    [Fact]
    public void A_drain_is_one_transaction_with_its_position()
    {
        var target = new FakeTarget();
        Start(target);

        Commits(Next().Insert(1, "a").Insert(2, "b"));

        var set = target.Applied.ShouldHaveSingleItem();
        set.Operations.Count.ShouldBe(2);
        set.State!.Position.ShouldBe(Position.EndOf(new Lsn(200)));
        set.State.Watermark.ShouldBe(new Lsn(208));
        set.Generation.ShouldBe(1);
    }

    [Fact]
    public void A_drain_is_written_once_all_its_buckets_have_handed_over()
    {
        var target = new FakeTarget();
        Start(target);
        SourceProbe.Send(Writers, new DrainStarted(1, 2, new Cut(Position.EndOf(new Lsn(5)), new Lsn(6)), CopyState.Empty, [], [], 0, 0, SourceProbe.Ref));
        SourceProbe.Send(Writers, new Drained(0, 1, new OperationBuffer()));
        SourceProbe.Send(Writers, new Drained(3, 99, new OperationBuffer()));
        SourceProbe.HasMessages.ShouldBeFalse();

        SourceProbe.Send(Writers, new Drained(1, 1, new OperationBuffer()));

        SourceProbe.ExpectMsg<Committed>().DrainId.ShouldBe(1);
    }

    [Fact]
    public void Buckets_that_never_hand_over_end_the_run()
    {
        Start(new FakeTarget());
        SourceProbe.Send(Writers, new DrainStarted(1, 2, new Cut(Position.EndOf(new Lsn(5)), new Lsn(6)), CopyState.Empty, [], [], 0, 0, SourceProbe.Ref));
        SourceProbe.Send(Writers, new Drained(0, 1, new OperationBuffer()));

        AwaitAssert(() =>
        {
            Scheduler.Advance(TimeSpan.FromSeconds(61));
            Pipeline.HasMessages.ShouldBeTrue();
        }, Soon);
        Pipeline.ExpectMsg<Crashed>().Exception.ShouldBeOfType<TimeoutException>();
    }

    [Fact]
    public void A_watermark_that_was_not_recorded_is_not_taken_for_recorded()
    {
        var fails = false;
        var target = new FakeTarget { Before = _ => fails ? throw Transient : Task.CompletedTask };
        Start(target);
        Commits(Next().Insert(1, "a"));
        fails = true;
        // the source is idle: its position stands, its watermark moves
        var cut = new Cut(Position.EndOf(new Lsn(200)), new Lsn(900));
        SourceProbe.Send(Writers, new DrainStarted(7, 0, cut, CopyState.Empty, [], [], 0, 0, SourceProbe.Ref));
        Pipeline.ExpectMsg<PartDegraded>();
        fails = false;
        Scheduler.Advance(TimeSpan.FromSeconds(1));

        SourceProbe.ExpectMsg<Committed>(Soon);
        target.State.Watermark.ShouldBe(new Lsn(900));
    }

    [Fact]
    public void Where_a_killed_run_was_going_is_kept_until_this_one_has_passed_it()
    {
        var going = Position.EndOf(new Lsn(250));
        var target = new FakeTarget { State = TargetState.Empty with { Intent = going } };
        Start(target);
        Commits(Next().Insert(1, "a"));
        target.State.Intent.ShouldBe(going);
        Commits(Next().Insert(2, "b"));
        target.State.Intent.ShouldBe(Position.EndOf(new Lsn(300)));
    }

    [Fact]
    public void A_run_that_another_has_replaced_is_fenced_when_its_owner_is_looked_for()
    {
        var target = new FakeTarget();
        Start(target);
        SourceProbe.Send(Writers, CheckOwner.Instance);
        Commits(Next().Insert(1, "a"));
        Pipeline.HasMessages.ShouldBeFalse();
        target.State = target.State with { Generation = 2 };
        SourceProbe.Send(Writers, CheckOwner.Instance);

        Pipeline.ExpectMsg<PartFailed>(Soon).Failure.Class.ShouldBe(FailureClass.Fenced);
    }

    [Fact]
    public void A_write_whose_outcome_is_unknown_is_looked_for_before_it_is_tried_again()
    {
        var target = new FakeTarget();
        target.After = _ =>
        {
            target.After = _ => { };
            throw Transient;
        };
        Start(target);

        var id = Drain(Next().Insert(1, "a"));
        Pipeline.ExpectMsg<PartDegraded>();
        Scheduler.Advance(TimeSpan.FromMilliseconds(100));

        SourceProbe.ExpectMsg<Committed>().DrainId.ShouldBe(id);
        target.Applied.Count.ShouldBe(1);
    }

    [Fact]
    public void A_failure_that_needs_a_person_goes_up_and_nothing_is_committed()
    {
        Start(new FakeTarget { Before = _ => throw new PipelineFailure(FailureClass.Fatal, "no such database") });

        Drain(Next().Insert(1, "a"));

        Pipeline.ExpectMsg<PartFailed>().Failure.Message.ShouldBe("no such database");
        SourceProbe.HasMessages.ShouldBeFalse();
    }

    [Fact]
    public void A_newer_owner_fences_these_writers_off()
    {
        var target = new FakeTarget();
        Start(target);
        target.State = target.State with { Generation = 2 };

        Drain(Next().Insert(1, "a"));

        Pipeline.ExpectMsg<PartFailed>().Failure.Class.ShouldBe(FailureClass.Fenced);
    }

    [Fact]
    public void A_bug_while_writing_ends_the_run_instead_of_hanging_it()
    {
        Start(new FakeTarget { Before = _ => throw new NullReferenceException("a bug") });

        Drain(Next().Insert(1, "a"));

        Pipeline.ExpectMsg<Crashed>().Exception.Message.ShouldContain("a bug");
    }

    [Fact]
    public void A_large_drain_is_written_in_rounds_after_its_intent_by_as_many_writers_as_there_are()
    {
        var allIn = new TaskCompletionSource();
        var open = 0;
        var target = new FakeTarget
        {
            Before = set =>
            {
                if (set.Steps != WriteSteps.Nodes) return Task.CompletedTask;
                if (Interlocked.Increment(ref open) == 2) allIn.SetResult();
                return allIn.Task;
            },
            Parts = set => [[.. Enumerable.Range(0, 5).Select(i => Part(set, i, WriteSteps.Nodes))], [Whole(set)]],
        };
        Start(target, new LimitSettings { Buckets = 4, Writers = 2, BatchRows = 2 }, Consistency.Parallel);

        Commits(Next().Insert(1, "a").Insert(2, "b").Insert(3, "c").Insert(4, "d").Insert(5, "e"));

        var applied = target.Applied.ToArray();
        applied[0].Operations.ShouldBeEmpty();
        applied[0].State!.Intent.ShouldBe(Position.EndOf(new Lsn(200)));
        applied[0].State!.Position.ShouldBe(Position.Start);
        applied[1..6].ShouldAllBe(set => set.State == null && set.Operations.Count == 1);
        applied[6].State!.Position.ShouldBe(Position.EndOf(new Lsn(200)));
        target.MostOpen.ShouldBe(2);
    }

    [Fact]
    public void A_part_that_failed_is_sent_again_as_the_very_part_it_was()
    {
        var failures = 1;
        var target = new FakeTarget
        {
            Before = set => set.Steps == WriteSteps.Nodes && KeyOf(set.Operations[0]) == "2" && failures-- > 0 ? throw Transient : Task.CompletedTask,
            Parts = set => [[Part(set, 0, WriteSteps.Nodes), Part(set, 1, WriteSteps.Nodes)], [Whole(set)]],
        };
        Start(target, new LimitSettings { Buckets = 4, Writers = 2, BatchRows = 1 }, Consistency.Parallel);

        Drain(Next().Insert(1, "a").Insert(2, "b"));
        Pipeline.ExpectMsg<PartDegraded>().Reason.ShouldNotBeNull();
        Scheduler.Advance(TimeSpan.FromMilliseconds(100));

        SourceProbe.ExpectMsg<Committed>();
        var tries = target.Tried.Where(set => set.Steps == WriteSteps.Nodes && KeyOf(set.Operations[0]) == "2").ToList();
        tries.Count.ShouldBe(2);
        tries[1].ShouldBeSameAs(tries[0]);
        target.Tried.Last().Steps.ShouldBe(WriteSteps.Relationships, "the next round waits for the part");
        target.Applied.Last().State!.Position.ShouldNotBe(Position.Start);
    }

    [Fact]
    public void A_target_without_transactions_has_one_writer()
    {
        var target = new FakeTarget { IsAtomic = false, Parts = _ => throw new InvalidOperationException("not to be parted") };
        Start(target, new LimitSettings { Buckets = 4, Writers = 4, BatchRows = 1 }, Consistency.Parallel);

        Commits(Next().Insert(1, "a").Insert(2, "b"));

        target.Applied.ShouldHaveSingleItem();
    }

    private static WriteSet Part(WriteSet set, int operation, WriteSteps steps) =>
        new() { Operations = [set.Operations[operation]], Steps = steps, Generation = set.Generation };

    private static WriteSet Whole(WriteSet set) =>
        new() { Operations = [], Steps = WriteSteps.Relationships, Generation = set.Generation, State = set.State };
}
