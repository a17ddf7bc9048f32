namespace PolyglotSync.Contracts;

/// <summary>
/// The identity of a row in a table, computed from its image: a 64-bit hash, and equality on the canonical bytes of the key columns. Canonical: a numeric without
/// trailing zeros after the point, char(n) without trailing blanks; so that a child's reference finds its parent where PostgreSQL's equality is wider than the text's.
/// </summary>
public static class RowKey
{
    /// <summary>FNV-1a, 64 bits, over the canonical bytes of the key columns, each ended by a zero byte, finished by a mix step. The same key of the same table always
    /// gives the same hash on every machine: buckets are chosen by it.</summary>
    public static ulong Hash(RowImage image, Relation relation) => Hash(image, relation, relation.KeyOrdinals);

    public static ulong Hash(RowImage image, Relation relation, ReadOnlySpan<int> ordinals)
    {
        var hash = 14695981039346656037UL;
        foreach (var ordinal in ordinals)
        {
            foreach (var b in Canonical(relation.Columns[ordinal].Type.Kind, image[ordinal])) hash = (hash ^ b) * 1099511628211UL;
            hash *= 1099511628211UL;
        }
        hash ^= hash >> 32;
        hash *= 0x9E3779B97F4A7C15UL;
        return hash ^ (hash >> 29);
    }

    /// <summary>True where both images have the same key. The relations are of the same table; their columns may stand in another order.</summary>
    public static bool Equal(RowImage left, Relation leftRelation, RowImage right, Relation rightRelation)
    {
        var l = leftRelation.KeyOrdinals;
        var r = rightRelation.KeyOrdinals;
        if (l.Length != r.Length) return false;
        for (var i = 0; i < l.Length; i++)
        {
            if (!Canonical(leftRelation.Columns[l[i]].Type.Kind, left[l[i]])
                .SequenceEqual(Canonical(rightRelation.Columns[r[i]].Type.Kind, right[r[i]]))) return false;
        }
        return true;
    }

    /// <summary>The bytes that decide equality of a key value.</summary>
    public static ReadOnlySpan<byte> Canonical(PgKind kind, ReadOnlySpan<byte> text)
    {
        if (kind == PgKind.Numeric && text.Contains((byte)'.'))
        {
            text = text.TrimEnd((byte)'0');
            return text.EndsWith("."u8) ? text[..^1] : text;
        }
        return kind == PgKind.BlankPaddedText ? text.TrimEnd((byte)' ') : text;
    }
}
