using System.CommandLine;
using PolyglotSync.Cli.Api;
using PolyglotSync.Cli.Docs;
using PolyglotSync.Contracts;

namespace PolyglotSync.Cli.Incidents;

/// <summary><c>polysync incidents</c>: when a pipeline was not well, for how long, why, and what was done about it.</summary>
internal static class IncidentsCommand
{
    public static Command Create()
    {
        var page = new PageOptions("incidents", "all", "open", "ended", "unknown", "all");
        var since = new Option<string?>("--since") { Description = "only what lasted until then or began later: 30m, 24h, 7d, or a time in UTC", HelpName = "WHEN" };
        since.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && SinceText.Parse(result.Tokens[0].Value, DateTimeOffset.UtcNow) is null) result.AddError($"--since '{result.Tokens[0].Value}' is no time; {SinceText.Rule}");
        });
        var command = new Command("incidents", "when pipelines were not well: what, when, how long, what was done") { since };
        page.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await page.PrintAsync(parsed, ("since", parsed.GetValue(since)), isOfGraphs: false, async (client, pipeline, query) =>
            {
                var incidents = await client.IncidentsAsync(pipeline, query, cancellationToken);
                return (incidents.Incidents, incidents.Next);
            }, IncidentTable.Render, cancellationToken, order: (a, b) => b.Began.CompareTo(a.Began));
            return (int)ExitCode.Success;
        });
        command.Document(new CommandPage
        {
            Prints = "An incident a row on stdout: id, pipeline, what, when it began, how long it lasted, why, what was done, how it ended ([a transcript, and what each means](operations.md#incidents)). Where there are more, stderr says with which "
                + "`--before` the next page begins.",
            Codes = [CommandCode.NoNode],
            Examples = [new("incidents", "the newest first, of all pipelines of the node"), new("incidents --state open", "what lasts"), new("incidents --since 24h -o json", "what lasted until then, or began later")],
        });
        return command;
    }
}
