using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using PolyglotSync.Cli.Api;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Api;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests;

public sealed class ApiSpecs : ServedApi
{
    private readonly FakePipelines _pipelines = new();

    private protected override void Serve(IServiceCollection services) => services.AddSingleton<IPipelines>(_pipelines);

    private protected override bool CarriesToken => false;

    [Fact]
    public async Task It_is_alive_whatever_the_pipelines_do()
    {
        _pipelines.State = PipelineState.Failed;
        (await Http.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(PipelineState.Copying, HttpStatusCode.OK)]
    [InlineData(PipelineState.Streaming, HttpStatusCode.OK)]
    [InlineData(PipelineState.Starting, HttpStatusCode.ServiceUnavailable)]
    [InlineData(PipelineState.Degraded, HttpStatusCode.ServiceUnavailable)]
    [InlineData(PipelineState.Failed, HttpStatusCode.ServiceUnavailable)]
    public async Task It_is_ready_while_every_pipeline_moves(PipelineState state, HttpStatusCode status)
    {
        _pipelines.State = state;
        (await Http.GetAsync("/health/ready")).StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task A_node_that_captures_and_writes_a_pipeline_says_of_both_that_they_are_ready()
    {
        _pipelines.Roles = [PipelineRole.Graph, PipelineRole.Capture];
        (await Http.GetFromJsonAsync<HealthAnswer>("/health/ready", ApiJson.Options))!.Pipelines.ShouldBe(
            [new PipelineHealth("social", PipelineRole.Graph, PipelineState.Streaming), new PipelineHealth("social", PipelineRole.Capture, PipelineState.Streaming)]);
    }

    [Fact]
    public async Task Metrics_are_Prometheus_text_and_need_no_token()
    {
        using var answer = await Http.GetAsync("/metrics");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; version=0.0.4; charset=utf-8");
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n');
        lines.ShouldContain("polysync_pipeline_state{pipeline=\"social\",role=\"graph\",state=\"streaming\"} 1");
        lines.ShouldContain(line => line.StartsWith("process_resident_memory_bytes ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Metrics_of_pipelines_that_do_not_answer_are_503()
    {
        _pipelines.Silent = true;
        await ErrorAsync(HttpStatusCode.ServiceUnavailable, HttpMethod.Get, "/metrics");
    }

    [Fact]
    public async Task Pipelines_are_listed_and_found_by_name()
    {
        (await Http.GetFromJsonAsync<PipelineStatus[]>("/api/pipelines", ApiJson.Options))!.ShouldHaveSingleItem().Watermark.ShouldBe("0/1F");
        (await Http.GetFromJsonAsync<PipelineStatus>("/api/pipelines/social", ApiJson.Options))!.Name.ShouldBe("social");
    }

    [Fact]
    public async Task An_unknown_pipeline_is_404_and_the_known_ones_are_named()
    {
        foreach (var path in (string[])["/api/pipelines/x", "/api/pipelines/x/watermark?wait=now"])
        {
            var error = await ErrorAsync(HttpStatusCode.NotFound, HttpMethod.Get, path);
            error.Error.ShouldContain("no pipeline 'x'");
            error.Hint!.ShouldContain("social");
        }
    }

    [Fact]
    public async Task A_wait_passes_the_lsn_and_the_time_on()
    {
        var answer = await Http.GetFromJsonAsync<WatermarkAnswer>("/api/pipelines/social/watermark?wait=0/2A&timeout=250", ApiJson.Options);
        answer.ShouldBe(new WatermarkAnswer("social", "0/2A", true));
        _pipelines.Waits.ShouldBe([("social", Lsn.Parse("0/2A"), TimeSpan.FromMilliseconds(250))]);
    }

    [Fact]
    public async Task Waiting_for_now_asks_without_an_lsn()
    {
        await Http.GetAsync("/api/pipelines/social/watermark?wait=now");
        _pipelines.Waits.ShouldBe([("social", null, PipelineApi.DefaultWait)]);
    }

    [Fact]
    public async Task Without_wait_the_watermark_is_told_at_once()
    {
        (await Http.GetFromJsonAsync<WatermarkAnswer>("/api/pipelines/social/watermark", ApiJson.Options)).ShouldBe(new WatermarkAnswer("social", "0/1F", true));
        _pipelines.Waits.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("wait=soon")]
    [InlineData("wait=now&timeout=-1")]
    [InlineData("wait=now&timeout=x")]
    [InlineData("wait=now&timeout=99999999999")]
    public async Task A_question_that_makes_no_sense_is_400(string query)
    {
        (await ErrorAsync(HttpStatusCode.BadRequest, HttpMethod.Get, $"/api/pipelines/social/watermark?{query}")).Hint.ShouldNotBeNull();
    }

    [Fact]
    public async Task Nothing_but_the_verbs_changes_state()
    {
        await ErrorAsync(HttpStatusCode.MethodNotAllowed, HttpMethod.Post, "/api/pipelines");
        await ErrorAsync(HttpStatusCode.MethodNotAllowed, HttpMethod.Delete, "/api/pipelines/social");
        await ErrorAsync(HttpStatusCode.NotFound, HttpMethod.Get, "/nothing");
        await ErrorAsync(HttpStatusCode.NotFound, HttpMethod.Get, "/api/pipelines/social/pause");
        await ErrorAsync(HttpStatusCode.MethodNotAllowed, HttpMethod.Post, "/api/pipelines/social/stop");
    }

    [Theory]
    [InlineData("pause", PipelineVerb.Pause)]
    [InlineData("resume", PipelineVerb.Resume)]
    [InlineData("restart", PipelineVerb.Restart)]
    public async Task A_verb_wants_the_token_and_is_answered_with_the_status(string path, PipelineVerb verb)
    {
        await ErrorAsync(HttpStatusCode.Unauthorized, HttpMethod.Post, $"/api/pipelines/social/{path}");
        _pipelines.Changes.ShouldBeEmpty();

        using var answer = await PostAsync(path, null);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadFromJsonAsync<PipelineStatus>(ApiJson.Options))!.Name.ShouldBe("social");
        _pipelines.Changes.ShouldBe([("social", verb, null)]);
    }

    [Theory]
    [InlineData("{\"reason\": \" new disks \"}", "new disks")]
    [InlineData("{\"reason\": \"\"}", null)]
    [InlineData("{}", null)]
    public async Task A_pause_may_say_why(string body, string? reason)
    {
        (await PostAsync("pause", body)).StatusCode.ShouldBe(HttpStatusCode.OK);
        _pipelines.Changes.ShouldBe([("social", PipelineVerb.Pause, reason)]);
    }

    [Fact]
    public async Task A_reason_that_cannot_be_read_or_is_a_novel_is_400()
    {
        foreach (var body in (string[])["new disks", $"{{\"reason\": \"{new string('x', VerbApi.MaxReason + 1)}\"}}"])
        {
            using var answer = await PostAsync("pause", body);
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            (await answer.Content.ReadFromJsonAsync<ApiError>(ApiJson.Options))!.Hint.ShouldNotBeNull();
        }
        _pipelines.Changes.ShouldBeEmpty();
    }

    private async Task<HttpResponseMessage> PostAsync(string verb, string? body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/pipelines/social/{verb}") { Content = body is null ? null : new StringContent(body) };
        request.Headers.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", Token.Value);
        return await Http.SendAsync(request);
    }

    [Fact]
    public async Task Pipelines_that_do_not_answer_are_503()
    {
        _pipelines.Silent = true;
        (await ErrorAsync(HttpStatusCode.ServiceUnavailable, HttpMethod.Get, "/api/pipelines")).Error.ShouldContain("did not answer");
    }

    [Fact]
    public async Task An_address_that_is_taken_is_said()
    {
        await using var second = ApiServer.Create(Http.BaseAddress!, ApiToken.Choose(_ => null), _ => { },
            services => services.AddSingleton<IPipelines>(_pipelines).AddSingleton<IDeadLetterDesk>(new DeadLetterApiSpecs.FakeDesk()));
        var failure = await Should.ThrowAsync<PipelineFailure>(() => ApiServer.StartAsync(second, Http.BaseAddress!, CancellationToken.None));
        failure.Message.ShouldContain("is taken");
        failure.Message.ShouldContain("--api");
    }

    private sealed class FakePipelines : IPipelines
    {
        public PipelineState State { get; set; } = PipelineState.Streaming;

        public IReadOnlyList<PipelineRole> Roles { get; set; } = [PipelineRole.Graph];

        public bool Silent { get; set; }

        public List<(string Pipeline, Lsn? Lsn, TimeSpan Timeout)> Waits { get; } = [];

        public List<(string Pipeline, PipelineVerb Verb, string? Reason)> Changes { get; } = [];

        public async Task<PipelineStatus> ChangeAsync(string pipeline, PipelineVerb verb, string? reason, CancellationToken cancellationToken)
        {
            Changes.Add((pipeline, verb, reason));
            return (await StatusAsync(cancellationToken))[0];
        }

        public Task<IReadOnlyList<PipelineStatus>> StatusAsync(CancellationToken cancellationToken)
        {
            if (Silent) throw new TimeoutException();
            return Task.FromResult<IReadOnlyList<PipelineStatus>>([.. Roles.Select(role => new PipelineStatus
            {
                Name = "social", Role = role, State = State, Since = DateTimeOffset.UnixEpoch, Target = "bolt://localhost:7687", Consistency = Consistency.Transactional, Slot = "s",
                ReceivedLsn = "0/20", FlushedLsn = "0/10", Watermark = "0/1F", LagBytes = 0, LagSeconds = 0, RowsPerSecond = 0, RowsApplied = 0, RowsInFlight = 0,
                BytesInFlight = 0, DeadLetters = 0, Retries = 0,
            })]);
        }

        public Task<WatermarkAnswer> WaitAsync(string pipeline, Lsn? lsn, TimeSpan timeout, CancellationToken cancellationToken)
        {
            Waits.Add((pipeline, lsn, timeout));
            return Task.FromResult(new WatermarkAnswer(pipeline, (lsn ?? Lsn.Zero).ToString(), true));
        }
    }
}
