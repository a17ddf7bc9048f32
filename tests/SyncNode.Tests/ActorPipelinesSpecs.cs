using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Hosting;
using PolyglotSync.Actors.Capture;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Api;
using PolyglotSync.SyncNode.Hosting;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests;

public sealed class ActorPipelinesSpecs : IAsyncLifetime
{
    private readonly ActorSystem _system = ActorSystem.Create("verbs");
    private readonly ConcurrentQueue<string> _told = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate();

    [Theory]
    [InlineData(PipelineVerb.Pause, "graph PausePipeline")]
    [InlineData(PipelineVerb.Resume, "capture ResumePipeline, graph ResumePipeline")]
    [InlineData(PipelineVerb.Restart, "capture RestartPipeline, graph RestartPipeline")]
    public async Task Resume_and_restart_are_of_the_capture_too_and_a_pause_is_of_the_graph_alone(PipelineVerb verb, string told)
    {
        var status = await Node(["shop"], ["shop"]).ChangeAsync("shop", verb, null, CancellationToken.None);

        status.Role.ShouldBe(PipelineRole.Graph);
        string.Join(", ", _told.Order(StringComparer.Ordinal)).ShouldBe(told);
    }

    [Fact]
    public async Task A_pipeline_without_a_capture_here_is_resumed_as_it_is() =>
        (await Node(["shop"], []).ChangeAsync("shop", PipelineVerb.Resume, null, CancellationToken.None)).Name.ShouldBe("shop");

    [Fact]
    public async Task Of_what_is_only_captured_here_the_capture_is_resumed_and_a_pause_refused()
    {
        var node = Node([], ["shop"]);

        (await node.ChangeAsync("shop", PipelineVerb.Restart, null, CancellationToken.None)).Role.ShouldBe(PipelineRole.Capture);

        (await Should.ThrowAsync<ApiRefusal>(node.ChangeAsync("shop", PipelineVerb.Pause, null, CancellationToken.None))).Status.ShouldBe(409);
    }

    [Fact]
    public async Task What_does_not_run_here_is_404_and_says_what_does()
    {
        var refusal = await Should.ThrowAsync<ApiRefusal>(Node(["shop"], []).ChangeAsync("shp", PipelineVerb.Resume, null, CancellationToken.None));
        (refusal.Status, refusal.Hint).ShouldBe((404, "it runs shop"));
    }

    private ActorPipelines Node(string[] pipelines, string[] captures)
    {
        var (told, graph, capture) = (_told, PipelineRole.Graph, PipelineRole.Capture);
        ActorRegistry.For(_system).Register<PipelinesActor>(_system.ActorOf(Props.Create(() => new StubActor(told, graph, pipelines))));
        ActorRegistry.For(_system).Register<CapturesActor>(_system.ActorOf(Props.Create(() => new StubActor(told, capture, captures))));
        return new ActorPipelines(_system, "node-1", new NodePlace(isClustered: false, () => _system));
    }

    /// <summary>Answers for the pipelines that it has, and keeps what it was told.</summary>
    private sealed class StubActor : ReceiveActor
    {
        public StubActor(ConcurrentQueue<string> told, PipelineRole role, string[] names)
        {
            Receive<GetPipelines>(_ => Sender.Tell(new PipelinesAnswer([.. names.Select(Status)])));
            Receive<PausePipeline>(pause => Answer(pause.Pipeline, pause));
            Receive<ResumePipeline>(resume => Answer(resume.Pipeline, resume));
            Receive<RestartPipeline>(restart => Answer(restart.Pipeline, restart));

            void Answer(string pipeline, object message)
            {
                told.Enqueue($"{role.ToString().ToLowerInvariant()} {message.GetType().Name}");
                Sender.Tell(names.Contains(pipeline) ? Status(pipeline) : new Status.Failure(new KeyNotFoundException(pipeline)));
            }

            PipelineStatus Status(string name) => new()
            {
                Name = name, Role = role, State = PipelineState.Starting, Since = DateTimeOffset.UnixEpoch, Target = "", Consistency = Consistency.Transactional, Slot = "", ReceivedLsn = "0/0", FlushedLsn = "0/0",
                Watermark = "0/0", LagBytes = 0, LagSeconds = 0, RowsPerSecond = 0, RowsApplied = 0, RowsInFlight = 0, BytesInFlight = 0, DeadLetters = 0, Retries = 0,
            };
        }
    }
}
