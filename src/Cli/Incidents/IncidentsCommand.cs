using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PolyglotSync.Cli.Api;
using PolyglotSync.Cli.Terminal;
using PolyglotSync.Contracts;

namespace PolyglotSync.Cli.Incidents;

/// <summary><c>polysync incidents</c>: when a pipeline was not well, for how long, why, and what was done about it.</summary>
internal static class IncidentsCommand
{
    public static Command Create()
    {
        var options = new PipelineOptions();
        var state = new Option<string>("--state") { Description = "open, ended, unknown or all (default)", DefaultValueFactory = _ => "all", HelpName = "STATE" };
        state.AcceptOnlyFromAmong("open", "ended", "unknown", "all");
        var since = new Option<string?>("--since") { Description = "only what lasted until then or began later: 30m, 24h, 7d, or a time in UTC", HelpName = "WHEN" };
        since.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && SinceText.Parse(result.Tokens[0].Value, DateTimeOffset.UtcNow) is null) result.AddError($"--since '{result.Tokens[0].Value}' is no time; {SinceText.Rule}");
        });
        var limit = new Option<int>("--limit") { Description = "incidents at the most, 1 to 500 (default: 50)", DefaultValueFactory = _ => 50, HelpName = "N" };
        limit.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() is not (>= 1 and <= 500)) result.AddError("--limit takes 1 to 500");
        });
        var before = new Option<long?>("--before") { Description = "the next page: only incidents with a lower id", HelpName = "ID" };
        var command = new Command("incidents", "when pipelines were not well: what, when, how long, what was done") { state, since, limit, before };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = options.Client(parsed);
            var query = string.Create(CultureInfo.InvariantCulture, $"state={parsed.GetValue(state)}&limit={parsed.GetValue(limit)}")
                + (parsed.GetValue(since) is { } from ? $"&since={Uri.EscapeDataString(from)}" : "")
                + (parsed.GetValue(before) is { } id ? string.Create(CultureInfo.InvariantCulture, $"&before={id}") : "");
            var incidents = new List<IncidentView>();
            long? next = null;
            foreach (var pipeline in await options.AllAsync(client, parsed, cancellationToken))
            {
                var page = await client.IncidentsAsync(pipeline, query, cancellationToken);
                incidents.AddRange(page.Incidents);
                next = page.Next > (next ?? 0) ? page.Next : next;
            }
            incidents.Sort((a, b) => b.Began.CompareTo(a.Began));
            var output = parsed.InvocationConfiguration.Output;
            if (options.IsJson(parsed)) await output.WriteLineAsync(JsonSerializer.Serialize(incidents, ApiJson.Indented));
            else Screen.On(output, Screen.IsTerminal(output)).Write(IncidentTable.Render(incidents));
            if (next is not null) await parsed.InvocationConfiguration.Error.WriteLineAsync($"polysync: there are more: add --before {next}");
            return (int)ExitCode.Success;
        });
        return command;
    }
}
