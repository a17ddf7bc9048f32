using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using PolyglotSync.Cli.Api;
using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Api;

/// <summary>The incident log over HTTP. It holds neither rows nor secrets, so it needs the token as little as the status does.</summary>
internal static class IncidentApi
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 500;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/pipelines/{name}/incidents", ListAsync);

    private static async Task<IResult> ListAsync(
        string name, string? state, string? since, string? before, string? limit, HttpContext context, [FromServices] IIncidentDesk desk, CancellationToken cancellationToken)
    {
        var now = (context.RequestServices.GetService<TimeProvider>() ?? TimeProvider.System).GetUtcNow();
        var filter = new IncidentFilter(name, state switch
        {
            null or "all" => null,
            "open" => IncidentState.Open,
            "ended" => IncidentState.Ended,
            "unknown" => IncidentState.Unknown,
            _ => throw new ApiRefusal(400, $"state={state} is none", "it takes open, ended, unknown or all"),
        }, since is null ? null : SinceText.Parse(since, now) ?? throw new ApiRefusal(400, $"since={since} is neither a time nor a duration", SinceText.Rule));
        var most = limit is null ? DefaultLimit : (int)Number("limit", limit, 1, MaxLimit);
        var found = await desk.ListAsync(filter, before is null ? null : Number("before", before, 0, long.MaxValue), most, cancellationToken);
        return Results.Json(new IncidentPage([.. found.Select(i => IncidentView.Of(i, now))], found.Count == most ? found[^1].Id : null), ApiJson.Options);
    }

    private static long Number(string name, string text, long from, long to) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= from && number <= to ? number
            : throw new ApiRefusal(400, $"{name}={text} is not a number that fits", to == long.MaxValue ? $"it takes numbers from {from} on" : $"it takes {from} to {to}");
}
