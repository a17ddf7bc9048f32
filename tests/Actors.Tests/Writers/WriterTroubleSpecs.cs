using PolyglotSync.Actors.Source;
using PolyglotSync.Actors.Writers;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.Writers;

/// <summary>What the writers do when what is beside the graph fails: the store of dead letters, the look for the owner.</summary>
public sealed class WriterTroubleSpecs(ITestOutputHelper output) : WriterSpecs(output)
{
    private static readonly LimitSettings Limits = new() { Buckets = 4, RetryMinBackoffMs = 100, RetryMaxBackoffMs = 400 };
    private static readonly PipelineFailure StoreAway = new(FailureClass.Transient, "the store is away");

    [Fact]
    public void Letters_that_cannot_be_kept_are_tried_again_after_pauses_that_double_up_to_their_limit_and_then_are_short_again()
    {
        Start(new FakeTarget(), Limits);
        HoldsTheWriteBack(failures: 4, [(50, 100), (100, 200), (200, 400), (200, 400)]);
        HoldsTheWriteBack(failures: 1, [(50, 100)]);
    }

    [Fact]
    public void Letters_that_can_never_be_kept_need_a_person()
    {
        Letters.Failures.Enqueue(new PipelineFailure(FailureClass.Fatal, "permission denied for table dead_letters"));
        var target = new FakeTarget();
        Start(target, Limits);
        SendRefused();
        Pipeline.ExpectMsg<PartFailed>().Failure.Message.ShouldContain("permission denied");
        target.Applied.ShouldBeEmpty();
    }

    [Fact]
    public void A_bug_in_the_store_needs_a_person_and_says_where_it_was()
    {
        Letters.Failures.Enqueue(new InvalidCastException("a bug"));
        Start(new FakeTarget(), Limits);
        SendRefused();
        Pipeline.ExpectMsg<PartFailed>().Failure.ShouldSatisfyAllConditions(f => f.Class.ShouldBe(FailureClass.Fatal), f => f.Message.ShouldBe("keeping dead letters failed: a bug"));
    }

    [Fact]
    public void A_target_that_goes_away_while_the_guilty_are_looked_for_is_waited_for_as_ever()
    {
        var failures = new Queue<PipelineFailure>([Poison, new PipelineFailure(FailureClass.Transient, "the graph is away")]);
        var target = new FakeTarget { Before = _ => failures.TryDequeue(out var failure) ? throw failure : Task.CompletedTask };
        Start(target, Limits);
        Drain(Next().Insert(1, "a").Insert(2, "b"));
        Pipeline.ExpectMsg<PartDegraded>().Reason.ShouldBe("the graph is away");
        Scheduler.Advance(TimeSpan.FromMilliseconds(100));

        SourceProbe.ExpectMsg<Committed>();
        target.Applied.ShouldHaveSingleItem().Operations.Count.ShouldBe(2);
        Letters.Open.ShouldBeEmpty();
    }

    [Fact]
    public void A_set_that_is_refused_although_each_of_its_rows_is_taken_needs_a_person()
    {
        var target = new FakeTarget { Before = set => set.State is not null ? throw Poison : Task.CompletedTask };
        Start(target, Limits);
        Drain(Next().Insert(1, "a").Insert(2, "b"));
        Pipeline.ExpectMsg<PartFailed>().Failure.Message.ShouldContain("although each of its rows is accepted");
    }

    [Fact]
    public void A_target_that_does_not_tell_its_owner_is_asked_the_next_time()
    {
        var target = new FakeTarget();
        Start(target);
        var asked = 0;
        target.Reading = () =>
        {
            asked++;
            return asked == 1 ? throw Transient : Task.CompletedTask;
        };
        target.State = target.State with { Generation = 2 };
        SourceProbe.Send(Writers, CheckOwner.Instance);
        AwaitCondition(() => asked == 1, Soon);
        AwaitAssert(() =>
        {
            SourceProbe.Send(Writers, CheckOwner.Instance);
            Pipeline.HasMessages.ShouldBeTrue();
        }, Soon);
        Pipeline.ExpectMsg<PartFailed>().Failure.Class.ShouldBe(FailureClass.Fenced);
    }

    [Fact]
    public void While_the_owner_is_being_asked_for_nobody_asks_again()
    {
        var target = new FakeTarget();
        Start(target);
        var (asked, answer) = (0, new TaskCompletionSource());
        target.Reading = () =>
        {
            asked++;
            return answer.Task;
        };
        for (var i = 0; i < 5; i++) SourceProbe.Send(Writers, CheckOwner.Instance);
        // behind all of them
        Commits(Next().Insert(1, "a"));
        asked.ShouldBe(1);
        answer.SetResult();
        Pipeline.HasMessages.ShouldBeFalse();
    }

    private void HoldsTheWriteBack(int failures, (int Least, int Most)[] pauses)
    {
        for (var i = 0; i < failures; i++) Letters.Failures.Enqueue(StoreAway);
        SendRefused();
        var left = failures;
        foreach (var (least, most) in pauses)
        {
            Pipeline.ExpectMsg<PartDegraded>().ShouldBe(new PartDegraded("dead letters", "the store is away"));
            left--;
            Letters.Failures.Count.ShouldBe(left);
            Scheduler.Advance(TimeSpan.FromMilliseconds(least - 1));
            Pipeline.HasMessages.ShouldBeFalse($"before {least} ms");
            Scheduler.Advance(TimeSpan.FromMilliseconds(most - least + 1));
        }
        Pipeline.ExpectMsg<PartDegraded>().ShouldBe(new PartDegraded("dead letters", null));
        Pipeline.ExpectMsg<DeadLettersAdded>();
        SourceProbe.ExpectMsg<Committed>();
    }

    private long _refused;

    private void SendRefused()
    {
        var message = new RefusedMessage(Rows.Table.Table, $"{{\"id\":{++_refused}}}", "{nonsense", 9, "app.public.t", 2, 31, new Position(new Lsn(4), 0), "not JSON");
        SourceProbe.Send(Writers, new DrainStarted(_refused, 0, new Cut(Position.EndOf(new Lsn(5)), new Lsn(6)), CopyState.Empty, [], [], 0, 0, SourceProbe.Ref) { Refused = [message] });
    }
}
