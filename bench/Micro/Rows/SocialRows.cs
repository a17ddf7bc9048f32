using System.Globalization;
using System.Text;

namespace PolyglotSync.Bench.Micro.Rows;

/// <summary>Rows as the texts that PostgreSQL prints, and batches of changes to them.</summary>
internal static class SocialRows
{
    public static byte[][] User(int id, int version = 0) => Texts(
        $"{id + 100_000}", $"User {id}", $"user.{id}@example.org", $"{20 + (id % 60)}",
        string.Create(CultureInfo.InvariantCulture, $"{(id * 7 % 1000) + 0.25 + version}"), "2026-03-01 12:34:56.789+00");

    public static byte[][] Follow(int number) => Texts($"{(number * 31 % 50_000) + 100_000}", $"{number + 100_000}", "2026-03-01");

    /// <summary>One batch that ends at a cut: a change a row, positions rising.</summary>
    public static ChangeBatch Batch(Relation relation, ChangeKind kind, IEnumerable<byte[][]> rows)
    {
        var writer = new ChangeBatchWriter();
        foreach (var row in rows)
            writer.Add(new ChangeEntry(kind, OldImage.None, false, relation, Image(writer, row), -1, new Position(new Lsn(100), writer.Count)));
        return writer.Complete(new Cut(Position.EndOf(new Lsn(100)), new Lsn(200)));
    }

    public static IEnumerable<byte[][]> Users(int count) => Enumerable.Range(0, count).Select(i => User(i));

    /// <summary>Updates of a few rows over and over.</summary>
    public static IEnumerable<byte[][]> HotUsers(int count, int keys) => Enumerable.Range(0, count).Select(i => User(i * 7 % keys, i));

    public static IEnumerable<byte[][]> Follows(int count) => Enumerable.Range(0, count).Select(Follow);

    public static RowOperation[] Operations(ChangeBatch batch, RowOperationKind kind)
    {
        var operations = new RowOperation[batch.Count];
        for (var i = 0; i < operations.Length; i++)
        {
            var entry = batch.Entries[i];
            operations[i] = new RowOperation(kind, entry.Relation, new ImageRef(batch.Buffer, entry.New), entry.Relation, default, OldImage.None, entry.Position, i % 16, 1);
        }
        return operations;
    }

    private static int Image(ChangeBatchWriter writer, byte[][] row)
    {
        var image = writer.BeginImage(row.Length);
        for (var i = 0; i < row.Length; i++) writer.Column(image, i, row[i]);
        return image;
    }

    private static byte[][] Texts(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
