using Akka.Actor;
using PolyglotSync.Actors.DeadLetters;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.DeadLetters;

public sealed class DeadLetterActorSpecs(ITestOutputHelper output) : ActorSpecs(output, VirtualTime)
{
    private static readonly DeadKey Row = new(Rows.Table.Table, """{"id":"2"}""");

    private readonly FakeDeadLetters _letters = new();
    private readonly FakeSource _source = new();

    private void Refused(ulong commit) => _letters.AddAsync(
        [new DeadLetter("shop", Row.Table, "insert", Row.Key, null, new Position(new Lsn(commit), 0), "refused", null, DateTimeOffset.UnixEpoch)], CancellationToken.None);

    [Fact]
    public void What_a_person_wants_retried_is_asked_of_the_source_at_once()
    {
        Refused(1);
        var actor = Sys.ActorOf(DeadLetterActor.Props("shop", _source, _letters));
        _letters.RetryAsync(new DeadLetterFilter("shop"), CancellationToken.None);

        actor.Tell(LookForRetries.Instance, ActorRefs.NoSender);

        AwaitAssert(() => _source.Refreshed.ShouldNotBeEmpty(), Soon);
        _source.Refreshed.ShouldAllBe(rows => rows.SequenceEqual(new[] { Row }));
    }

    [Fact]
    public void What_a_run_before_was_asked_for_is_asked_again_and_on_until_it_is_answered()
    {
        Refused(1);
        _letters.RetryAsync(new DeadLetterFilter("shop"), CancellationToken.None);
        Sys.ActorOf(DeadLetterActor.Props("shop", _source, _letters));
        AwaitAssert(() => _source.Refreshed.Count.ShouldBe(1), Soon);

        AwaitAssert(() =>
        {
            Scheduler.Advance(TimeSpan.FromSeconds(5));
            _source.Refreshed.Count.ShouldBe(2);
        }, Soon);
        Refused(2);
        for (var minute = 0; minute < 20; minute++) Scheduler.Advance(TimeSpan.FromMinutes(1));
        _source.Refreshed.Count.ShouldBeInRange(2, 3);
    }

    [Fact]
    public void A_store_or_a_source_that_is_away_is_asked_later()
    {
        Refused(1);
        _letters.RetryAsync(new DeadLetterFilter("shop"), CancellationToken.None);
        _letters.Failures.Enqueue(new PipelineFailure(FailureClass.Transient, "the source is away"));
        Sys.ActorOf(DeadLetterActor.Props("shop", _source, _letters));
        AwaitCondition(() => _letters.Failures.Count == 0, Soon);

        AwaitAssert(() =>
        {
            Scheduler.Advance(TimeSpan.FromSeconds(5));
            _source.Refreshed.ShouldNotBeEmpty();
        }, Soon);
    }
}
