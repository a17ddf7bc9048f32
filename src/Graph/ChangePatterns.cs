using System.Text;

namespace PolyglotSync.Graph;

/// <summary>Shows a change as a Cypher pattern: <c>CREATE (:User {id: 7, name: 'Ada'})</c>. Holds row data: only for a view that a person asked for.</summary>
public static class ChangePatterns
{
    private const int ShownProperties = 4;
    private const int ShownCharacters = 24;

    /// <returns>One line; null for a table that is not mapped.</returns>
    public static string? Describe(GraphMapping mapping, in RowOperation operation)
    {
        var verb = operation.Kind switch
        {
            RowOperationKind.Insert => "CREATE",
            RowOperationKind.Upsert => "MERGE",
            RowOperationKind.Update => "SET",
            _ => "DELETE",
        };
        var isDelete = operation.Kind == RowOperationKind.Delete;
        var image = isDelete ? operation.Old.Image : operation.New.Image;
        var relation = isDelete ? operation.OldRelation : operation.Relation;
        return mapping.Find(relation.Table) switch
        {
            NodeMapping node => $"{verb} (:{node.Label}{Node(node, relation, image, isDelete)})",
            JoinMapping join => $"{verb} {End(mapping, join.Start, relation, image)}-[:{join.Type}{Properties(join, relation, image)}]->{End(mapping, join.End, relation, image)}",
            _ => null,
        };
    }

    private static string Node(NodeMapping node, Relation relation, RowImage image, bool keyOnly)
    {
        var values = new List<string>();
        foreach (var column in node.Key) Add(values, NameOf(node, column), relation, column, image);
        if (!keyOnly)
        {
            foreach (var property in node.Properties.Where(p => !node.Key.Contains(p.Column)).Take(ShownProperties)) Add(values, property.Property, relation, property.Column, image);
        }
        return Braces(values, !keyOnly && node.Properties.Count > node.Key.Count + ShownProperties);
    }

    private static string Properties(JoinMapping join, Relation relation, RowImage image)
    {
        var values = new List<string>();
        foreach (var property in join.Properties.Take(ShownProperties)) Add(values, property.Property, relation, property.Column, image);
        return Braces(values, join.Properties.Count > ShownProperties);
    }

    private static string End(GraphMapping mapping, ForeignKey key, Relation relation, RowImage image)
    {
        if (mapping.Find(key.ReferencedTable) is not NodeMapping node) return "()";
        var values = new List<string>();
        for (var i = 0; i < key.Columns.Count; i++) Add(values, NameOf(node, key.ReferencedColumns[i]), relation, key.Columns[i], image);
        return $"(:{node.Label}{Braces(values, false)})";
    }

    private static string NameOf(TableMapping table, string column) => table.Properties.FirstOrDefault(p => p.Column == column)?.Property ?? column;

    private static string Braces(List<string> values, bool hasMore) =>
        values.Count == 0 ? "" : $" {{{string.Join(", ", values)}{(hasMore ? ", …" : "")}}}";

    private static void Add(List<string> values, string name, Relation relation, string column, RowImage image)
    {
        var ordinal = relation.Ordinal(column);
        if (ordinal < 0 || !image.HasValue(ordinal)) return;
        var text = Encoding.UTF8.GetString(image[ordinal]).ReplaceLineEndings(" ");
        values.Add(relation.Columns[ordinal].Type.Kind switch
        {
            PgKind.Int2 or PgKind.Int4 or PgKind.Int8 or PgKind.Oid or PgKind.Float4 or PgKind.Float8 => $"{name}: {text}",
            PgKind.Bool => $"{name}: {(text == "t" ? "true" : "false")}",
            _ => $"{name}: '{Short(text)}'",
        });
    }

    private static string Short(string text)
    {
        if (text.Length <= ShownCharacters) return text;
        var end = char.IsHighSurrogate(text[ShownCharacters - 1]) ? ShownCharacters - 1 : ShownCharacters;
        return text[..end] + "…";
    }
}
