using FsCheck;
using FsCheck.Fluent;
using PolyglotSync.Actors.Incidents;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;

namespace PolyglotSync.Actors.Tests.Incidents;

public sealed class IncidentLogSpecs
{
    private static readonly DateTimeOffset Start = new(2026, 11, 30, 7, 0, 0, TimeSpan.Zero);

    private static DateTimeOffset At(double seconds) => Start.AddSeconds(seconds);

    private static Troubled Away(double at) => new("target", "target: connection refused", At(at));

    /// <summary>Tells the events to an empty log.</summary>
    /// <returns>The log after them, and what a store would hold: the last state of each incident.</returns>
    private static (IncidentLog Log, IReadOnlyList<Incident> Stored) Told(params IReadOnlyList<IncidentEvent> events)
    {
        var log = new IncidentLog("shop", PipelineRole.Graph, "run 1");
        var stored = new SortedDictionary<DateTimeOffset, Incident>();
        foreach (var happened in events)
        {
            (log, var changed) = log.After(happened);
            foreach (var incident in changed) stored[incident.Began] = incident;
        }
        return (log, [.. stored.Values]);
    }

    [Fact]
    public void An_outage_lasts_from_the_first_failure_until_nothing_ails()
    {
        var (log, stored) = Told(Away(1), Away(2), Away(4) with { OpensCircuit = true }, new Recovered(At(9)));

        var incident = stored.ShouldHaveSingleItem();
        (incident.Kind, incident.Part, incident.Reason, incident.LastReason).ShouldBe((IncidentKind.Outage, "target", "target: connection refused", null));
        (incident.Began, incident.Ended, incident.Outcome).ShouldBe((At(1), At(9), "it went away"));
        (incident.Retries, incident.CircuitOpenings, incident.Restarts).ShouldBe((3, 1, 0));
        log.Open.ShouldBeNull();
    }

    [Fact]
    public void While_it_lasts_it_is_open_and_says_what_was_said_first_and_last()
    {
        var (log, stored) = Told(Away(1), new Troubled("source", "source: timeout", At(2)));
        log.Open.ShouldNotBeNull().ShouldBe(stored.ShouldHaveSingleItem());
        (log.Open.Ended, log.Open.Reason, log.Open.LastReason).ShouldBe((null, "target: connection refused", "source: timeout"));
    }

    [Fact]
    public void What_flaps_is_one_incident()
    {
        var (_, stored) = Told(Away(1), new Recovered(At(2)), Away(20), new Recovered(At(21)), Away(40), new Recovered(At(45)));
        var incident = stored.ShouldHaveSingleItem();
        (incident.Began, incident.Ended, incident.Retries, incident.Relapses).ShouldBe((At(1), At(45), 3, 2));
    }

    [Fact]
    public void Trouble_of_another_part_is_another_incident() =>
        Told(Away(1), new Recovered(At(2)), new Troubled("source", "source: timeout", At(3))).Stored.Select(i => i.Part).ShouldBe(["target", "source"]);

    [Fact]
    public void Trouble_after_a_while_is_another_incident() =>
        Told(Away(1), new Recovered(At(2)), Away(2 + IncidentLog.RelapseWithin.TotalSeconds)).Stored.Select(i => i.Began).ShouldBe([At(1), At(32)]);

    [Fact]
    public void A_crash_is_told_from_an_outage_and_counts_starts()
    {
        var (_, stored) = Told(new Troubled("pipeline", "an unexpected NullReferenceException", At(1)) { IsCrash = true, Restarts = true }, new Recovered(At(2)));
        (stored[0].Kind, stored[0].Restarts, stored[0].Retries, stored[0].Outcome).ShouldBe((IncidentKind.Crash, 1, 0, "it runs again"));
    }

    [Fact]
    public void A_failure_that_needs_a_person_ends_the_outage_before_it_and_lasts_until_it_runs_again()
    {
        var (_, stored) = Told(Away(1), new Stopped(FailureClass.Fatal, "pipeline", "the slot is gone", At(5)), new ResumedByPerson(At(60)), new RestartedByPerson(At(60)),
            new Recovered(At(61)));
        stored.Select(i => (i.Kind, i.Ended, i.Outcome)).ShouldBe(
        [
            (IncidentKind.Outage, At(5), "the pipeline stopped: a person is needed"),
            (IncidentKind.Failed, At(61), "started again, and it runs"),
        ]);
        (stored[1].Began, stored[1].Reason, stored[1].Restarts).ShouldBe((At(5), "the slot is gone", 2));
    }

    [Fact]
    public void One_that_fails_again_after_a_resume_has_two_incidents()
    {
        var (log, stored) = Told(new Stopped(FailureClass.Fatal, "pipeline", "the slot is gone", At(5)), new ResumedByPerson(At(60)), new Stopped(FailureClass.Fatal, "pipeline", "still gone", At(61)));
        stored.Select(i => (i.Began, i.Ended)).ShouldBe([(At(5), At(61)), (At(61), null)]);
        log.Open!.Reason.ShouldBe("still gone");
    }

    [Fact]
    public void A_pause_ends_what_lasted_and_lasts_until_the_resume_whatever_fails_meanwhile()
    {
        var (_, stored) = Told(Away(1), new PausedByPerson("new disks", At(3)), Away(4), new Recovered(At(5)), new NodeStopped(At(6)), new ResumedByPerson(At(90)));
        stored.Select(i => (i.Kind, i.Reason, i.Began, i.Ended, i.Outcome)).ShouldBe(
        [
            (IncidentKind.Outage, "target: connection refused", At(1), At(3), "paused by a person"),
            (IncidentKind.Paused, "new disks", At(3), At(90), "resumed by a person"),
        ]);
        stored[1].Retries.ShouldBe(0);
    }

    [Fact]
    public void Refused_rows_are_counted_in_the_incident_that_lasts_or_in_one_of_their_own()
    {
        var (_, stored) = Told(new LettersOpened(0, At(0)), new LettersOpened(2, At(1)), new LettersOpened(3, At(20)), Away(100), new LettersOpened(4, At(101)), new Recovered(At(102)));
        stored.Select(i => (i.Kind, i.Began, i.Ended, i.Letters)).ShouldBe([(IncidentKind.Refused, At(1), At(20), 5), (IncidentKind.Outage, At(100), At(102), 4)]);
    }

    [Fact]
    public void One_that_was_overtaken_stands_by_and_one_that_is_fenced_needs_a_person()
    {
        var (log, stored) = Told(new Overtaken("the group gave it away", IsSharing: false, At(1)), new Overtaken("another node has taken it", IsSharing: false, At(2)), new Stopped(FailureClass.Fenced, "pipeline", "another node has taken it", At(100)));
        stored.Select(i => (i.Kind, i.Ended)).ShouldBe([(IncidentKind.Moved, At(1)), (IncidentKind.Fenced, null)]);
        log.Open.ShouldNotBeNull();
    }

    [Fact]
    public void A_group_that_shares_anew_is_one_incident_until_the_node_goes_on_with_what_it_is_dealt()
    {
        var (_, stored) = Told(new Overtaken("shared anew", IsSharing: true, At(1)), new Overtaken("shared anew", IsSharing: true, At(2)), new WentOn("it goes on here with 4 partitions", IsFromOther: false, At(5)), new Recovered(At(5)));
        stored.Select(i => (i.Kind, i.Reason, i.Began, i.Ended, i.Outcome)).ShouldBe([(IncidentKind.Moved, "shared anew", At(1), At(5), "it goes on here with 4 partitions")]);
    }

    [Fact]
    public void Who_stood_by_and_takes_the_work_over_tells_whose_it_was()
    {
        Told(new WentOn("it goes on here; node-1 had it before", IsFromOther: true, At(5))).Stored.ShouldHaveSingleItem().Outcome.ShouldBe("it goes on here; node-1 had it before");
        Told(new WentOn("it goes on here", IsFromOther: false, At(5))).Stored.ShouldBeEmpty();
    }

    [Fact]
    public void An_outage_while_the_work_moves_is_an_incident_of_its_own() =>
        Told(new Overtaken("shared anew", IsSharing: true, At(1)), Away(2), new Recovered(At(9))).Stored.Select(i => (i.Kind, i.Began, i.Ended)).ShouldBe([(IncidentKind.Moved, At(1), At(2)), (IncidentKind.Outage, At(2), At(9))]);

    [Fact]
    public void A_node_that_stops_ends_an_outage_and_leaves_a_failure_open()
    {
        Told(Away(1), new NodeStopped(At(2))).Stored[0].Outcome.ShouldBe("the node was stopped while it lasted");
        Told(new Stopped(FailureClass.Fatal, "pipeline", "the slot is gone", At(1)), new NodeStopped(At(2))).Log.Open.ShouldNotBeNull();
    }

    [Fact]
    public void What_the_journal_remembers_is_gone_on_with_under_the_moment_it_began()
    {
        var (log, stored) = Told(new Remembered(IncidentKind.Paused, "new disks", At(3).AddTicks(7)));
        stored.ShouldBeEmpty();
        log.Open!.Began.ShouldBe(At(3));
        Told(new Remembered(IncidentKind.Paused, "new disks", At(3)), new ResumedByPerson(At(90))).Stored.ShouldHaveSingleItem().Ended.ShouldBe(At(90));
    }

    [Fact]
    public void A_clock_that_is_set_back_ends_nothing_before_it_began() =>
        Told(Away(100), new Recovered(At(1))).Stored[0].Ended.ShouldBe(At(100));

    [Fact]
    public void A_long_reason_is_cut() => Told(new Troubled("source", new string('x', 5_000), At(1))).Stored[0].Reason.Length.ShouldBe(IncidentLog.MaxReason);

    [Fact]
    public void Whatever_happens_one_incident_lasts_at_a_time_and_each_keeps_its_moment()
    {
        var events = Gen.Choose(0, 12).Select(kind => (Func<DateTimeOffset, IncidentEvent>)(at => kind switch
        {
            0 => new Troubled("target", "away", at),
            1 => new Troubled("pipeline", "crash", at) { IsCrash = true, Restarts = true },
            2 or 3 => new Recovered(at),
            4 => new LettersOpened(1, at),
            5 => new Stopped(FailureClass.Fatal, "pipeline", "fatal", at),
            6 => new Overtaken("overtaken", IsSharing: false, at),
            7 => new PausedByPerson(null, at),
            8 => new ResumedByPerson(at),
            9 => new Overtaken("shared anew", IsSharing: true, at),
            10 => new WentOn("it goes on", IsFromOther: true, at),
            11 => new WentOn("it goes on", IsFromOther: false, at),
            _ => new NodeStopped(at),
        })).ListOf(30);
        Prop.ForAll(events.ToArbitrary(), told =>
        {
            // at one moment or at several
            var (log, stored) = Told([.. told.Select((make, i) => make(At(i / 2)))]);
            return stored.Count(i => i.Ended is null) <= 1 && stored.Where(i => i.Ended is null).All(i => i == log.Open) && stored.All(i => i.Ended is null || (i.Ended >= i.Began && i.Outcome is not null));
        }).QuickCheckThrowOnFailure();
    }
}
