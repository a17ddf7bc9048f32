using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PolyglotSync.Cli.Api;
using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Api;

/// <summary>The node's HTTP API. Every answer that is not a success is an <see cref="ApiError"/>.</summary>
internal static class PipelineApi
{
    /// <summary>How long a question for a watermark waits where it does not say, and the most it may say.</summary>
    public static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan MaxWait = TimeSpan.FromDays(1);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => Json(new HealthAnswer("live")));
        routes.MapGet("/health/ready", ReadyAsync);
        routes.MapGet("/api/pipelines", async (IPipelines pipelines, CancellationToken ct) => Json(await pipelines.StatusAsync(ct)));
        routes.MapGet("/api/pipelines/{name}", OneAsync);
        routes.MapGet("/api/pipelines/{name}/watermark", WatermarkAsync);
        routes.MapFallback(context => Error(context.Request.Method is "GET" or "HEAD" ? 404 : 405,
            $"there is no {context.Request.Method} {context.Request.Path}", "see /api/pipelines, /health/live, /health/ready and /metrics")
            .ExecuteAsync(context));
    }

    /// <summary>Turns what an endpoint throws into an answer.</summary>
    public static async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
            if (context.Response is { StatusCode: 405, HasStarted: false })
            {
                await Error(405, $"{context.Request.Method} is not answered here", "use GET; by POST pipelines are paused, resumed and restarted, and dead letters changed").ExecuteAsync(context);
            }
        }
        catch (TimeoutException) when (!context.Response.HasStarted)
        {
            await Error(503, "the pipelines did not answer in time", "the node is busy or stopping; try again").ExecuteAsync(context);
        }
        catch (ApiRefusal refusal) when (!context.Response.HasStarted)
        {
            await Error(refusal.Status, refusal.Message, refusal.Hint).ExecuteAsync(context);
        }
        catch (PipelineFailure failure) when (!context.Response.HasStarted)
        {
            await Error(503, failure.Message, null).ExecuteAsync(context);
        }
    }

    private static async Task<IResult> ReadyAsync(IPipelines pipelines, CancellationToken cancellationToken)
    {
        if (pipelines.Unready is { } reason) return Error(503, reason, null);
        var all = pipelines.Own(await pipelines.StatusAsync(cancellationToken));
        var unready = all.Where(p => p.State is not (PipelineState.Copying or PipelineState.Streaming or PipelineState.Standby)).ToList();
        if (unready.Count == 0) return Json(new HealthAnswer("ready", [.. all.Select(p => new PipelineHealth(p.Name, p.Role, p.State))]));
        return Error(503, string.Join("; ", unready.Select(p => $"pipeline '{p.Name}' is {p.State.ToString().ToLowerInvariant()}{(p.Reason is null ? "" : $": {p.Reason}")}")), null);
    }

    private static async Task<IResult> OneAsync(string name, IPipelines pipelines, CancellationToken cancellationToken)
    {
        var all = await pipelines.StatusAsync(cancellationToken);
        return all.FirstOrDefault(p => p.Name == name) is { } found ? Json(found) : Unknown(name, all);
    }

    private static async Task<IResult> WatermarkAsync(string name, string? wait, string? timeout, IPipelines pipelines, CancellationToken cancellationToken)
    {
        var all = await pipelines.StatusAsync(cancellationToken);
        if (all.FirstOrDefault(p => p.Name == name) is not { } found) return Unknown(name, all);
        if (wait is null) return Json(new WatermarkAnswer(name, found.Watermark, Reached: true));

        Lsn? lsn = null;
        if (wait != "now")
        {
            if (!Lsn.TryParse(wait, out var read)) return Error(400, $"wait={wait} is not an LSN", "it looks like 0/16B3748, or is 'now'");
            lsn = read;
        }
        var patience = DefaultWait;
        if (timeout is not null)
        {
            if (!long.TryParse(timeout, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) || milliseconds > MaxWait.TotalMilliseconds)
            {
                return Error(400, $"timeout={timeout} is not a number of milliseconds", $"it takes 0 to {MaxWait.TotalMilliseconds:0}");
            }
            patience = TimeSpan.FromMilliseconds(milliseconds);
        }
        return Json(await pipelines.WaitAsync(name, lsn, patience, cancellationToken));
    }

    private static IResult Unknown(string name, IReadOnlyList<PipelineStatus> all) =>
        Error(404, $"this node runs no pipeline '{name}'", all.Count == 0 ? null : $"it runs {string.Join(", ", all.Select(p => p.Name))}");

    private static IResult Error(int status, string error, string? hint) => Results.Json(new ApiError(error, hint), ApiJson.Options, statusCode: status);

    private static IResult Json<T>(T value) => Results.Json(value, ApiJson.Options);
}
