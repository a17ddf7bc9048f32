using System.Buffers.Text;

namespace PolyglotSync.Contracts;

/// <summary>
/// PostgreSQL's order of key values, computed from their text, for the types where that is possible: integers, uuid, bool,
/// bytea, and text under collation C (or POSIX, C.UTF-8). Elsewhere (<see cref="ColumnSchema.IsByteOrdered"/> false) a copy cannot tell
/// whether a live change's key lies ahead of it and writes upserts instead of plain inserts.
/// </summary>
public static class KeyOrder
{
    /// <summary>True where <see cref="Compare(PgKind, ReadOnlySpan{byte}, ReadOnlySpan{byte})"/> knows the type's order (text: only under a C collation).</summary>
    public static bool IsComparable(PgKind kind, bool collatesByBytes) => kind switch
    {
        PgKind.Int2 or PgKind.Int4 or PgKind.Int8 or PgKind.Oid or PgKind.Uuid or PgKind.Bool or PgKind.Bytea => true,
        PgKind.Text => collatesByBytes,
        _ => false,
    };

    /// <summary>Less than, equal to or greater than 0, as left sorts before, with or after right.</summary>
    public static int Compare(PgKind kind, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (kind is PgKind.Int2 or PgKind.Int4 or PgKind.Int8 or PgKind.Oid)
        {
            Utf8Parser.TryParse(left, out long l, out _);
            Utf8Parser.TryParse(right, out long r, out _);
            return l.CompareTo(r);
        }
        return left.SequenceCompareTo(right);
    }
}
