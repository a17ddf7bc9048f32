using System.Text;
using System.Text.Json;
using PolyglotSync.Graph.Inference;

namespace PolyglotSync.Graph.Description;

/// <summary>Writes a mapping as the <c>tables:</c> part of a manifest, which reads back to the same mapping.</summary>
public static class MappingYaml
{
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase) { "null", "true", "false", "yes", "no", "on", "off", "y", "n" };

    public static string Write(GraphMapping mapping, DatabaseSchema schema)
    {
        var yaml = new StringBuilder("tables:\n");
        foreach (var table in mapping.Tables)
        {
            if (schema.Find(table.Table) is not { } described) continue;
            yaml.Append($"  {Key(table.Table.ToString())}:\n");
            if (table is NodeMapping node) yaml.Append($"{(JoinTables.Ends(described, table.Key) is null ? "" : "    as: node\n")}    label: {Scalar(node.Label)}\n");
            if (table is JoinMapping join) yaml.Append($"    as: relationship\n    type: {Scalar(join.Type)}\n");
            if (!table.Key.SequenceEqual(described.PrimaryKey)) yaml.Append($"    key: {Sequence(table.Key)}\n");
            WriteColumns(yaml, table, described);
            if (table is NodeMapping parent) WriteRelationships(yaml, parent, described);
        }
        var excluded = schema.Tables.Where(t => t.PrimaryKey.Count > 0 && mapping.Find(t.Name) is null).Select(t => t.Name.ToString()).ToList();
        if (excluded.Count > 0) yaml.Append($"exclude_tables: {Sequence(excluded)}\n");
        return yaml.ToString();
    }

    private static void WriteColumns(StringBuilder yaml, TableMapping table, TableSchema described)
    {
        var taken = table.Properties.Select(p => p.Column).ToList();
        var left = described.Columns.Where(c => !c.IsGenerated && !taken.Contains(c.Name) && !table.Key.Contains(c.Name)).Select(c => c.Name).ToList();
        if (table is NodeMapping { IncludesNewColumns: false } or JoinMapping { IncludesNewColumns: false })
            yaml.Append($"    columns: {{include: {Sequence(taken.Count > 0 ? taken : table.Key)}}}\n");
        else if (left.Count > 0) yaml.Append($"    columns: {{exclude: {Sequence(left)}}}\n");
        var changed = table.Properties.Where(p => p.Property != p.Column || p.As != PropertyEncoding.Default).ToList();
        if (changed.Count == 0) return;
        yaml.Append("    properties:\n");
        foreach (var property in changed)
        {
            var value = property.As == PropertyEncoding.Default ? Scalar(property.Property) : $"{{name: {Scalar(property.Property)}, as: {property.As.ToString().ToLowerInvariant()}}}";
            yaml.Append($"      {Key(property.Column)}: {value}\n");
        }
    }

    private static void WriteRelationships(StringBuilder yaml, NodeMapping node, TableSchema described)
    {
        if (described.ForeignKeys.Count == 0) return;
        yaml.Append("    relationships:\n");
        foreach (var key in described.ForeignKeys)
        {
            var isAlone = described.ForeignKeys.Count(k => k.Columns.SequenceEqual(key.Columns)) == 1
                && !key.Columns.Any(c => c.Contains(',', StringComparison.Ordinal) || c.Trim() != c) && !described.ForeignKeys.Any(k => k != key && k.Name == string.Join(',', key.Columns));
            var type = node.Relationships.FirstOrDefault(r => r.ForeignKey.Name == key.Name)?.Type;
            yaml.Append($"      {Key(isAlone ? string.Join(',', key.Columns) : key.Name)}: {(type is null ? "null" : Scalar(type))}\n");
        }
    }

    private static string Sequence(IEnumerable<string> items) => $"[{string.Join(", ", items.Select(Scalar))}]";

    /// <summary>A value: a manifest's reader would replace <c>${…}</c> in it.</summary>
    private static string Scalar(string text) => Key(text.Replace("${", "$${", StringComparison.Ordinal));

    /// <summary>Plain where that cannot be misread, else in double quotes.</summary>
    private static string Key(string text)
    {
        var isPlain = text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] == '_') && !Reserved.Contains(text)
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.');
        return isPlain ? text : JsonSerializer.Serialize(text, Relaxed);
    }

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
