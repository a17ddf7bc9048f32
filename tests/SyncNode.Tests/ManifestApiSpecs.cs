using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using PolyglotSync.Cli.Api;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Api;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests;

public sealed class ManifestApiSpecs : ServedApi
{
    private readonly FakeDesk _desk = new();

    private protected override void Serve(IServiceCollection services) => services.AddSingleton<IManifestDesk>(_desk);

    [Theory]
    [InlineData("GET", "")]
    [InlineData("GET", "/shop")]
    [InlineData("PUT", "/shop")]
    [InlineData("DELETE", "/shop")]
    [InlineData("POST", "/plan")]
    public async Task Every_request_needs_the_token(string method, string path)
    {
        Http.DefaultRequestHeaders.Authorization = null;
        using var answer = await Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), $"/api/manifests{path}"));
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        _desk.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Manifests_are_listed_and_found_by_name()
    {
        (await Http.GetFromJsonAsync<ManifestList>("/api/manifests", ApiJson.Options))!.Manifests.ShouldHaveSingleItem().Pipeline.ShouldBe("shop");
        (await Http.GetFromJsonAsync<ManifestView>("/api/manifests/shop", ApiJson.Options))!.Text.ShouldBe("pipeline: shop\n");
        using var unknown = await Http.GetAsync("/api/manifests/shp");
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await unknown.Content.ReadFromJsonAsync<ApiError>(ApiJson.Options))!.Hint!.ShouldContain("shop");
    }

    [Theory]
    [InlineData("", "apply shop shop.yaml False: pipeline: shop")]
    [InlineData("?dry_run=true", "apply shop shop.yaml True: pipeline: shop")]
    [InlineData("?dry_run", "apply shop shop.yaml True: pipeline: shop")]
    [InlineData("?file=a%2Fb.yaml&dry_run=false", "apply shop a/b.yaml False: pipeline: shop")]
    public async Task A_manifest_is_put_as_it_is_written(string query, string asked)
    {
        using var answer = await Http.PutAsync($"/api/manifests/shop{query}", new StringContent("pipeline: shop"));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadFromJsonAsync<ManifestChange>(ApiJson.Options))!.Need.ShouldBe(ManifestNeed.Start);
        _desk.Asked.ShouldBe([asked]);
    }

    [Fact]
    public async Task Mistakes_are_422_with_every_line()
    {
        _desk.Failure = new PipelineFailure(FailureClass.Fatal, "the manifest has 2 mistakes:\nshop.yaml:1:1: a\nshop.yaml:2:1: b") { ExitCode = ExitCode.InvalidManifest };
        foreach (var answer in new[] { await Http.PutAsync("/api/manifests/shop", new StringContent("x")), await Http.PostAsJsonAsync("/api/manifests/plan", new ManifestSet([new("shop.yaml", "x")]), ApiJson.Options) })
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            (await answer.Content.ReadFromJsonAsync<ApiError>(ApiJson.Options))!.Error.ShouldContain("shop.yaml:2:1: b");
        }
    }

    [Fact]
    public async Task A_plan_takes_a_set()
    {
        using var answer = await Http.PostAsJsonAsync("/api/manifests/plan", new ManifestSet([new("a.yaml", "x"), new("b.yaml", "y")], IsWhole: true), ApiJson.Options);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        _desk.Asked.ShouldBe(["plan a.yaml b.yaml True"]);
    }

    [Theory]
    [InlineData("", "remove shop False")]
    [InlineData("?drop=true", "remove shop True")]
    [InlineData("?drop_slot=true", "remove shop True")]
    public async Task A_pipeline_is_deleted_with_its_slot_or_without(string query, string asked)
    {
        using var answer = await Http.DeleteAsync($"/api/manifests/shop{query}");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        _desk.Asked.ShouldBe([asked]);
    }

    [Theory]
    [InlineData("PUT", "/shop?dry_run=perhaps", "x")]
    [InlineData("DELETE", "/shop?drop=perhaps", null)]
    [InlineData("POST", "/plan", "pipeline: shop")]
    [InlineData("POST", "/plan", "{}")]
    [InlineData("POST", "/plan", "{\"manifests\": [{\"file\": \"a\"}]}")]
    public async Task What_makes_no_sense_is_400(string method, string path, string? body)
    {
        using var answer = await Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), $"/api/manifests{path}") { Content = body is null ? null : new StringContent(body) });
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        _desk.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task More_than_any_manifest_has_is_413()
    {
        using var answer = await Http.PutAsync("/api/manifests/shop", new StringContent(new string('#', ManifestApi.MaxBytes + 1)));
        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    private sealed class FakeDesk : IManifestDesk
    {
        public List<string> Asked { get; } = [];

        public PipelineFailure? Failure { get; set; }

        public ManifestList List() => new([new ManifestView("shop", "/etc/polysync/shop.yaml", "pipeline: shop\n", true)], "/etc/polysync");

        public Task<ManifestPlan> PlanAsync(ManifestSet set, CancellationToken cancellationToken)
        {
            Asked.Add($"plan {string.Join(' ', set.Manifests.Select(m => m.File))} {set.IsWhole}");
            return Failure is null ? Task.FromResult(new ManifestPlan([], null)) : throw Failure;
        }

        public Task<ManifestChange> ApplyAsync(string pipeline, ManifestFile manifest, bool isDry, CancellationToken cancellationToken)
        {
            Asked.Add($"apply {pipeline} {manifest.File} {isDry}: {manifest.Text}");
            return Failure is null ? Task.FromResult(new ManifestChange(pipeline, manifest.File, ManifestAction.Added, ManifestNeed.Start, [], [], [])) : throw Failure;
        }

        public Task<ManifestRemoved> RemoveAsync(string pipeline, bool drop, CancellationToken cancellationToken)
        {
            Asked.Add($"remove {pipeline} {drop}");
            return Task.FromResult(new ManifestRemoved(pipeline, [], []));
        }
    }
}
