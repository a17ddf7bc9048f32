using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PolyglotSync.Cli.Api;
using PolyglotSync.Cli.Terminal;
using PolyglotSync.Contracts;

namespace PolyglotSync.Cli.DeadLetters;

/// <summary><c>polysync dlq list</c>: a page of letters, the newest first.</summary>
internal static class DlqListCommand
{
    public static Command Create()
    {
        var options = new PipelineOptions();
        var table = new Option<string?>("--table") { Description = "only of this table", HelpName = "TABLE" };
        var state = new Option<string>("--state") { Description = "open (default), resolved, discarded or all", DefaultValueFactory = _ => "open", HelpName = "STATE" };
        state.AcceptOnlyFromAmong("open", "resolved", "discarded", "all");
        var limit = new Option<int>("--limit") { Description = "letters at the most, 1 to 500 (default: 50)", DefaultValueFactory = _ => 50, HelpName = "N" };
        limit.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() is not (>= 1 and <= 500)) result.AddError("--limit takes 1 to 500");
        });
        var before = new Option<long?>("--before") { Description = "the next page: only letters with a lower id", HelpName = "ID" };
        var command = new Command("list", "list dead letters, the newest first") { table, state, limit, before };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = options.Client(parsed);
            var query = string.Create(CultureInfo.InvariantCulture, $"state={parsed.GetValue(state)}&limit={parsed.GetValue(limit)}")
                + (parsed.GetValue(table) is { } named ? $"&table={Uri.EscapeDataString(named)}" : "")
                + (parsed.GetValue(before) is { } id ? string.Create(CultureInfo.InvariantCulture, $"&before={id}") : "");
            var letters = new List<DeadLetterView>();
            long? next = null;
            foreach (var pipeline in await options.PipelinesAsync(client, parsed, cancellationToken))
            {
                var page = await client.DeadLettersAsync(pipeline, query, cancellationToken);
                letters.AddRange(page.Letters);
                next = page.Next > (next ?? 0) ? page.Next : next;
            }
            var output = parsed.InvocationConfiguration.Output;
            if (options.IsJson(parsed)) await output.WriteLineAsync(JsonSerializer.Serialize(letters, ApiJson.Indented));
            else Screen.On(output, Screen.IsTerminal(output)).Write(DlqTables.List(letters));
            if (next is not null) await parsed.InvocationConfiguration.Error.WriteLineAsync($"polysync: there are more: add --before {letters.Min(l => l.Id)}");
            return (int)ExitCode.Success;
        });
        return command;
    }
}
