using System.Text;
using System.Text.Json;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Writers;

/// <summary>Turns an operation that the graph refused into what the dead letter store keeps.</summary>
internal static class DeadLetterRecord
{
    public static DeadLetter From(string pipeline, in RowOperation operation, string reason, string? cypher, DateTimeOffset at)
    {
        var (image, relation) = operation.New.Exists ? (operation.New, operation.Relation) : (operation.Old, operation.OldRelation);
        return new DeadLetter(pipeline, relation.Table, operation.Kind.ToString().ToLowerInvariant(), Key(image, relation),
            Json(image, relation, [.. Enumerable.Range(0, relation.Columns.Length)]), operation.Position, reason, cypher, at);
    }

    /// <summary>The row's key: column names and texts, in key order.</summary>
    public static string Key(ImageRef image, Relation relation) => Json(image, relation, relation.KeyOrdinals);

    private static string Json(ImageRef image, Relation relation, int[] ordinals)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            foreach (var ordinal in ordinals)
            {
                if (ordinal >= image.Image.Count || !image.Image.IsSent(ordinal)) continue;
                if (image.Image.IsNull(ordinal)) json.WriteNull(relation.Columns[ordinal].Name);
                else json.WriteString(relation.Columns[ordinal].Name, image.Image[ordinal]);
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
