using PolyglotSync.Actors.Source;
using PolyglotSync.Actors.Writers;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.Writers;

public sealed class DeadLetterSpecs(ITestOutputHelper output) : WriterSpecs(output)
{
    private readonly FakeTarget _target = new() { Before = set => Writes(set, "bad") ? throw Poison : Task.CompletedTask };

    [Fact]
    public void Refused_rows_go_to_the_dead_letters_and_the_rest_is_applied()
    {
        Start(_target);

        Commits(Next().Insert(1, "a").Insert(2, "bad").Insert(3, "c"));

        _target.Applied.ShouldHaveSingleItem().Operations.Select(KeyOf).ShouldBe(["1", "3"]);
        var letter = Letters.Open.ShouldHaveSingleItem();
        letter.Key.ShouldBe("""{"id":"2"}""");
        letter.Reason.ShouldBe("refused");
        Pipeline.ExpectMsg<DeadLettersAdded>().Count.ShouldBe(1);
    }

    [Fact]
    public void With_halt_a_refused_row_stops_the_pipeline()
    {
        Start(_target, onPoison: PoisonPolicy.Halt);

        Drain(Next().Insert(2, "bad"));

        Pipeline.ExpectMsg<PartFailed>().Failure.Class.ShouldBe(FailureClass.Poison);
        Letters.Open.ShouldBeEmpty();
    }

    [Fact]
    public void A_whole_update_after_a_dead_letter_brings_the_row_in_and_resolves_the_letter()
    {
        Start(_target);
        Commits(Next().Insert(2, "bad"));

        Commits(Next().Update(2, "good", "large"));

        _target.Applied.Last().Operations.ShouldHaveSingleItem().Kind.ShouldBe(RowOperationKind.Upsert);
        AwaitAssert(() => Letters.Open.ShouldBeEmpty(), Soon);
        Pipeline.FishForMessage<DeadLettersCounted>(_ => true).Count.ShouldBe(0);
        Commits(Next().Update(2, "better", "large"));
        _target.Applied.Last().Operations.ShouldHaveSingleItem().Kind.ShouldBe(RowOperationKind.Update);
    }

    [Fact]
    public void An_update_that_lacks_columns_after_a_dead_letter_is_a_dead_letter_too()
    {
        Start(_target);
        Commits(Next().Insert(2, "bad"));

        Commits(Next().Update(2, "good", Rows.Unsent).Insert(3, "c"));

        _target.Applied.Last().Operations.Select(KeyOf).ShouldBe(["3"]);
        var letter = Letters.All.ShouldHaveSingleItem();
        (letter.Count, letter.Letter.Reason).ShouldBe((2, "refused"));
    }

    [Fact]
    public void An_update_that_is_refused_again_leaves_the_letter_open_and_counts()
    {
        Start(_target);
        Commits(Next().Insert(2, "bad"));
        Pipeline.ExpectMsg<DeadLettersAdded>().Count.ShouldBe(1);

        Commits(Next().Update(2, "bad", "large"));

        Letters.All.ShouldHaveSingleItem().Count.ShouldBe(2);
        Letters.Resolved.ShouldBeEmpty();
        Pipeline.ExpectMsg<DeadLettersAdded>().Count.ShouldBe(0);
    }

    [Fact]
    public void A_row_that_is_read_again_for_a_retry_comes_in_and_resolves_its_letter()
    {
        Start(_target);
        Commits(Next().Insert(2, "bad"));

        Commits(Next().Again(2, "good", "large"));

        _target.Applied.Last().Operations.ShouldHaveSingleItem().Kind.ShouldBe(RowOperationKind.Upsert);
        AwaitAssert(() => Letters.Open.ShouldBeEmpty(), Soon);
    }

    [Fact]
    public void A_retry_that_is_refused_again_leaves_the_letter_open_with_the_new_reason()
    {
        var reason = "refused";
        var target = new FakeTarget { Before = set => Writes(set, "bad") ? throw new PipelineFailure(FailureClass.Poison, reason) : Task.CompletedTask };
        Start(target);
        Commits(Next().Insert(2, "bad"));
        Letters.RetryAsync(new DeadLetterFilter("shop"), CancellationToken.None);

        reason = "refused for another reason";
        Commits(Next().Again(2, "bad", "large"));

        var letter = Letters.All.ShouldHaveSingleItem();
        (letter.State, letter.Count, letter.Letter.Reason, letter.RetriedAt).ShouldBe((DeadLetterState.Open, 2, reason, null));
    }

    [Fact]
    public void A_retried_row_that_is_gone_is_deleted_and_its_letter_resolved()
    {
        Start(_target);
        Commits(Next().Insert(2, "bad"));

        Commits(Next().Gone(2));

        _target.Applied.Last().Operations.ShouldHaveSingleItem().Kind.ShouldBe(RowOperationKind.Delete);
        AwaitAssert(() => Letters.Open.ShouldBeEmpty(), Soon);
    }

    [Fact]
    public void A_row_whose_letter_was_discarded_comes_in_with_the_next_whole_change()
    {
        Start(_target);
        Commits(Next().Insert(2, "bad"));
        Letters.DiscardAsync(new DeadLetterFilter("shop"), CancellationToken.None);
        Start(_target);

        Commits(Next().Update(2, "good", "large"));

        _target.Applied.Last().Operations.ShouldHaveSingleItem().Kind.ShouldBe(RowOperationKind.Upsert);
        AwaitAssert(() => Letters.Resolved.ShouldHaveSingleItem(), Soon);
    }

    [Fact]
    public void A_refused_row_whose_letter_cannot_be_kept_for_the_moment_holds_the_write_back_until_it_is()
    {
        Start(_target);
        Letters.Failures.Enqueue(new PipelineFailure(FailureClass.Transient, "the source is away"));

        Drain(Next().Insert(1, "a").Insert(2, "bad"));
        Pipeline.FishForMessage<PartDegraded>(_ => true).Reason.ShouldBe("the source is away");
        SourceProbe.HasMessages.ShouldBeFalse();
        _target.Applied.ShouldBeEmpty();
        Scheduler.Advance(TimeSpan.FromMilliseconds(100));

        SourceProbe.ExpectMsg<Committed>(Soon);
        _target.Applied.ShouldHaveSingleItem().Operations.Select(KeyOf).ShouldBe(["1"]);
        Letters.Open.ShouldHaveSingleItem().Key.ShouldBe("""{"id":"2"}""");
    }

    [Fact]
    public void A_row_that_goes_takes_its_letter_along()
    {
        Start(_target);
        Commits(Next().Insert(2, "bad"));

        Commits(Next().Delete(2));

        AwaitAssert(() => Letters.Open.ShouldBeEmpty(), Soon);
    }

    [Fact]
    public void A_table_that_is_emptied_takes_its_letters_along()
    {
        Start(_target);
        Commits(Next().Insert(2, "bad").Insert(3, "bad"));

        Commits(Next().Truncate(), truncated: [Rows.Table.Table]);

        AwaitAssert(() => Letters.Open.ShouldBeEmpty(), Soon);
    }

    [Fact]
    public void Letters_of_an_earlier_run_are_remembered()
    {
        Start(_target);
        Commits(Next().Insert(2, "bad"));
        Start(_target);

        Commits(Next().Update(2, "good", "large"));

        _target.Applied.Last().Operations.ShouldHaveSingleItem().Kind.ShouldBe(RowOperationKind.Upsert);
        AwaitAssert(() => Letters.Open.ShouldBeEmpty(), Soon);
    }

    [Fact]
    public void A_refused_key_change_leaves_no_node_at_the_old_key()
    {
        Start(_target);
        Commits(Next().Insert(1, "a"));

        Commits(Next().Move(1, 2, "bad", "large"));

        var departure = _target.Applied.Last().Operations.ShouldHaveSingleItem();
        departure.Kind.ShouldBe(RowOperationKind.Delete);
        KeyOf(departure).ShouldBe("1");
        Letters.Open.ShouldHaveSingleItem().Key.ShouldBe("""{"id":"2"}""");
    }

    [Fact]
    public void A_dead_row_that_changes_its_key_is_followed_to_the_new_one()
    {
        Start(_target);
        Commits(Next().Insert(1, "bad"));

        Commits(Next().Move(1, 2, "good", Rows.Unsent));
        AwaitAssert(() => Letters.Open.ShouldHaveSingleItem().Key.ShouldBe("""{"id":"2"}"""), Soon);
        Commits(Next().Update(2, "better", "large"));

        _target.Applied.Last().Operations.ShouldHaveSingleItem().Kind.ShouldBe(RowOperationKind.Upsert);
        AwaitAssert(() => Letters.Open.ShouldBeEmpty(), Soon);
    }

    [Fact]
    public void Letters_that_cannot_be_kept_for_the_moment_hold_the_write_back_until_they_are()
    {
        Start(_target);
        Commits(Next().Insert(2, "bad"));
        Letters.Failures.Enqueue(new PipelineFailure(FailureClass.Transient, "the source is away"));

        Drain(Next().Update(2, "good", Rows.Unsent));
        Pipeline.FishForMessage<PartDegraded>(_ => true).Part.ShouldBe("dead letters");
        SourceProbe.HasMessages.ShouldBeFalse();
        Scheduler.Advance(TimeSpan.FromMilliseconds(100));

        SourceProbe.ExpectMsg<Committed>();
        Letters.All.ShouldHaveSingleItem().Count.ShouldBe(2);
    }

    [Fact]
    public void A_letter_that_could_not_be_marked_as_resolved_stays_open_where_its_row_is_refused_again_meanwhile()
    {
        Start(_target);
        Commits(Next().Insert(2, "bad"));
        Letters.Failures.Enqueue(new PipelineFailure(FailureClass.Transient, "the source is away"));
        Commits(Next().Update(2, "good", "large"));
        AwaitCondition(() => Letters.Failures.Count == 0, Soon);

        Commits(Next().Update(2, "bad", "large"));
        Commits(Next().Insert(3, "c"));

        Letters.Resolved.ShouldBeEmpty();
        Letters.All.ShouldHaveSingleItem().Count.ShouldBe(2);
    }

    [Fact]
    public void Letters_that_could_not_be_marked_as_resolved_are_with_the_next_commit()
    {
        Start(_target);
        Commits(Next().Insert(2, "bad"));
        Letters.Failures.Enqueue(new PipelineFailure(FailureClass.Transient, "the source is away"));
        Commits(Next().Update(2, "good", "large"));
        AwaitCondition(() => Letters.Failures.Count == 0, Soon);

        AwaitAssert(() =>
        {
            Commits(Next().Insert(Random.Shared.NextInt64(100, long.MaxValue), "c"));
            Letters.Open.ShouldBeEmpty();
        }, Soon);
    }
}
