using System.Text;
using PolyglotSync.Contracts;

namespace PolyglotSync.Graph;

/// <summary>A change as a Cypher pattern for people, values cut to 24 characters: <c>(:User {id: 7, name: 'Ada'})</c>.</summary>
public static class ChangePatterns
{
    private const int LongestValue = 24;

    public static string Describe(GraphMapping mapping, in RowOperation operation)
    {
        var (image, relation) = operation.New.Exists ? (operation.New, operation.Relation) : (operation.Old, operation.OldRelation);
        var verb = operation.Kind switch
        {
            RowOperationKind.Insert => "+",
            RowOperationKind.Delete => "-",
            RowOperationKind.Update or RowOperationKind.Upsert => "~",
            _ => throw new ArgumentOutOfRangeException(nameof(operation), operation.Kind, "not a kind of operation"),
        };
        return mapping.Find(relation.Table) switch
        {
            NodeMapping node => $"{verb} (:{node.Label} {Properties(node, image, relation)})",
            JoinMapping join => $"{verb} ({Reference(join.Start, image, relation)})-[:{join.Type} {Properties(join, image, relation)}]->({Reference(join.End, image, relation)})",
            _ => $"{verb} {relation.Table}",
        };
    }

    private static string Reference(ForeignKey key, ImageRef image, Relation relation) =>
        string.Join(", ", key.Columns.Select(column => Value(image, relation.Ordinal(column))));

    private static string Properties(TableMapping table, ImageRef image, Relation relation) =>
        "{" + string.Join(", ", table.Properties.Select(p => (p.Property, Text: Value(image, relation.Ordinal(p.Column)))).Where(p => p.Text.Length > 0).Take(5)
            .Select(p => $"{p.Property}: {p.Text}")) + "}";

    private static string Value(ImageRef image, int ordinal)
    {
        if (ordinal < 0 || ordinal >= image.Image.Count || !image.Image.HasValue(ordinal)) return "";
        var text = Encoding.UTF8.GetString(image.Image[ordinal]);
        return text.Length > LongestValue ? text[..LongestValue] + "…" : text;
    }
}
