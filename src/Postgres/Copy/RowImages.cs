using System.Text;
using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>Moves images between writers and reads keys out of them.</summary>
internal static class RowImages
{
    /// <returns>The image's offset in <paramref name="target"/>.</returns>
    public static int CopyTo(RowImage image, ChangeBatchWriter target)
    {
        var copy = target.BeginImage(image.Count);
        for (var i = 0; i < image.Count; i++)
        {
            if (image.IsNull(i)) target.Null(copy, i);
            else if (image.IsSent(i)) target.Column(copy, i, image[i]);
        }
        return copy;
    }

    /// <summary>Copies an entry with its images from one writer to another.</summary>
    public static ChangeEntry Copy(in ChangeEntry entry, ChangeBatchWriter from, ChangeBatchWriter to) => entry with
    {
        New = entry.New < 0 ? -1 : CopyTo(from.Image(entry.New), to),
        Old = entry.Old < 0 ? -1 : CopyTo(from.Image(entry.Old), to),
    };

    /// <summary>Writes an image of nothing but a key.</summary>
    /// <param name="key">Texts, in key order.</param>
    /// <returns>The image's offset.</returns>
    public static int OfKey(string[] key, Relation relation, ChangeBatchWriter writer)
    {
        var image = writer.BeginImage(relation.Columns.Length);
        for (var i = 0; i < key.Length; i++) writer.Column(image, relation.KeyOrdinals[i], Encoding.UTF8.GetBytes(key[i]));
        return image;
    }

    /// <summary>The key's texts, in key order, as PostgreSQL printed them.</summary>
    public static string[] KeyTexts(RowImage image, Relation relation)
    {
        var texts = new string[relation.KeyOrdinals.Length];
        for (var i = 0; i < texts.Length; i++) texts[i] = Encoding.UTF8.GetString(image[relation.KeyOrdinals[i]]);
        return texts;
    }

    /// <summary>The key as one string that only the same key has.</summary>
    public static string KeyText(RowImage image, Relation relation)
    {
        var text = new StringBuilder();
        foreach (var ordinal in relation.KeyOrdinals)
            text.Append(Encoding.UTF8.GetString(RowKey.Canonical(relation.Columns[ordinal].Type.Kind, image[ordinal]))).Append('\0');
        return text.ToString();
    }

    /// <summary>Less than, equal to or greater than 0, as the image's key sorts before, at or after <paramref name="key"/>.</summary>
    public static int CompareKey(RowImage image, Relation relation, byte[][] key)
    {
        for (var i = 0; i < key.Length; i++)
        {
            var ordinal = relation.KeyOrdinals[i];
            var order = KeyOrder.Compare(relation.Columns[ordinal].Type.Kind, image[ordinal], key[i]);
            if (order != 0) return order;
        }
        return 0;
    }
}
