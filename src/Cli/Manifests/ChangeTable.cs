using PolyglotSync.Contracts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace PolyglotSync.Cli.Manifests;

/// <summary>What manifests change, as a table.</summary>
internal static class ChangeTable
{
    public static IRenderable Of(IReadOnlyList<ManifestChange> changes)
    {
        if (changes.Count == 0) return new Text("no manifests\n");
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var heading in (string[])["pipeline", "change", "needs", "what"]) table.AddColumn(new TableColumn(new Text(heading)));
        table.Columns[0].NoWrap();
        table.Columns[1].NoWrap();
        table.Columns[2].NoWrap();
        foreach (var change in changes) table.AddRow(new Text(change.Pipeline), Action(change), new Text(Need(change)), new Text(string.Join('\n', Lines(change))));
        return table;
    }

    public static string Need(ManifestChange change) => change switch
    {
        { Need: ManifestNeed.CopyAnew } => "a copy anew",
        { Need: ManifestNeed.Nothing } => "nothing",
        { Need: ManifestNeed.Start } => "a start",
        { Need: ManifestNeed.Restart } => "a restart",
        { Need: ManifestNeed.CopyTables } => "a restart, a copy",
        _ => "a stop",
    };

    /// <summary>Each key that differs, each table to be copied, each note.</summary>
    public static IEnumerable<string> Lines(ManifestChange change)
    {
        if (change.Refusal is { } refusal) yield return $"refused: {refusal}";
        foreach (var key in change.Keys) yield return $"{key.Key}: {key.Old ?? "(not said)"} → {key.New ?? "(not said)"}";
        foreach (var table in change.Tables) yield return $"copies {table}";
        foreach (var note in change.Notes) yield return note;
    }

    private static Text Action(ManifestChange change) => new(change.Action.ToString().ToLowerInvariant() + (change.Refusal is null ? "" : ", refused"), change switch
    {
        { Refusal: not null } => new Style(Color.Red),
        { Action: ManifestAction.Added } => new Style(Color.Green),
        { Action: ManifestAction.Changed } => new Style(Color.Yellow),
        { Action: ManifestAction.Removed } => new Style(Color.Red),
        _ => new Style(Color.Grey),
    });
}
