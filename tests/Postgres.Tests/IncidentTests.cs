using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres.Tests;

[Collection(PostgresCollection.Name)]
[Trait("Category", "Integration")]
public sealed class IncidentTests(PostgresFixture postgres)
{
    private static readonly IncidentFilter All = new("p");

    private static DateTimeOffset At(double second) => DateTimeOffset.UnixEpoch.AddSeconds(second);

    private static Incident Begun(int second, IncidentKind kind = IncidentKind.Outage, string run = "run 1") =>
        new("p", PipelineRole.Graph, kind, "target", "it's away", At(second)) { Run = run, Retries = 1 };

    private static PostgresIncidentStore Store(Source source, string node = "here") => new(source.Pipeline, node);

    [SkippableFact]
    public async Task An_incident_is_kept_once_and_brought_up_to_date()
    {
        await using var source = await postgres.NewSourceAsync("SELECT 1");
        await using var store = Store(source);
        (await store.ListAsync(All, null, 10, source.Token)).ShouldBeEmpty();
        await store.CloseLeftOpenAsync("p", PipelineRole.Graph, "run 1", At(0), false, source.Token);
        await store.SaveAsync([Begun(1)], source.Token);
        var ended = Begun(1) with { Ended = At(9).AddTicks(1_234_560), Outcome = "it went away", Retries = 7, CircuitOpenings = 1, Restarts = 2, Letters = 3, Relapses = 4, LastReason = "last" };
        await store.SaveAsync([ended, Begun(5, IncidentKind.Paused)], source.Token);

        var stored = await store.ListAsync(All, null, 10, source.Token);
        stored.Select(s => (s.Id, s.State, s.Node, s.Closed)).ShouldBe([(2, IncidentState.Open, "here", null), (1, IncidentState.Ended, "here", null)]);
        stored[1].Incident.ShouldBe(ended);
        stored[0].Incident.ShouldBe(Begun(5, IncidentKind.Paused));
    }

    [SkippableFact]
    public async Task A_run_that_goes_on_with_another_s_incident_loses_nothing_of_it()
    {
        await using var source = await postgres.NewSourceAsync("SELECT 1");
        await using var store = Store(source);
        await store.SaveAsync([Begun(1, IncidentKind.Failed) with { Retries = 5, LastReason = "last" }], source.Token);
        await store.SaveAsync([Begun(1, IncidentKind.Failed, run: "run 2") with { Retries = 0, Restarts = 1, Ended = At(60), Outcome = "started again, and it runs" }], source.Token);
        var stored = (await store.ListAsync(All, null, 10, source.Token)).ShouldHaveSingleItem().Incident;
        (stored.Retries, stored.Restarts, stored.Reason, stored.LastReason, stored.Run, stored.Ended).ShouldBe((5, 1, "it's away", "last", "run 2", At(60)));
    }

    [SkippableFact]
    public async Task What_a_node_that_died_left_open_is_closed_by_the_next_start_honestly()
    {
        await using var source = await postgres.NewSourceAsync("SELECT 1");
        await using var store = Store(source);
        await using var elsewhere = Store(source, "elsewhere");
        await store.SaveAsync([Begun(1), Begun(2, IncidentKind.Failed), Begun(3) with { Ended = At(4), Outcome = "it went away" }, Begun(5, run: "run 2")], source.Token);
        await elsewhere.SaveAsync([Begun(6)], source.Token);

        await store.CloseLeftOpenAsync("p", PipelineRole.Capture, "run 2", At(60), ofThisNode: false, source.Token);
        (await store.ListAsync(new IncidentFilter("p", IncidentState.Open), null, 10, source.Token)).Count.ShouldBe(4);
        await store.CloseLeftOpenAsync("p", PipelineRole.Graph, "run 2", At(60), ofThisNode: true, source.Token);

        var stored = (await store.ListAsync(All, null, 10, source.Token)).ToDictionary(s => s.Incident.Began);
        (stored[At(1)].State, stored[At(1)].Incident.Ended, stored[At(1)].Closed).ShouldBe((IncidentState.Unknown, null, At(60)));
        stored[At(1)].Incident.Outcome.ShouldBe("ended unknown: the node that saw it begin is gone; the node was started anew at 1970-01-01 00:01:00 UTC");
        (stored[At(2)].State, stored[At(2)].Incident.Ended, stored[At(2)].Incident.Outcome).ShouldBe((IncidentState.Ended, At(60), "the node was started anew, and it runs"));
        stored[At(3)].Incident.Outcome.ShouldBe("it went away");
        (stored[At(5)].State, stored[At(6)].State).ShouldBe((IncidentState.Open, IncidentState.Open));

        await store.CloseLeftOpenAsync("p", PipelineRole.Graph, "run 2", At(70), ofThisNode: false, source.Token);
        (await store.ListAsync(new IncidentFilter("p", IncidentState.Open), null, 10, source.Token)).ShouldHaveSingleItem().Incident.Began.ShouldBe(At(5));
    }

    [SkippableFact]
    public async Task They_are_listed_by_state_by_time_and_in_pages()
    {
        await using var source = await postgres.NewSourceAsync("SELECT 1");
        await using var store = Store(source);
        await store.SaveAsync([.. Enumerable.Range(1, 5).Select(i => Begun(i * 10) with { Ended = i == 3 ? null : At((i * 10) + 5), Outcome = "over" })], source.Token);

        async Task<double[]> Listed(IncidentFilter filter, long? before = null, int limit = 10) =>
            [.. (await store.ListAsync(filter, before, limit, source.Token)).Select(s => (s.Incident.Began - At(0)).TotalSeconds)];

        (await Listed(All, null, 2)).ShouldBe([50, 40]);
        (await Listed(All, 4, 2)).ShouldBe([30, 20]);
        (await Listed(All with { State = IncidentState.Open })).ShouldBe([30]);
        (await Listed(All with { Since = At(45) })).ShouldBe([50, 40, 30]);
        (await Listed(new IncidentFilter("q"))).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task A_role_that_may_not_make_the_table_is_told_what_to_grant()
    {
        await using var source = await postgres.NewSourceAsync("DO $$ BEGIN CREATE ROLE keeper LOGIN; EXCEPTION WHEN duplicate_object THEN END $$");
        await using var store = new PostgresIncidentStore(source.Pipeline with { Source = new SourceSettings { ConnectionString = source.Settings.ConnectionString + ";Username=keeper" } }, "here");
        var failure = await Should.ThrowAsync<PipelineFailure>(store.SaveAsync([Begun(1)], source.Token));
        (failure.Class, failure.ExitCode).ShouldBe((FailureClass.Fatal, ExitCode.SourceUnfit));
        failure.Message.ShouldContain("CREATE SCHEMA polysync AUTHORIZATION");
    }
}
