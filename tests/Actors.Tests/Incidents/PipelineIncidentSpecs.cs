using Akka.Actor;
using Akka.TestKit;
using PolyglotSync.Actors.Incidents;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Actors.Tests.Pipelines;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.Incidents;

public sealed class PipelineIncidentSpecs : PipelineSpecs
{
    private readonly TestProbe _log;

    public PipelineIncidentSpecs(ITestOutputHelper output) : base(output)
    {
        _log = CreateTestProbe();
        Sys.EventStream.Subscribe(_log.Ref, typeof(IncidentsChanged));
        Sys.EventStream.Subscribe(_log.Ref, typeof(WorkBegan));
    }

    private Incident Next() => _log.FishForMessage<IncidentsChanged>(_ => true).Changed[^1];

    [Fact]
    public void A_pipeline_that_is_well_says_once_that_it_works_and_no_more()
    {
        var pipeline = Started();
        _log.ExpectMsg<WorkBegan>().Settings.Name.ShouldBe("shop");
        Factory.Source.Put(new Rows(100).Insert(1, "a").Batch());
        AwaitAssert(() => Factory.Source.Acknowledged.ShouldBe(new Lsn(108)), Soon);
        Status(pipeline).Incident.ShouldBeNull();
        _log.HasMessages.ShouldBeFalse();
    }

    [Fact]
    public void An_outage_of_the_target_is_an_incident_with_what_was_done_about_it()
    {
        var isDown = true;
        Factory.Target.Before = _ => isDown ? throw new PipelineFailure(FailureClass.Transient, "the graph is away") : Task.CompletedTask;
        var pipeline = Started();
        Factory.Source.Put(new Rows(100).Insert(1, "a").Batch());

        var begun = Next();
        (begun.Kind, begun.Part, begun.Reason, begun.Ended).ShouldBe((IncidentKind.Outage, "target", "target: the graph is away", null));
        var open = Status(pipeline).Incident.ShouldNotBeNull();
        (open.Kind, open.Since).ShouldBe((IncidentKind.Outage, begun.Began));

        var now = begun;
        AwaitAssert(() =>
        {
            Scheduler.Advance(TimeSpan.FromSeconds(10));
            now = Next();
            now.CircuitOpenings.ShouldBe(1);
        }, Soon);
        isDown = false;
        AwaitAssert(() =>
        {
            Scheduler.Advance(TimeSpan.FromSeconds(10));
            Status(pipeline).Incident.ShouldBeNull();
        }, Soon);
        while (now.Ended is null) now = Next();
        (now.Began, now.Outcome).ShouldBe((begun.Began, "it went away"));
        now.Retries.ShouldBeGreaterThanOrEqualTo(Settings.Of().Limits.CircuitFailures);
    }

    [Fact]
    public void A_crash_says_nothing_of_what_a_bug_may_quote()
    {
        Factory.Target.Before = _ => throw new NullReferenceException("row 7 of Ann");
        Started();
        Factory.Source.Put(new Rows(100).Insert(1, "a").Batch());
        var crash = Next();
        (crash.Kind, crash.Restarts, crash.Reason).ShouldBe((IncidentKind.Crash, 1, "an unexpected InvalidOperationException; the node's log says more"));

        Factory.Target.Before = _ => Task.CompletedTask;
        Scheduler.Advance(TimeSpan.FromMilliseconds(100));
        Next().Outcome.ShouldBe("it runs again");
    }

    [Fact]
    public void A_pause_a_resume_and_a_failure_are_incidents()
    {
        var pipeline = Started();
        pipeline.Tell(new PausePipeline("shop", "new disks"), TestActor);
        ExpectMsg<PipelineStatus>().Incident!.Kind.ShouldBe(IncidentKind.Paused);
        Next().Reason.ShouldBe("new disks");
        pipeline.Tell(new ResumePipeline("shop"), TestActor);
        Next().Outcome.ShouldBe("resumed by a person");
        AwaitCondition(() => Factory.Sources.Count == 2 && !Factory.Source.Opened.IsEmpty, Soon);

        Factory.Source.Fail(new PipelineFailure(FailureClass.Fatal, "the slot is gone"));
        var failed = Next();
        (failed.Kind, failed.Reason, failed.Ended).ShouldBe((IncidentKind.Failed, "the slot is gone", null));
    }

    [Fact]
    public void What_a_refused_row_says_stays_out_of_the_log_where_it_halts_the_pipeline()
    {
        Started();
        Factory.Source.Fail(new PipelineFailure(FailureClass.Poison, "Node(12) already exists with name = 'Ann'"));
        Next().Reason.ShouldNotContain("Ann");
    }

    [Fact]
    public void A_pause_goes_on_over_a_restart_as_the_same_incident()
    {
        var pipeline = Started();
        pipeline.Tell(new PausePipeline("shop", "new disks"), TestActor);
        ExpectMsg<PipelineStatus>();
        var paused = Next();

        pipeline = Renew(pipeline);
        Status(pipeline).Incident!.Since.ShouldBe(paused.Began);
        pipeline.Tell(new ResumePipeline("shop"), TestActor);
        var resumed = Next();
        (resumed.Began, resumed.Outcome).ShouldBe((paused.Began, "resumed by a person"));
    }
}
