using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Api;
using PolyglotSync.SyncNode.Pbm;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests;

public sealed class PolysyncPaletteSpecs
{
    private readonly FakePipelines _pipelines = new();

    [Fact]
    public async Task It_shows_pipelines_and_their_nodes()
    {
        (await RunAsync("pipelines")).Lines.ShouldBe(
        [
            "shop streaming node=a:4053 watermark=0/10 lag=64 B/1.5 s rows/s=12 applied=340 in-flight=3 p50=8.0 ms p99=20.0 ms dead-letters=0",
            "social streaming node=b:4053 watermark=0/10 lag=64 B/1.5 s rows/s=12 applied=340 in-flight=3 p50=8.0 ms p99=20.0 ms dead-letters=0",
        ]);
        (await RunAsync("lag", ("pipeline", "shop"))).Lines.ShouldBe(["shop 64 B, 1.5 s, in flight 3 rows"]);
        (await RunAsync("watermark", ("pipeline", "social"))).Lines.ShouldBe(["social 0/10"]);
    }

    [Fact]
    public async Task It_pauses_and_resumes_by_the_messages_of_the_api()
    {
        (await RunAsync("pause", ("pipeline", "shop"), ("reason", "new disks"))).IsError.ShouldBeFalse();
        (await RunAsync("resume", ("pipeline", "shop"))).Lines.ShouldHaveSingleItem().ShouldStartWith("shop ");
        _pipelines.Asked.ShouldBe(["Pause shop new disks", "Resume shop "]);
    }

    [Fact]
    public async Task It_waits_for_a_watermark()
    {
        (await RunAsync("watermark", ("pipeline", "shop"), ("wait", "now"))).ShouldSatisfyAllConditions(a => a.IsError.ShouldBeFalse(), a => a.Lines.ShouldBe(["shop 0/20, reached"]));
        (await RunAsync("watermark", ("pipeline", "shop"), ("wait", "0/30"), ("timeout", "2"))).ShouldSatisfyAllConditions(a => a.IsError.ShouldBeTrue(), a => a.Lines.ShouldBe(["shop 0/20, not reached within 2 s"]));
        _pipelines.Asked.ShouldBe(["wait shop now 30", "wait shop 0/30 2"]);
    }

    [Fact]
    public async Task It_says_why_a_watermark_is_not_waited_for()
    {
        _pipelines.NotWaited = "it is paused: new disks";
        (await RunAsync("watermark", ("pipeline", "shop"), ("wait", "0/30"), ("timeout", "2"))).Lines.ShouldBe(["shop 0/20, it is paused: new disks"]);
    }

    [Theory]
    [InlineData("there is no pipeline 'shp'; there are shop, social", "lag", "pipeline", "shp")]
    [InlineData("there is no pipeline 'shp'; there are shop, social", "watermark", "pipeline", "shp")]
    [InlineData("no pipeline 'shp' here; try shop", "pause", "pipeline", "shp")]
    [InlineData("'12' is not an LSN", "watermark", "pipeline", "shop", "wait", "12")]
    [InlineData("'soon' is not a number of seconds", "watermark", "pipeline", "shop", "wait", "now", "timeout", "soon")]
    [InlineData("there is no command 'drop'", "drop")]
    public async Task What_is_wrong_is_said(string message, string command, params string[] arguments)
    {
        var answer = await RunAsync(command, [.. arguments.Chunk(2).Select(a => (a[0], a[1]))]);
        answer.IsError.ShouldBeTrue();
        answer.Lines.ShouldHaveSingleItem().ShouldStartWith(message);
    }

    [Fact]
    public async Task Pipelines_that_do_not_answer_are_an_error_and_no_silence()
    {
        _pipelines.IsSilent = true;
        (await RunAsync("pipelines")).ShouldSatisfyAllConditions(a => a.IsError.ShouldBeTrue(), a => a.Lines.ShouldHaveSingleItem().ShouldContain("did not answer in time"));
    }

    [Fact]
    public void Every_command_says_what_it_does_and_no_switch_means_two_things()
    {
        PolysyncPalette.Commands.Select(c => c.Name).ShouldBe(["pipelines", "pause", "resume", "lag", "watermark"]);
        PolysyncPalette.Commands.ShouldAllBe(c => c.Description.Length > 20 && c.Arguments.SelectMany(a => a.Switches).Distinct().Count() == c.Arguments.Sum(a => a.Switches.Count));
    }

    private Task<PaletteAnswer> RunAsync(string command, params (string Name, string Value)[] arguments) =>
        new PolysyncPalette(_pipelines).RunAsync(command, arguments.ToDictionary(a => a.Name, a => a.Value), CancellationToken.None);

    private sealed class FakePipelines : IPipelines
    {
        public List<string> Asked { get; } = [];

        public bool IsSilent { get; set; }

        /// <summary>Why an LSN is not waited for.</summary>
        public string? NotWaited { get; set; }

        public Task<IReadOnlyList<PipelineStatus>> StatusAsync(CancellationToken cancellationToken) =>
            IsSilent ? throw new TimeoutException() : Task.FromResult<IReadOnlyList<PipelineStatus>>([Of("shop", "a:4053"), Of("social", "b:4053")]);

        public Task<WatermarkAnswer> WaitAsync(string pipeline, Lsn? lsn, TimeSpan timeout, CancellationToken cancellationToken)
        {
            Asked.Add($"wait {pipeline} {lsn?.ToString() ?? "now"} {timeout.TotalSeconds:0}");
            return Task.FromResult(new WatermarkAnswer(pipeline, "0/20", lsn is null) { Reason = lsn is null ? null : NotWaited });
        }

        public Task<PipelineStatus> ChangeAsync(string pipeline, PipelineVerb verb, string? reason, CancellationToken cancellationToken)
        {
            if (pipeline != "shop") throw new ApiRefusal(404, $"no pipeline '{pipeline}' here", "try shop");
            Asked.Add($"{verb} {pipeline} {reason}");
            return Task.FromResult(Of(pipeline, "a:4053"));
        }

        private static PipelineStatus Of(string name, string node) => new()
        {
            Name = name, Node = node, State = PipelineState.Streaming, Since = DateTimeOffset.UnixEpoch, Target = "bolt://graph:7687", Consistency = Consistency.Transactional, Slot = $"polysync_{name}", ReceivedLsn = "0/50",
            FlushedLsn = "0/10", Watermark = "0/10", LagBytes = 64, LagSeconds = 1.5, RowsPerSecond = 12, RowsApplied = 340, RowsInFlight = 3, BytesInFlight = 90, DeadLetters = 0, Retries = 0, LatencyP50Ms = 8, LatencyP99Ms = 20,
        };
    }
}
