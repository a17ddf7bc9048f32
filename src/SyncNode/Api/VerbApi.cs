using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PolyglotSync.Cli.Api;
using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Api;

/// <summary>A person's word on a pipeline over HTTP: pause, resume, restart. Each is answered with the pipeline's status, a pause and a restart once what was in flight is written.</summary>
internal static class VerbApi
{
    public const int MaxReason = 500;

    public static void Map(IEndpointRouteBuilder routes, ApiToken token)
    {
        var pipeline = routes.MapGroup("/api/pipelines/{name}").AddEndpointFilter(token.FilterAsync);
        pipeline.MapPost("/pause", async (string name, HttpRequest request, IPipelines pipelines, CancellationToken ct) =>
            Json(await pipelines.ChangeAsync(name, PipelineVerb.Pause, await ReasonAsync(request, ct), ct)));
        pipeline.MapPost("/resume", async (string name, IPipelines pipelines, CancellationToken ct) => Json(await pipelines.ChangeAsync(name, PipelineVerb.Resume, null, ct)));
        pipeline.MapPost("/restart", async (string name, IPipelines pipelines, CancellationToken ct) => Json(await pipelines.ChangeAsync(name, PipelineVerb.Restart, null, ct)));
    }

    private static async Task<string?> ReasonAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        if (body.Length == 0) return null;
        try
        {
            var reason = JsonSerializer.Deserialize<PauseRequest>(body.ToArray(), ApiJson.Options)?.Reason?.Trim();
            if (reason is { Length: > MaxReason }) throw new ApiRefusal(400, $"the reason has {reason.Length} characters", $"it takes up to {MaxReason}");
            return reason is { Length: > 0 } ? reason : null;
        }
        catch (JsonException e)
        {
            throw new ApiRefusal(400, $"the body is not JSON of a pause: {e.Message}", "it looks like {\"reason\": \"new disks\"}, or is left out");
        }
    }

    private static IResult Json(PipelineStatus status) => Results.Json(status, ApiJson.Options);
}
