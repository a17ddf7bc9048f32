using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using PolyglotSync.Cli.Api;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Api;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests;

public sealed class IncidentApiSpecs : ServedApi
{
    private const string Incidents = "/api/pipelines/shop/incidents";

    private readonly FakeDesk _desk = new();

    private protected override void Serve(IServiceCollection services) => services.AddSingleton<IIncidentDesk>(_desk).AddSingleton<TimeProvider>(new Noon());

    private protected override bool CarriesToken => false;

    [Fact]
    public async Task Incidents_are_listed_page_by_page_and_need_no_token()
    {
        var page = (await Http.GetFromJsonAsync<IncidentPage>($"{Incidents}?limit=1&before=9&state=open&since=2h", ApiJson.Options))!;
        _desk.Asked.ShouldBe([(new IncidentFilter("shop", IncidentState.Open, Noon.At.AddHours(-2)), 9, 1)]);
        page.Next.ShouldBe(7);
        var incident = page.Incidents.ShouldHaveSingleItem();
        (incident.Id, incident.Kind, incident.State, incident.Seconds, incident.Node).ShouldBe((7, IncidentKind.Outage, IncidentState.Open, 3600, "node-1"));
        (await Http.GetFromJsonAsync<IncidentPage>(Incidents, ApiJson.Options))!.Next.ShouldBeNull();
        _desk.Asked[^1].ShouldBe((new IncidentFilter("shop"), null, 50));
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=501")]
    [InlineData("?before=x")]
    [InlineData("?state=closed")]
    [InlineData("?since=yesterday")]
    [InlineData("?since=7")]
    public async Task A_request_that_makes_no_sense_is_400(string query)
    {
        using var answer = await Http.GetAsync(Incidents + query);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<ApiError>(ApiJson.Options))!.Hint.ShouldNotBeNull();
        _desk.Asked.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("90s", -90)]
    [InlineData("30m", -1800)]
    [InlineData("7d", -604800)]
    [InlineData("2026-11-30T11:59:00Z", -60)]
    [InlineData("2026-11-30T11:59:00+00:00", -60)]
    public void How_far_back_one_looks_is_a_duration_or_a_time(string text, int seconds) => SinceText.Parse(text, Noon.At).ShouldBe(Noon.At.AddSeconds(seconds));

    private sealed class Noon : TimeProvider
    {
        public static readonly DateTimeOffset At = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => At;
    }

    private sealed class FakeDesk : IIncidentDesk
    {
        public List<(IncidentFilter Filter, long? Before, int Limit)> Asked { get; } = [];

        public Task<IReadOnlyList<StoredIncident>> ListAsync(IncidentFilter filter, long? before, int limit, CancellationToken cancellationToken)
        {
            Asked.Add((filter, before, limit));
            return Task.FromResult<IReadOnlyList<StoredIncident>>(
                [new StoredIncident(7, new Incident("shop", PipelineRole.Graph, IncidentKind.Outage, "target", "away", Noon.At.AddHours(-1)), IncidentState.Open, "node-1", null)]);
        }
    }
}
