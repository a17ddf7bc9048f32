using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using PolyglotSync.Cli.Api;
using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Api;

/// <summary>The node's manifests over HTTP. Every request needs the token: manifests name servers, and applying one changes what runs.</summary>
internal static class ManifestApi
{
    /// <summary>Larger than any manifest, or a set of them.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder routes, ApiToken token)
    {
        var manifests = routes.MapGroup("/api/manifests").AddEndpointFilter(token.FilterAsync);
        manifests.MapGet("", ([FromServices] IManifestDesk desk) => Json(desk.List()));
        manifests.MapGet("/{name}", (string name, [FromServices] IManifestDesk desk) => One(name, desk));
        manifests.MapPost("/plan", (HttpRequest request, [FromServices] IManifestDesk desk, CancellationToken ct) => SaidAsync(async () => Json(await desk.PlanAsync(await SetAsync(request, ct), ct))));
        manifests.MapPut("/{name}", (string name, string? file, string? dry_run, HttpRequest request, [FromServices] IManifestDesk desk, CancellationToken ct) => SaidAsync(async () =>
            Json(await desk.ApplyAsync(name, new ManifestFile(string.IsNullOrEmpty(file) ? $"{name}.yaml" : file, await TextAsync(request, ct)), Flag("dry_run", dry_run), ct))));
        manifests.MapDelete("/{name}", async (string name, string? drop, string? drop_slot, [FromServices] IManifestDesk desk, CancellationToken ct) =>
            Json(await desk.RemoveAsync(name, Flag("drop", drop) || Flag("drop_slot", drop_slot), ct)));
    }

    public static ApiRefusal Unknown(string name, IEnumerable<string> known) => new(404, $"this node runs no pipeline '{name}'", known.ToList() is { Count: > 0 } all ? $"it runs {string.Join(", ", all)}" : "it runs none");

    private static IResult One(string name, IManifestDesk desk)
    {
        var all = desk.List().Manifests;
        return Json(all.FirstOrDefault(m => m.Pipeline == name) ?? throw Unknown(name, all.Select(m => m.Pipeline)));
    }

    /// <summary>Mistakes in a manifest are the sender's.</summary>
    private static async Task<IResult> SaidAsync(Func<Task<IResult>> answer)
    {
        try
        {
            return await answer();
        }
        catch (PipelineFailure failure) when (failure.ExitCode == ExitCode.InvalidManifest)
        {
            throw new ApiRefusal(422, failure.Message, null);
        }
    }

    private static async Task<ManifestSet> SetAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        const string Hint = """it looks like {"manifests": [{"file": "shop.yaml", "text": "pipeline: shop …"}], "isWhole": false}""";
        try
        {
            var set = JsonSerializer.Deserialize<ManifestSet>(await TextAsync(request, cancellationToken), ApiJson.Options);
            return set?.Manifests is { } manifests && manifests.All(m => m is { File: not null, Text: not null }) ? set : throw new ApiRefusal(400, "the body names no manifests", Hint);
        }
        catch (JsonException e)
        {
            throw new ApiRefusal(400, $"the body is not what is expected: {e.Message}", Hint);
        }
    }

    private static async Task<string> TextAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            body.Write(buffer, 0, read);
            if (body.Length > MaxBytes) throw new ApiRefusal(413, $"the body has more than {MaxBytes / 1024 / 1024} MiB", "a manifest is a few KiB of YAML");
        }
        return Encoding.UTF8.GetString(body.ToArray());
    }

    private static bool Flag(string name, string? value) => value switch
    {
        null or "false" => false,
        "" or "true" => true,
        _ => throw new ApiRefusal(400, $"{name}={value} is neither true nor false", null),
    };

    private static IResult Json<T>(T value) => Results.Json(value, ApiJson.Options);
}
