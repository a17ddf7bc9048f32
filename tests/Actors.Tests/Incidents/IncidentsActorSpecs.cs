using System.Collections.Concurrent;
using Akka.Actor;
using PolyglotSync.Actors.Incidents;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.Incidents;

/// <summary>One recorder a pipeline and role: how they are made, restarted, and what keeps them from storing.</summary>
public sealed class IncidentsActorSpecs(ITestOutputHelper output) : ActorSpecs(output, VirtualTime)
{
    private static readonly PipelineSettings Shop = Settings.Of();

    private readonly ConcurrentQueue<FakeIncidents> _stores = new();
    private Func<FakeIncidents> _make = () => new FakeIncidents();

    private FakeIncidents Store => _stores.Last();

    private int Calls => _stores.LastOrDefault()?.Calls.Count ?? 0;

    [Fact]
    public void Each_pipeline_and_each_role_of_it_has_a_store_of_its_own()
    {
        var incidents = Incidents();
        incidents.Tell(Changed(Shop, 1));
        incidents.Tell(Changed(Settings.Of("social"), 2));
        incidents.Tell(new IncidentsChanged(Shop, PipelineRole.Capture, [At(3)]));
        incidents.Tell(Changed(Shop, 4));
        Stored(incidents);

        _stores.Select(store => string.Join(",", store.Stored.Select(i => i.Began.Second))).ShouldBe(["1,4", "2", "3"], ignoreOrder: true);
    }

    [Fact]
    public void One_that_was_given_another_database_stores_there_and_closes_the_old_one()
    {
        var incidents = Incidents();
        incidents.Tell(Changed(Shop, 1));
        Stored(incidents);
        incidents.Tell(Changed(Shop with { Source = new SourceSettings { ConnectionString = "Host=elsewhere" } }, 2));
        Stored(incidents);

        _stores.Select(store => store.Stored.Single().Began.Second).ShouldBe([1, 2]);
        AwaitAssert(() => _stores.Select(store => store.IsDisposed).ShouldBe([true, false]), Soon);
    }

    [Fact]
    public void A_bug_in_a_recorder_makes_it_anew_with_a_store_of_its_own()
    {
        var incidents = Incidents();
        incidents.Tell(Changed(Shop, 1));
        Stored(incidents);
        incidents.Tell(new IncidentsChanged(Shop, PipelineRole.Graph, null!));
        AwaitCondition(() => _stores.Count == 2, Soon);
        incidents.Tell(Changed(Shop, 2));
        Stored(incidents);

        _stores.Select(store => (store.IsDisposed, store.Stored.Single().Began.Second)).ShouldBe([(true, 1), (false, 2)]);
    }

    [Fact]
    public void A_store_that_cannot_be_made_is_tried_with_the_next_incident_and_not_for_ever()
    {
        var tried = 0;
        _make = () => ++tried <= 2 ? throw new PipelineFailure(FailureClass.Fatal, "the address cannot be read") : new FakeIncidents();
        var incidents = Incidents();
        EventFilter.Error(contains: "failed unexpectedly").ExpectOne(Soon, () => incidents.Tell(Changed(Shop, 1)));
        AwaitAssert(() => Should.Throw<ActorNotFoundException>(() => Recorder(incidents)), Soon);
        tried.ShouldBe(1);

        AwaitAssert(() =>
        {
            incidents.Tell(Changed(Shop, 3));
            tried.ShouldBe(3);
        }, Soon);
        AwaitAssert(() => Store.Stored.ShouldHaveSingleItem().Began.Second.ShouldBe(3), Soon);
    }

    [Fact]
    public void A_database_that_never_answers_is_given_up_after_its_time_and_what_was_to_be_stored_waits()
    {
        var hangs = true;
        FakeIncidents store = null!;
        store = new FakeIncidents { Before = () => hangs ? Task.Delay(Timeout.Infinite, store.LastStop) : Task.CompletedTask };
        _make = () => store;
        var incidents = Incidents();
        incidents.Tell(Changed(Shop, 1));
        AwaitCondition(() => store.Calls.Count == 1, Soon);
        Scheduler.Advance(TimeSpan.FromSeconds(19));
        store.LastStop.IsCancellationRequested.ShouldBeFalse();

        hangs = false;
        Scheduler.Advance(TimeSpan.FromSeconds(1));

        AwaitAssert(() =>
        {
            Scheduler.Advance(TimeSpan.FromSeconds(1));
            store.Stored.ShouldBe([At(1)]);
        }, Soon);
    }

    [Fact]
    public void A_node_that_stops_does_not_wait_for_a_database_longer_than_its_bound()
    {
        _make = () => new FakeIncidents { Before = () => Task.Delay(Timeout.Infinite) };
        var incidents = Incidents();
        incidents.Tell(Changed(Shop, 1));
        AwaitCondition(() => Calls == 1, Soon);

        incidents.Tell(StoreIncidents.Instance, TestActor);
        AwaitAssert(() =>
        {
            Scheduler.Advance(TimeSpan.FromSeconds(3));
            HasMessages.ShouldBeTrue();
        }, Soon);
        ExpectMsg<IncidentsStored>();
    }

    [Fact]
    public void A_node_without_incidents_has_stored_them_all() => Stored(Incidents());

    [Fact]
    public void That_a_database_is_away_is_said_once_and_that_it_is_back_too()
    {
        var isAway = true;
        _make = () => new FakeIncidents { Before = () => isAway ? throw new PipelineFailure(FailureClass.Transient, "connection refused") : Task.CompletedTask };
        var incidents = Incidents();
        EventFilter.Warning(contains: "cannot be stored: connection refused").ExpectOne(Soon, () =>
        {
            incidents.Tell(Changed(Shop, 1));
            AwaitAssert(() =>
            {
                Scheduler.Advance(TimeSpan.FromSeconds(10));
                Calls.ShouldBeGreaterThan(5);
            }, Soon);
        });
        EventFilter.Info(contains: "are stored again").ExpectOne(Soon, () =>
        {
            isAway = false;
            AwaitAssert(() =>
            {
                Scheduler.Advance(TimeSpan.FromSeconds(10));
                Store.Stored.ShouldNotBeEmpty();
            }, Soon);
        });
    }

    [Fact]
    public void The_pauses_while_it_is_away_double_with_jitter_from_one_second_to_ten()
    {
        _make = () => new FakeIncidents { Before = () => throw new PipelineFailure(FailureClass.Transient, "connection refused") };
        var incidents = Incidents();
        incidents.Tell(Changed(Shop, 1));
        foreach (var (calls, least, most) in new[] { (1, 0.5, 1.0), (2, 1, 2), (3, 2, 4), (4, 4, 8), (5, 5, 10), (6, 5, 10) })
        {
            AwaitAssert(() => Calls.ShouldBe(calls), Soon);
            // it has heard of the failure once it answers again
            AwaitAssert(() => Rests(incidents).ShouldBeTrue(), Soon);
            Scheduler.Advance(TimeSpan.FromSeconds(least) - TimeSpan.FromMilliseconds(1));
            Rests(incidents);
            Store.Calls.Count.ShouldBe(calls, $"before {least} s");
            Scheduler.Advance(TimeSpan.FromSeconds(most - least) + TimeSpan.FromMilliseconds(1));
        }
    }

    [Fact]
    public void Of_more_than_can_wait_the_oldest_are_lost_and_the_log_says_how_many()
    {
        var isAway = true;
        _make = () => new FakeIncidents { Before = () => isAway ? throw new PipelineFailure(FailureClass.Transient, "connection refused") : Task.CompletedTask };
        var incidents = Incidents();
        for (var i = 0; i < IncidentRecorder.MaxWaitingIncidents + 3; i++) incidents.Tell(Changed(Shop, i));
        AwaitCondition(() => Calls > 0, Soon);
        // all of them have been handed on, and heard
        Rests(incidents).ShouldBeTrue();
        EventFilter.Warning(start: "3 incidents of shop were never stored").ExpectOne(Soon, () =>
        {
            isAway = false;
            AwaitAssert(() =>
            {
                Scheduler.Advance(TimeSpan.FromSeconds(10));
                Store.Stored.Count.ShouldBe(IncidentRecorder.MaxWaitingIncidents);
            }, Soon);
        });
    }

    /// <summary>True where what was sent to the recorder before has been heard.</summary>
    private bool Rests(IActorRef incidents)
    {
        // whoever hands on has done so first
        incidents.Ask<ActorIdentity>(new Identify(0), Soon).GetAwaiter().GetResult();
        var recorder = Recorder(incidents);
        return recorder.Ask<ActorIdentity>(new Identify(0), Soon).GetAwaiter().GetResult().Subject.Equals(recorder);
    }

    private IActorRef Recorder(IActorRef incidents) => Sys.ActorSelection(incidents.Path / "shop-graph-1").ResolveOne(Soon).GetAwaiter().GetResult();

    private void Stored(IActorRef incidents)
    {
        incidents.Tell(StoreIncidents.Instance, TestActor);
        ExpectMsg<IncidentsStored>(Soon);
    }

    private IActorRef Incidents() => Sys.ActorOf(IncidentsActor.Props(_ => Make(), new SchedulerTime(Sys.Scheduler)), "incidents");

    private FakeIncidents Make()
    {
        var store = _make();
        _stores.Enqueue(store);
        return store;
    }

    private static IncidentsChanged Changed(PipelineSettings settings, int second) => new(settings, PipelineRole.Graph, [At(second)]);

    private static Incident At(int second) => new("shop", PipelineRole.Graph, IncidentKind.Outage, "target", "away", DateTimeOffset.UnixEpoch.AddSeconds(second));
}
