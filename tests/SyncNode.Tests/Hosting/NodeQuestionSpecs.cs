using Akka.Actor;
using Akka.Hosting;
using PolyglotSync.Actors.Capture;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Cli.Api;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Api;
using PolyglotSync.SyncNode.Hosting;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests.Hosting;

/// <summary>What the API asks of the actors, and what becomes of their refusals.</summary>
public sealed class NodeQuestionSpecs : IAsyncLifetime
{
    private readonly ActorSystem _system = ActorSystem.Create("questions");
    private readonly List<object> _asked = [];
    private Func<object, object> _pipelines = _ => new Status.Failure(new NotSupportedException());
    private Func<object, object> _captures = message => message switch
    {
        GetPipelines => new PipelinesAnswer([]),
        EndCapture end => new CaptureEnded(end.Pipeline),
        _ => new Status.Failure(new KeyNotFoundException("nothing is captured here")),
    };

    private ActorPipelines _node = null!;

    public Task InitializeAsync()
    {
        ActorRegistry.For(_system).Register<PipelinesActor>(_system.ActorOf(Props.Create(() => new Answering(message => Answer(message, _pipelines)))));
        ActorRegistry.For(_system).Register<CapturesActor>(_system.ActorOf(Props.Create(() => new Answering(message => Answer(message, _captures)))));
        _node = new ActorPipelines(_system, "node-1", new NodePlace(isClustered: false, () => _system));
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => _system.Terminate();

    [Fact]
    public async Task The_status_is_that_of_pipelines_and_captures_by_name_and_then_by_role()
    {
        _pipelines = _ => new PipelinesAnswer([Of("shop"), Of("a")]);
        _captures = _ => new PipelinesAnswer([Of("shop", PipelineRole.Capture)]);
        (await _node.StatusAsync(CancellationToken.None)).Select(p => (p.Name, p.Role)).ShouldBe([("a", PipelineRole.Graph), ("shop", PipelineRole.Graph), ("shop", PipelineRole.Capture)], ignoreOrder: false);
    }

    [Theory]
    [InlineData(PipelineVerb.Pause), InlineData(PipelineVerb.Resume), InlineData(PipelineVerb.Restart)]
    public async Task A_verb_is_the_message_of_its_name(PipelineVerb verb)
    {
        _pipelines = _ => Of("shop");
        (await _node.ChangeAsync("shop", verb, "night", CancellationToken.None)).Name.ShouldBe("shop");
        // resumed and restarted is the capture beside it, too
        _asked.Distinct().ShouldBe([verb switch
        {
            PipelineVerb.Pause => new PausePipeline("shop", "night"),
            PipelineVerb.Resume => new ResumePipeline("shop"),
            _ => new RestartPipeline("shop"),
        }]);
    }

    [Fact]
    public async Task A_verb_for_a_pipeline_that_is_only_captured_here_says_whom_to_ask()
    {
        _pipelines = message => message is GetPipelines ? new PipelinesAnswer([]) : new Status.Failure(new KeyNotFoundException("no pipeline 'shop' runs here"));
        _captures = _ => new PipelinesAnswer([Of("shop", PipelineRole.Capture)]);
        var refusal = await Should.ThrowAsync<ApiRefusal>(_node.ChangeAsync("shop", PipelineVerb.Pause, null, CancellationToken.None));
        (refusal.Status, refusal.Message).ShouldBe((409, "'shop' is captured here and written elsewhere"));

        refusal = await Should.ThrowAsync<ApiRefusal>(_node.ChangeAsync("shp", PipelineVerb.Pause, null, CancellationToken.None));
        (refusal.Status, refusal.Message, refusal.Hint).ShouldBe((404, "this node runs no pipeline 'shp'", "it runs shop"));
    }

    [Fact]
    public async Task A_verb_that_comes_at_a_bad_moment_is_a_conflict()
    {
        _pipelines = _ => new Status.Failure(new InvalidOperationException("pipeline 'shop' is just being changed; try again"));
        var refusal = await Should.ThrowAsync<ApiRefusal>(_node.ChangeAsync("shop", PipelineVerb.Restart, null, CancellationToken.None));
        (refusal.Status, refusal.Message).ShouldBe((409, "pipeline 'shop' is just being changed; try again"));
    }

    [Fact]
    public async Task A_wait_is_for_the_graph_and_where_that_is_written_elsewhere_for_the_topics()
    {
        var answer = new WatermarkAnswer("shop", "0/64", true);
        _pipelines = _ => answer;
        (await _node.WaitAsync("shop", new Lsn(100), TimeSpan.FromSeconds(5), CancellationToken.None)).ShouldBe(answer);
        _asked.ShouldBe([new WaitForWatermark("shop", new Lsn(100), TimeSpan.FromSeconds(5))]);

        _pipelines = _ => new Status.Failure(new KeyNotFoundException("no pipeline 'shop' runs here"));
        _captures = _ => answer with { Watermark = "0/65" };
        (await _node.WaitAsync("shop", null, TimeSpan.FromSeconds(5), CancellationToken.None)).Watermark.ShouldBe("0/65");
    }

    [Fact]
    public async Task A_source_that_has_no_such_moment_says_so_to_who_waits()
    {
        _pipelines = _ => new Status.Failure(new PipelineFailure(FailureClass.Fatal, "there is no watermark to wait for"));
        (await Should.ThrowAsync<PipelineFailure>(_node.WaitAsync("shop", null, TimeSpan.FromSeconds(5), CancellationToken.None))).Message.ShouldBe("there is no watermark to wait for");
    }

    private object Answer(object message, Func<object, object> how)
    {
        lock (_asked)
            if (message is not GetPipelines) _asked.Add(message);
        return how(message);
    }

    private static PipelineStatus Of(string name, PipelineRole role = PipelineRole.Graph) => new()
    {
        Name = name, Role = role, State = PipelineState.Streaming, Since = DateTimeOffset.UnixEpoch, Target = "bolt://x", Consistency = Consistency.Transactional,
        Slot = "s", ReceivedLsn = "0/0", FlushedLsn = "0/0", Watermark = "0/0", LagBytes = 0, LagSeconds = 0, RowsPerSecond = 0,
        RowsApplied = 0, RowsInFlight = 0, BytesInFlight = 0, DeadLetters = 0, Retries = 0,
    };

    private sealed class Answering : ReceiveActor
    {
        public Answering(Func<object, object> answer) => ReceiveAny(message => Sender.Tell(answer(message)));
    }
}
