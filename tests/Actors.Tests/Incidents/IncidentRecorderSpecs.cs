using Akka.Actor;
using PolyglotSync.Actors.Incidents;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.Incidents;

public sealed class IncidentRecorderSpecs(ITestOutputHelper output) : ActorSpecs(output, VirtualTime)
{
    private readonly FakeIncidents _store = new();

    private static readonly PipelineSettings Shop = Settings.Of();

    private static Incident At(int second, int retries = 0) =>
        new("shop", PipelineRole.Graph, IncidentKind.Outage, "target", "away", DateTimeOffset.UnixEpoch.AddSeconds(second)) { Retries = retries };

    private static IncidentsChanged Changed(params Incident[] incidents) => new(Shop, PipelineRole.Graph, incidents);

    private IActorRef Incidents() => Sys.ActorOf(IncidentsActor.Props(_ => _store, new SchedulerTime(Sys.Scheduler)), "incidents");

    [Fact]
    public void What_is_published_is_stored()
    {
        var incidents = Incidents();
        // it hears what is published once it answers
        incidents.Tell(StoreIncidents.Instance, TestActor);
        ExpectMsg<IncidentsStored>();
        Sys.EventStream.Publish(Changed(At(1)));
        AwaitAssert(() => _store.Stored.ShouldBe([At(1)]), Soon);
    }

    [Fact]
    public void Between_two_writes_there_is_a_pause_and_only_the_newest_state_is_written_after_it()
    {
        var incidents = Incidents();
        incidents.Tell(Changed(At(1)));
        AwaitAssert(() => _store.Stored.Count.ShouldBe(1), Soon);
        for (var i = 1; i <= 100; i++) incidents.Tell(Changed(At(1, retries: i)));
        AwaitAssert(() =>
        {
            Scheduler.Advance(TimeSpan.FromSeconds(1));
            _store.Stored.ShouldBe([At(1, retries: 100)]);
        }, Soon);
        _store.Calls.Count.ShouldBeLessThanOrEqualTo(4);
    }

    [Fact]
    public void While_the_database_is_away_incidents_wait_and_are_stored_when_it_is_back()
    {
        var isAway = true;
        _store.Before = () => isAway ? throw new PipelineFailure(FailureClass.Transient, "connection refused") : Task.CompletedTask;
        var incidents = Incidents();
        incidents.Tell(Changed(At(1)));
        incidents.Tell(new WorkBegan(Shop, PipelineRole.Graph, "run 2", DateTimeOffset.UnixEpoch, false));
        AwaitAssert(() => _store.Calls.ShouldNotBeEmpty(), Soon);
        incidents.Tell(Changed(At(2), At(1, retries: 9)));
        AwaitAssert(() =>
        {
            Scheduler.Advance(TimeSpan.FromMinutes(1));
            _store.Calls.Count.ShouldBeGreaterThan(3);
        }, Soon);
        _store.Stored.ShouldBeEmpty();

        isAway = false;
        AwaitAssert(() =>
        {
            Scheduler.Advance(TimeSpan.FromMinutes(1));
            _store.Stored.ShouldBe([At(1, retries: 9), At(2)]);
            _store.Calls[^1].ShouldBe("close");
        }, Soon);
    }

    [Fact]
    public void A_node_that_stops_has_stored_what_waited_or_goes_after_two_tries()
    {
        var incidents = Incidents();
        incidents.Tell(Changed(At(1)));
        AwaitAssert(() => _store.Stored.Count.ShouldBe(1), Soon);
        incidents.Tell(Changed(At(2)));
        incidents.Tell(StoreIncidents.Instance, TestActor);
        ExpectMsg<IncidentsStored>();
        _store.Stored.Count.ShouldBe(2);

        _store.Before = () => throw new PipelineFailure(FailureClass.Transient, "connection refused");
        incidents.Tell(Changed(At(3)));
        incidents.Tell(StoreIncidents.Instance, TestActor);
        ExpectMsg<IncidentsStored>();
        _store.Stored.Count.ShouldBe(2);
        _store.Calls.TakeLast(2).ShouldBe(["save 1", "save 1"]);
    }
}
