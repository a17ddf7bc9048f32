using System.Buffers;
using System.Globalization;
using Npgsql;
using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>Reads rows by COPY in text format: the same output functions as the stream's, so an image is the same wherever it comes from.</summary>
internal static class ChunkReader
{
    /// <summary>The rows after <paramref name="after"/> in key order.</summary>
    public static string Query(Relation relation, IReadOnlyList<string>? after, int limit)
    {
        var key = Key(relation);
        var where = after is null ? "" : $" WHERE ({key}) > ({string.Join(", ", Literals(relation, after))})";
        return string.Create(CultureInfo.InvariantCulture,
            $"SELECT {Sql.Columns(relation.Columns.Select(c => c.Name))} FROM {relation.Table.Quoted}{where} ORDER BY {key} LIMIT {limit}");
    }

    /// <summary>The rows with the given keys, as they are now.</summary>
    public static string Query(Relation relation, IEnumerable<string[]> keys) =>
        $"SELECT {Sql.Columns(relation.Columns.Select(c => c.Name))} FROM {relation.Table.Quoted} "
        + $"WHERE ({Key(relation)}) IN ({string.Join(", ", keys.Select(k => $"({string.Join(", ", Literals(relation, k))})"))})";

    /// <returns>The images' offsets in <paramref name="writer"/>.</returns>
    public static async Task<List<int>> ReadAsync(
        NpgsqlConnection connection, string query, int columns, ChangeBatchWriter writer, CancellationToken cancellationToken)
    {
        var images = new List<int>();
        var buffer = ArrayPool<byte>.Shared.Rent(256 * 1024);
        var held = 0;
        try
        {
            using var reader = (NpgsqlCopyTextReader)await connection.BeginTextExportAsync($"COPY ({query}) TO STDOUT", cancellationToken);
            while (true)
            {
                if (held == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    buffer.AsSpan(0, held).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
                var read = await reader.BaseStream.ReadAsync(buffer.AsMemory(held), cancellationToken);
                if (read == 0) return images;
                held = Rows(buffer, held, read, columns, writer, images);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <returns>Bytes of the unfinished row, moved to the buffer's start.</returns>
    private static int Rows(byte[] buffer, int held, int read, int columns, ChangeBatchWriter writer, List<int> images)
    {
        var data = buffer.AsSpan(0, held + read);
        var start = 0;
        var search = held;
        while (data[search..].IndexOf((byte)'\n') is >= 0 and var ahead)
        {
            var end = search + ahead;
            images.Add(CopyText.Row(data[start..end], columns, writer));
            start = search = end + 1;
        }
        data[start..].CopyTo(data);
        return data.Length - start;
    }

    private static string Key(Relation relation) => Sql.Columns(relation.KeyOrdinals.Select(o => relation.Columns[o].Name));

    private static IEnumerable<string> Literals(Relation relation, IReadOnlyList<string> key) =>
        key.Select((text, i) => $"{Sql.Literal(text)}::{relation.Columns[relation.KeyOrdinals[i]].Type.Name}");
}
