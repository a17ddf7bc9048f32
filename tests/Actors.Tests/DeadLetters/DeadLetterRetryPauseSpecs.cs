using Akka.Actor;
using Akka.Event;
using Akka.TestKit;
using PolyglotSync.Actors.DeadLetters;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.DeadLetters;

/// <summary>When rows of dead letters are asked for again, and when no more.</summary>
public sealed class DeadLetterRetryPauseSpecs : ActorSpecs
{
    private static readonly DeadKey Row = new(Rows.Table.Table, """{"id":"2"}""");

    private readonly FakeDeadLetters _letters = new();
    private readonly FakeSource _source = new();
    private readonly TestProbe _log;
    private int _heard;

    public DeadLetterRetryPauseSpecs(ITestOutputHelper output)
        : base(output, VirtualTime)
    {
        _log = CreateTestProbe();
        Sys.EventStream.Subscribe(_log.Ref, typeof(Info));
    }

    [Fact]
    public void The_pauses_double_with_jitter_from_five_seconds_to_five_minutes()
    {
        Retried();
        var actor = Start();
        var asked = 1;
        AwaitAssert(() => _source.Refreshed.Count.ShouldBe(asked), Soon);
        foreach (var (least, most) in new[] { (2.5, 5.0), (5, 10), (10, 20), (20, 40), (40, 80), (80, 160), (150, 300), (150, 300) }) AsksAgain(actor, ref asked, least, most);
    }

    [Fact]
    public void A_person_who_asks_is_served_at_once_and_the_pauses_are_short_again()
    {
        Retried();
        var actor = Start();
        var asked = 1;
        AwaitAssert(() => _source.Refreshed.Count.ShouldBe(asked), Soon);
        foreach (var (least, most) in new[] { (2.5, 5.0), (5, 10), (10, 20) }) AsksAgain(actor, ref asked, least, most);

        actor.Tell(LookForRetries.Instance);
        asked++;
        AwaitAssert(() => _source.Refreshed.Count.ShouldBe(asked), Soon);

        AsksAgain(actor, ref asked, 2.5, 5);
    }

    [Fact]
    public void Who_asks_while_it_is_being_asked_has_it_asked_once_more_afterwards()
    {
        Retried();
        var first = new TaskCompletionSource();
        _source.Refreshing = () => first.Task;
        var actor = Start();
        AwaitCondition(() => _source.Refreshed.Count == 1, Soon);
        for (var i = 0; i < 5; i++) actor.Tell(LookForRetries.Instance);
        _source.Refreshing = () => Task.CompletedTask;
        first.SetResult();

        AwaitAssert(() => _source.Refreshed.Count.ShouldBe(2), Soon);
    }

    [Fact]
    public void Where_no_letter_waits_nothing_is_asked_for_and_nothing_is_looked_for_again()
    {
        Start();
        AwaitCondition(() => _letters.Looked == 1, Soon);
        for (var minute = 0; minute < 20; minute++) Scheduler.Advance(TimeSpan.FromMinutes(1));
        (_letters.Looked, _source.Refreshed.Count).ShouldBe((1, 0));
    }

    [Fact]
    public void A_source_that_cannot_ask_is_tried_later_and_the_log_says_so()
    {
        Retried();
        _source.Refreshing = () => throw new PipelineFailure(FailureClass.Fatal, "reads topics that Debezium writes");
        EventFilter.Warning(contains: "dead letters cannot be retried at the moment: reads topics that Debezium writes").ExpectOne(Soon, () => Start());
        _source.Refreshing = () => Task.CompletedTask;
        AwaitAssert(() =>
        {
            Scheduler.Advance(TimeSpan.FromSeconds(5));
            _source.Refreshed.Count.ShouldBe(2);
        }, Soon);
    }

    [Fact]
    public void With_its_run_its_timer_ends()
    {
        Retried();
        var actor = Watch(Start());
        AwaitCondition(() => _source.Refreshed.Count == 1, Soon);
        AwaitCondition(() => _letters.Looked == 1, Soon);
        Sys.Stop(actor);
        ExpectTerminated(actor);
        Scheduler.Advance(TimeSpan.FromMinutes(10));
        _letters.Looked.ShouldBe(1);
    }

    private IActorRef Start() => Sys.ActorOf(DeadLetterActor.Props("shop", _source, _letters));

    private void Retried()
    {
        _letters.AddAsync([new Contracts.DeadLetter("shop", Row.Table, "insert", Row.Key, null, new Position(new Lsn(1), 0), "refused", null, DateTimeOffset.UnixEpoch)], CancellationToken.None);
        _letters.RetryAsync(new DeadLetterFilter("shop"), CancellationToken.None);
    }

    private void AsksAgain(IActorRef actor, ref int asked, double least, double most)
    {
        var before = asked++;
        RestsAfter(actor, before);
        Scheduler.Advance(TimeSpan.FromSeconds(least) - TimeSpan.FromMilliseconds(1));
        _source.Refreshed.Count.ShouldBe(before, $"before {least} s");
        Scheduler.Advance(TimeSpan.FromSeconds(most - least) + TimeSpan.FromMilliseconds(1));
        var expected = asked;
        AwaitAssert(() => _source.Refreshed.Count.ShouldBe(expected), Soon);
    }

    /// <summary>Its timer runs once it has heard of the answer, which it logs: until then time stands still.</summary>
    private void RestsAfter(IActorRef actor, int asked)
    {
        for (; _heard < asked; _heard++) _log.FishForMessage<Info>(info => info.Message.ToString()!.Contains("are read again", StringComparison.Ordinal));
        actor.Ask<ActorIdentity>(new Identify(0), Soon).GetAwaiter().GetResult();
    }
}
