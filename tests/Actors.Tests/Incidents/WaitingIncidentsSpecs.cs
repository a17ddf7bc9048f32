using PolyglotSync.Actors.Incidents;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;

namespace PolyglotSync.Actors.Tests.Incidents;

public sealed class WaitingIncidentsSpecs
{
    private static Incident At(int second, int retries = 0) =>
        new("shop", PipelineRole.Graph, IncidentKind.Outage, "target", "away", DateTimeOffset.UnixEpoch.AddSeconds(second)) { Retries = retries };

    [Fact]
    public void Only_the_newest_state_of_an_incident_waits()
    {
        var waiting = new WaitingIncidents(10);
        waiting.Add(At(2));
        waiting.Add(At(1));
        waiting.Add(At(1, retries: 7));
        waiting.Take().ShouldBe([At(1, retries: 7), At(2)]);
        waiting.Count.ShouldBe(0);
    }

    [Fact]
    public void What_could_not_be_stored_does_not_take_the_place_of_a_newer_state()
    {
        var waiting = new WaitingIncidents(10);
        waiting.Add(At(1));
        var taken = waiting.Take();
        waiting.Add(At(1, retries: 3));
        waiting.PutBack(taken);
        waiting.Take().ShouldBe([At(1, retries: 3)]);
    }

    [Fact]
    public void Where_too_many_wait_the_oldest_go_and_it_is_known_how_many()
    {
        var waiting = new WaitingIncidents(2);
        for (var i = 1; i <= 5; i++) waiting.Add(At(i));
        waiting.Take().ShouldBe([At(4), At(5)]);
        (waiting.TakeDropped(), waiting.TakeDropped()).ShouldBe((3, 0));
    }
}
