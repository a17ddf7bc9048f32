using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PolyglotSync.Cli.Api;
using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Api;

/// <summary>Dead letters over HTTP. Reading them needs the token too: they hold rows.</summary>
internal static class DeadLetterApi
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 500;

    public static void Map(IEndpointRouteBuilder routes, ApiToken token)
    {
        var letters = routes.MapGroup("/api/pipelines/{name}/dead-letters").AddEndpointFilter(token.FilterAsync);
        letters.MapGet("", ListAsync);
        letters.MapGet("/{id:long}", OneAsync);
        letters.MapPost("/{id:long}/retry", async (string name, long id, IDeadLetterDesk desk, CancellationToken ct) =>
            Changed(202, await desk.RetryAsync(new DeadLetterFilter(name) { Ids = [id] }, ct)));
        letters.MapPost("/{id:long}/discard", async (string name, long id, IDeadLetterDesk desk, CancellationToken ct) =>
            Changed(200, await desk.DiscardAsync(new DeadLetterFilter(name) { Ids = [id] }, ct)));
        letters.MapPost("/retry", async (string name, HttpRequest request, IDeadLetterDesk desk, CancellationToken ct) =>
            Changed(202, await desk.RetryAsync(await SelectionAsync(name, request, ct), ct)));
        letters.MapPost("/discard", async (string name, HttpRequest request, IDeadLetterDesk desk, CancellationToken ct) =>
            Changed(200, await desk.DiscardAsync(await SelectionAsync(name, request, ct), ct)));
    }

    private static async Task<IResult> ListAsync(
        string name, string? table, string? state, string? ids, string? before, string? limit, IDeadLetterDesk desk, CancellationToken cancellationToken)
    {
        var filter = new DeadLetterFilter(name)
        {
            Tables = table is null ? null : [TableName.Parse(table)],
            State = state switch
            {
                null or "open" => ids is null || state is not null ? DeadLetterState.Open : null,
                "resolved" => DeadLetterState.Resolved,
                "discarded" => DeadLetterState.Discarded,
                "all" => null,
                _ => throw new ApiRefusal(400, $"state={state} is none", "it takes open, resolved, discarded or all"),
            },
            Ids = ids?.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(id => Number("ids", id, 1, long.MaxValue)).ToArray(),
        };
        var most = limit is null ? DefaultLimit : (int)Number("limit", limit, 1, MaxLimit);
        var found = await desk.ListAsync(filter, before is null ? null : Number("before", before, 0, long.MaxValue), most, cancellationToken);
        return Results.Json(new DeadLetterPage([.. found.Select(DeadLetterView.Of)], found.Count == most ? found[^1].Id : null), ApiJson.Options);
    }

    private static async Task<IResult> OneAsync(string name, long id, IDeadLetterDesk desk, CancellationToken cancellationToken)
    {
        var found = await desk.ListAsync(new DeadLetterFilter(name) { Ids = [id], WithRows = true }, null, 1, cancellationToken);
        return found.Count == 0 ? throw Unknown(name, [id]) : Results.Json(DeadLetterView.Of(found[0]), ApiJson.Options);
    }

    internal static ApiRefusal Unknown(string pipeline, IReadOnlyList<long> ids) =>
        new(404, $"pipeline '{pipeline}' has no dead letter {string.Join(", ", ids)}", "'polysync dlq list --state all' names those that there are");

    private static async Task<DeadLetterFilter> SelectionAsync(string name, HttpRequest request, CancellationToken cancellationToken)
    {
        const string Hint = """it looks like {"ids": [7, 8]}, {"table": "public.users"} or {"all": true}""";
        DeadLetterSelection? selection;
        try
        {
            selection = await JsonSerializer.DeserializeAsync<DeadLetterSelection>(request.Body, ApiJson.Options, cancellationToken);
        }
        catch (JsonException e)
        {
            throw new ApiRefusal(400, $"the body is not what is expected: {e.Message}", Hint);
        }
        var ways = (selection?.Ids is { Count: > 0 } ? 1 : 0) + (string.IsNullOrEmpty(selection?.Table) ? 0 : 1) + (selection?.All == true ? 1 : 0);
        if (ways != 1) throw new ApiRefusal(400, "the body names no letters, or in more than one way", Hint);
        return new DeadLetterFilter(name)
        {
            Ids = selection!.Ids is { Count: > 0 } ids ? [.. ids.Distinct()] : null,
            Tables = string.IsNullOrEmpty(selection.Table) ? null : [TableName.Parse(selection.Table)],
        };
    }

    private static long Number(string name, string text, long from, long to) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= from && number <= to ? number
            : throw new ApiRefusal(400, $"{name}={text} is not a number that fits", to == long.MaxValue ? $"it takes numbers from {from} on" : $"it takes {from} to {to}");

    private static IResult Changed(int status, IReadOnlyList<long> ids) => Results.Json(new DeadLettersChanged(ids), ApiJson.Options, statusCode: status);
}
