using System.Globalization;
using PolyglotSync.Cli.Status;
using PolyglotSync.Cli.Terminal;
using PolyglotSync.Contracts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace PolyglotSync.Cli.Incidents;

/// <summary>Incidents as a table, the newest first.</summary>
internal static class IncidentTable
{
    public static IRenderable Render(IReadOnlyList<IncidentView> incidents)
    {
        if (incidents.Count == 0) return new Text("no incidents\n");
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var heading in (string[])["id", "pipeline", "node", "what", "began (UTC)", "lasted", "why", "done", "end"]) table.AddColumn(new TableColumn(new Text(heading)));
        foreach (var i in incidents)
        {
            table.AddRow(new Text(i.Id.ToString(CultureInfo.InvariantCulture)), new Text(i.Role == PipelineRole.Capture ? $"{i.Pipeline} (capture)" : i.Pipeline), new Text(i.Node), new Text(IncidentText.Word(i.Kind)),
                new Text(IncidentText.Time(i.Began)), Lasted(i), new Text(i.LastReason is null ? i.Reason : $"{i.Reason}\nlast: {i.LastReason}"),
                new Text(IncidentText.Done(i.Retries, i.CircuitOpenings, i.Restarts, i.DeadLetters, i.Relapses) is { Length: > 0 } done ? done : "-"), new Text(i.Outcome ?? "-"));
        }
        return table;
    }

    private static Text Lasted(IncidentView incident) => incident.State switch
    {
        IncidentState.Open => new Text($"{Amounts.Seconds(incident.Seconds ?? 0)} so far", new Style(Color.Yellow)),
        IncidentState.Unknown => new Text("unknown", new Style(Color.Grey)),
        _ => new Text(Amounts.Seconds(incident.Seconds ?? 0)),
    };
}
