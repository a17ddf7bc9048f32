using System.Buffers.Binary;
using System.Text;

namespace PolyglotSync.Bench.Micro.Rows;

/// <summary>pgoutput messages, version 1, as PostgreSQL sends them.</summary>
internal static class PgOutputMessages
{
    public const int Oid = 16_384;

    /// <summary>Transactions of so many rows each: BEGIN, the rows, COMMIT.</summary>
    public static List<byte[]> Transactions(int transactions, int rows, Func<int, byte[]> row)
    {
        var messages = new List<byte[]>();
        for (var t = 0; t < transactions; t++)
        {
            long commit = 1_000 + (t * 100);
            messages.Add([(byte)'B', .. Long(commit), .. Long(0), .. Int(700 + t)]);
            for (var r = 0; r < rows; r++) messages.Add(row((t * rows) + r));
            messages.Add([(byte)'C', 0, .. Long(commit), .. Long(commit + 50), .. Long(0)]);
        }
        return messages;
    }

    public static byte[] Insert(byte[][] row) => [(byte)'I', .. Int(Oid), (byte)'N', .. Tuple(row)];

    public static byte[] Update(byte[][] row) => [(byte)'U', .. Int(Oid), (byte)'N', .. Tuple(row)];

    public static byte[] Relation(Relation relation)
    {
        var columns = relation.Columns.SelectMany((c, i) => (byte[])[relation.KeyOrdinals.Contains(i) ? (byte)1 : (byte)0, .. Text(c.Name), .. Int(25), .. Int(-1)]);
        return [(byte)'R', .. Int(Oid), .. Text(relation.Table.Schema), .. Text(relation.Table.Name), (byte)'d', .. Short(relation.Columns.Length), .. columns];
    }

    private static byte[] Tuple(byte[][] row) => [.. Short(row.Length), .. row.SelectMany(text => (byte[])[(byte)'t', .. Int(text.Length), .. text])];

    private static byte[] Text(string text) => [.. Encoding.UTF8.GetBytes(text), 0];

    private static byte[] Short(int value)
    {
        var bytes = new byte[sizeof(short)];
        BinaryPrimitives.WriteInt16BigEndian(bytes, (short)value);
        return bytes;
    }

    private static byte[] Int(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Long(long value)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }
}
