using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PolyglotSync.Contracts;
using PolyglotSync.Graph.Description;

namespace PolyglotSync.SyncNode.Init;

/// <summary>What a first manifest is made of.</summary>
/// <param name="Where">The source for people: host, port and database.</param>
/// <param name="SchemaFile">The JSON schema beside the manifest; null: none is there.</param>
internal sealed record InitContent(
    string Name, string Where, AddressText Source, AddressText Target, IReadOnlyList<string> Schemas, Consistency Consistency, GraphMapping Mapping, DatabaseSchema Schema,
    IReadOnlyList<string> Warnings, string? SchemaFile);

/// <summary>A first manifest, for a person to go on with: the mapping as inferred, said in full, so that a name stays when tables are added later.</summary>
internal static class InitText
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(InitContent content)
    {
        var text = new StringBuilder();
        if (content.SchemaFile is { } file) text.Append($"# yaml-language-server: $schema={file}\n");
        text.Append($"# Written by 'polysync init' from {OneLine(content.Where)}. What may be said: docs/manifest.md\n");
        text.Append($"pipeline: {content.Name}\n\n");
        text.Append("source:\n");
        Explain(text, content.Source.Variables, "the source's password, special characters as %XX");
        text.Append($"  dsn: {Quoted(content.Source.Text)}\n");
        text.Append($"  schemas: [{string.Join(", ", content.Schemas.Select(s => Quoted(s.Replace("${", "$${", StringComparison.Ordinal))))}]\n");
        text.Append("  # slot and publication are named after the pipeline; slot: and publication: name others\n\n");
        text.Append("target:\n");
        Explain(text, content.Target.Variables, "the graph's password, special characters as %XX");
        if (content.Target.Variables.Count == 0) text.Append("  # the login, where there is one: POLYSYNC_TARGET_USER and POLYSYNC_TARGET_PASSWORD, or files that they name with _FILE added\n");
        text.Append($"  uri: {Quoted(content.Target.Text)}\n\n");
        text.Append($"consistency: {content.Consistency.ToString().ToLowerInvariant()}   # transactional: whole source transactions; parallel: several writers at once\n");
        text.Append("on_poison: dead_letter        # a row that the graph refuses is kept aside; or halt\n");
        if (content.Warnings.Count > 0)
        {
            text.Append("\n# What is not in the graph, or not as one may expect:\n");
            foreach (var warning in content.Warnings) text.Append($"#   {OneLine(warning)}\n");
        }
        if (content.Mapping.Tables.Count == 0) return text.Append("\n# There is no table with a key yet. Those that come are mapped by their keys and foreign keys.\n").ToString();
        text.Append("\n# What each table becomes, as inferred from keys and foreign keys. What is left out here is inferred again at every start; so are tables that come later.\n");
        text.Append("# Once the graph is filled, labels, types, keys and property names stay as they are.\n");
        foreach (var table in PlanDescription.Of(content.Mapping, content.Schema)) text.Append($"#   {OneLine($"{table.Table}: {table.Pattern}")}\n");
        return text.Append(MappingYaml.Write(content.Mapping, content.Schema)).ToString();
    }

    private static void Explain(StringBuilder text, IReadOnlyList<string> variables, string what)
    {
        foreach (var variable in variables) text.Append($"  # {variable}: {what}; or ${{file:/run/secrets/…}} in its place\n");
    }

    private static string Quoted(string text) => JsonSerializer.Serialize(text, Relaxed);

    /// <summary>A comment ends with its line.</summary>
    private static string OneLine(string text) => new([.. text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' or '\u0085' ? ' ' : c)]);
}
