using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PolyglotSync.Contracts;
using PolyglotSync.Graph.Description;

namespace PolyglotSync.SyncNode.Plan;

/// <summary>A plan for people (YAML that a manifest takes as it is, the Cypher in comments) and for programs (JSON).</summary>
internal static class PlanText
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Yaml(PipelineSettings settings, string mapping, IReadOnlyList<TableDescription> tables)
    {
        var text = new StringBuilder();
        text.Append($"# The mapping of pipeline '{settings.Name}'. Put what you change into its manifest: the rest is inferred.\n");
        text.Append(mapping);
        text.Append("\n# What is run for each table's changes ($rows: lists of values, the key's first)\n");
        foreach (var table in tables)
        {
            text.Append($"#\n# {table.Table}: {table.Pattern}\n");
            foreach (var statement in table.Statements) text.Append($"#   {statement.When}: {statement.Cypher.ReplaceLineEndings(" ")}\n");
        }
        return text.ToString().TrimEnd('\n');
    }

    public static string Json(PipelineSettings settings, IReadOnlyList<TableDescription> tables, IReadOnlyList<string> warnings) => JsonSerializer.Serialize(new
    {
        pipeline = settings.Name,
        tables = tables.Select(t => new { table = t.Table.ToString(), t.Pattern, statements = t.Statements.Select(s => new { s.When, s.Cypher }) }),
        warnings,
    }, Options);
}
