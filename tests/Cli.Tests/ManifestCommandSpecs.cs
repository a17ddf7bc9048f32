using System.Text.Json;
using PolyglotSync.Cli.Api;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;

namespace PolyglotSync.Cli.Tests;

public sealed class ManifestCommandSpecs : IDisposable
{
    private static readonly ManifestChange Changed = new("shop", "", ManifestAction.Changed, ManifestNeed.Restart, [new("limits.writers", "4", "8")], [], []);

    private readonly string _folder = Directory.CreateTempSubdirectory("polysync-").FullName;
    private readonly string _token;

    public ManifestCommandSpecs()
    {
        _token = Path.Combine(_folder, "token");
        File.WriteAllText(_token, "0123456789abcdef\n");
        File.WriteAllText(Path.Combine(_folder, "shop.yaml"), "pipeline: shop\n");
        File.WriteAllText(Path.Combine(_folder, "new.yml"), "pipeline: new\n");
        File.WriteAllText(Path.Combine(_folder, ".hidden.yaml"), "pipeline: hidden\n");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Shop => Path.Combine(_folder, "shop.yaml");

    private FakeNode Node(params ManifestChange[] changes) => Node("/etc/polysync", changes);

    private FakeNode Node(string? folder, params ManifestChange[] changes) => new(path => path switch
    {
        "/api/manifests/plan" => (200, Json(new ManifestPlan(changes, folder))),
        "/api/manifests" => (200, Json(new ManifestList([new("cli", null, null, true), new("shop", Shop, "pipeline: shop\n", true)], folder))),
        "/api/manifests/shop" or "/api/manifests/shop?drop=true" => (200, path.EndsWith("true", StringComparison.Ordinal)
            ? Json(new ManifestRemoved("shop", ["slot 'polysync_shop'", "publication 'polysync_shop'"], ["what the graph has of it stays as it is"])) : Json(new ManifestView("shop", Shop, "pipeline: shop\n", true))),
        "/api/manifests/old" => (200, Json(new ManifestRemoved("old", [], ["its slot stays"]))),
        _ when path.StartsWith("/api/manifests/bad?", StringComparison.Ordinal) => (409, Json(new ApiError("it is just being changed"))),
        _ when path.Contains("?file=", StringComparison.Ordinal) => (200, Json(changes.First(c => path.StartsWith($"/api/manifests/{c.Pipeline}?", StringComparison.Ordinal)))),
        _ => (404, Json(new ApiError("no such thing"))),
    });

    private Task<(ExitCode Code, string Out, string Error)> RunAsync(FakeNode node, params string[] args) => Polysync.RunAsync([.. args, "--api", node.Address, "--token-file", _token]);

    [Fact]
    public async Task A_dry_run_sends_the_files_of_a_folder_at_once_and_applies_none()
    {
        await using var node = Node(Changed, new ManifestChange("new", Path.Combine(_folder, "new.yml"), ManifestAction.Added, ManifestNeed.Start, [], [], ["a note"]));
        var (code, output, error) = await RunAsync(node, "apply", _folder, "--dry-run");
        (code, error).ShouldBe((ExitCode.Success, ""));
        foreach (var word in (string[])["shop", "changed", "a restart", "limits.writers: 4 → 8", "new", "added", "a start", "a note"]) output.ShouldContain(word);
        var request = node.Requests.ShouldHaveSingleItem();
        (request.Method, request.Path, request.Authorization).ShouldBe(("POST", "/api/manifests/plan", "Bearer 0123456789abcdef"));
        JsonSerializer.Deserialize<ManifestSet>(request.Body, ApiJson.Options)!.Manifests.Select(m => (Path.GetFileName(m.File), m.Text)).ShouldBe([("new.yml", "pipeline: new\n"), ("shop.yaml", "pipeline: shop\n")]);
    }

    [Fact]
    public async Task What_is_planned_is_put_one_by_one_and_what_is_refused_does_not_stop_the_others()
    {
        await using var node = Node(new ManifestChange("old", null, ManifestAction.Removed, ManifestNeed.Stop, [], [], []), Changed with { Pipeline = "bad", File = Path.Combine(_folder, "new.yml") }, Changed with { File = Shop });
        var (code, output, error) = await RunAsync(node, "apply", _folder, "--prune", "-o", "json");
        code.ShouldBe(ExitCode.Failed);
        error.ShouldContain("bad: it is just being changed");
        JsonSerializer.Deserialize<ManifestPlan>(output, ApiJson.Options)!.Changes.Select(c => (c.Pipeline, c.Refusal)).ShouldBe([("old", null), ("bad", "it is just being changed"), ("shop", null)]);
        node.Requests.Select(r => (r.Method, r.Path.Split('?')[0], r.Body)).Skip(1).ShouldBe(
            [("DELETE", "/api/manifests/old", ""), ("PUT", "/api/manifests/bad", "pipeline: new\n"), ("PUT", "/api/manifests/shop", "pipeline: shop\n")]);
        JsonSerializer.Deserialize<ManifestSet>(node.Requests[0].Body, ApiJson.Options)!.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public async Task What_the_plan_refuses_is_not_sent()
    {
        await using var node = Node(Changed with { File = Shop, Need = ManifestNeed.CopyAnew, Refusal = "only a copy anew would do" });
        var (code, output, _) = await RunAsync(node, "apply", Shop);
        code.ShouldBe(ExitCode.Failed);
        output.ShouldContain("refused: only a copy anew would do");
        node.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_node_that_keeps_nothing_is_said()
    {
        await using var node = Node(folder: null, Changed with { File = Shop });
        (await RunAsync(node, "apply", Shop)).Error.ShouldContain("lasts until it ends");
    }

    [Fact]
    public async Task Mistakes_come_from_the_node_with_code_3()
    {
        await using var node = new FakeNode(_ => (422, "{\"error\": \"the manifest has a mistake:\\nshop.yaml:1:1: x\"}"));
        var (code, _, error) = await RunAsync(node, "apply", Shop);
        code.ShouldBe(ExitCode.InvalidManifest);
        error.ShouldContain("shop.yaml:1:1: x");
    }

    [Fact]
    public async Task Only_a_folder_can_be_pruned_to()
    {
        await using var node = Node();
        var (code, _, error) = await RunAsync(node, "apply", Shop, "--prune");
        (code, node.Requests.Count).ShouldBe((ExitCode.Usage, 0));
        error.ShouldContain("--prune");
    }

    [Fact]
    public async Task A_difference_is_code_9_and_none_is_0()
    {
        await using var node = Node(Changed);
        var (code, output, _) = await RunAsync(node, "diff", _folder);
        code.ShouldBe(ExitCode.Diverged);
        output.ShouldContain("4 → 8");
        JsonSerializer.Deserialize<ManifestSet>(node.Requests[0].Body, ApiJson.Options)!.IsWhole.ShouldBeTrue();

        await using var same = Node(Changed with { Action = ManifestAction.Unchanged, Need = ManifestNeed.Nothing, Keys = [] });
        (code, output, _) = await RunAsync(same, "diff", Shop);
        (code, output.Trim()).ShouldBe((ExitCode.Success, "no difference"));
        JsonSerializer.Deserialize<ManifestSet>(same.Requests[0].Body, ApiJson.Options)!.IsWhole.ShouldBeFalse();
    }

    [Fact]
    public async Task One_manifest_is_shown_as_it_is_and_all_as_a_table()
    {
        await using var node = Node();
        (await RunAsync(node, "get", "shop")).Out.ShouldBe("pipeline: shop\n");
        var (_, table, _) = await RunAsync(node, "get");
        foreach (var word in (string[])["cli", "the command line", "shop.yaml", "as it is"]) table.ShouldContain(word);
        var (_, yaml, error) = await RunAsync(node, "get", "-o", "yaml");
        (yaml, error.Trim()).ShouldBe(("pipeline: shop\n", "polysync: pipeline 'cli' was said on the command line: it has no manifest"));
        JsonSerializer.Deserialize<ManifestView[]>((await RunAsync(node, "get", "-o", "json")).Out, ApiJson.Options)!.Length.ShouldBe(2);
    }

    [Fact]
    public async Task A_pipeline_is_deleted_and_what_was_dropped_is_said()
    {
        await using var node = Node();
        var (code, output, _) = await RunAsync(node, "delete", "shop", "--yes", "--drop-slot");
        code.ShouldBe(ExitCode.Success);
        output.ShouldContain("pipeline 'shop' is deleted, and slot 'polysync_shop' and publication 'polysync_shop' dropped");
        node.Requests.ShouldHaveSingleItem().Method.ShouldBe("DELETE");
    }

    [Fact]
    public async Task A_manifest_that_cannot_be_read_is_code_3()
    {
        await using var node = Node();
        (await RunAsync(node, "apply", Path.Combine(_folder, "none.yaml"))).Code.ShouldBe(ExitCode.InvalidManifest);
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, ApiJson.Options);
}
