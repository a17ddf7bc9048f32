using Akka.Actor;
using PolyglotSync.Actors.Writers;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.Writers;

/// <summary>One write at a time: what it is answered with, and when it is looked for instead.</summary>
public sealed class WriterActorSpecs(ITestOutputHelper output) : ActorSpecs(output)
{
    private static readonly SourcePartition Partition = new("app.users", 0);

    private readonly FakeTarget _target = new() { State = TargetState.Empty with { Generation = 1 } };

    [Fact]
    public void A_write_is_applied_and_answered_with_what_it_came_to()
    {
        Writer().Tell(new Write(At(100), OutcomeUnknown: false), TestActor);
        ExpectMsg<Written>();
        _target.State.Position.ShouldBe(Position.EndOf(new Lsn(100)));
    }

    [Theory]
    [InlineData(FailureClass.Transient), InlineData(FailureClass.Poison), InlineData(FailureClass.Fatal), InlineData(FailureClass.Fenced)]
    public void A_failure_is_answered_with_the_very_set_and_the_writer_takes_the_next(FailureClass failure)
    {
        _target.Before = _ => throw new PipelineFailure(failure, "no");
        var writer = Writer();
        var set = At(100);
        writer.Tell(new Write(set, OutcomeUnknown: false), TestActor);
        var failed = ExpectMsg<WriteFailed>();
        (failed.Failure.Class, ReferenceEquals(failed.Set, set)).ShouldBe((failure, true));

        _target.Before = _ => Task.CompletedTask;
        writer.Tell(new Write(set, OutcomeUnknown: false), TestActor);
        ExpectMsg<Written>();
    }

    [Fact]
    public void What_nobody_expected_is_answered_as_such()
    {
        _target.Before = _ => throw new NullReferenceException("a bug");
        Writer().Tell(new Write(At(100), OutcomeUnknown: false), TestActor);
        ExpectMsg<Status.Failure>().Cause.Message.ShouldContain("a bug");
    }

    [Fact]
    public void One_whose_outcome_is_unknown_and_that_is_there_is_not_applied_twice()
    {
        _target.State = _target.State with { Position = Position.EndOf(new Lsn(100)), Watermark = new Lsn(108), Intent = Position.EndOf(new Lsn(100)) };
        Writer().Tell(new Write(At(100), OutcomeUnknown: true), TestActor);
        ExpectMsg<Written>();
        _target.Tried.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(99, 108, 1), InlineData(100, 107, 1), InlineData(100, 108, 2)]
    public void One_whose_outcome_is_unknown_is_applied_where_the_target_says_less_or_another_says_it(int position, int watermark, long generation)
    {
        _target.State = TargetState.Empty with { Position = Position.EndOf(new Lsn((ulong)position)), Watermark = new Lsn((ulong)watermark), Intent = Position.EndOf(new Lsn(100)), Generation = generation };
        Writer().Tell(new Write(At(100), OutcomeUnknown: true), TestActor);
        if (generation == 1) ExpectMsg<Written>();
        else ExpectMsg<WriteFailed>().Failure.Class.ShouldBe(FailureClass.Fenced);
        _target.Tried.Count.ShouldBe(1);
    }

    [Fact]
    public void One_that_records_no_position_is_applied_again_as_it_may_be()
    {
        Writer().Tell(new Write(new WriteSet { Operations = [], Generation = 1 }, OutcomeUnknown: true), TestActor);
        ExpectMsg<Written>();
        _target.Applied.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(7, 3, 0), InlineData(5, 3, 1)]
    public void One_of_partitions_is_looked_for_in_them(long offset, long generation, int applied)
    {
        _target.Partitions[Partition] = new PartitionState(Partition, offset, generation);
        Writer().Tell(new Write(new WriteSet { Operations = [], Generation = 1, Partitions = [new PartitionMove(Partition, 5, 7, 3)] }, OutcomeUnknown: true), TestActor);
        ExpectMsg<Written>();
        _target.Applied.Count.ShouldBe(applied);
        _target.Partitions[Partition].Offset.ShouldBe(7);
    }

    [Fact]
    public void Where_the_target_is_away_when_it_is_looked_for_it_is_asked_for_again()
    {
        _target.Reading = () => throw new PipelineFailure(FailureClass.Transient, "away");
        Writer().Tell(new Write(At(100), OutcomeUnknown: true), TestActor);
        ExpectMsg<WriteFailed>().Failure.Class.ShouldBe(FailureClass.Transient);
        _target.Tried.ShouldBeEmpty();
    }

    [Fact]
    public void Ending_it_gives_up_its_transaction()
    {
        var (began, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        _target.Before = _ =>
        {
            began.SetResult();
            return release.Task.WaitAsync(_target.LastStop);
        };
        var writer = Watch(Writer());
        writer.Tell(new Write(At(100), OutcomeUnknown: false), TestActor);
        AwaitCondition(() => began.Task.IsCompleted, Soon);

        Sys.Stop(writer);

        FishForMessage(message => message is WriteFailed { Failure: { Class: FailureClass.Transient, Message: "the writer was stopped" } });
        _target.Applied.ShouldBeEmpty();
    }

    private IActorRef Writer() => Sys.ActorOf(WriterActor.Props("shop", _target));

    private static WriteSet At(ulong position) => new()
    {
        Operations = [], Generation = 1,
        State = TargetState.Empty with { Position = Position.EndOf(new Lsn(position)), Watermark = new Lsn(position + 8), Intent = Position.EndOf(new Lsn(position)), Generation = 1 },
    };
}
