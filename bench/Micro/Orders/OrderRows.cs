using System.Globalization;
using System.Text;
using PolyglotSync.Bench.Micro.Rows;

namespace PolyglotSync.Bench.Micro.Orders;

/// <summary>Users, posts that refer to one each, and follows between users; ids of each batch follow those of the one before.</summary>
internal static class OrderRows
{
    public const int BatchRows = 5_000;

    private static readonly TableName Posts = new("public", "posts");
    private static readonly ColumnSchema[] PostColumns = [Column("id", 1, PgKind.Int8), Column("author_id", 2, PgKind.Int8), Column("title", 3, PgKind.Text)];
    private static readonly Relation PostRelation = new(Posts, [.. PostColumns.Select(c => new RelationColumn(c.Name, c.Type))], ["id"]);

    public static DatabaseSchema Schema { get; } = new(
    [
        .. SocialTables.Schema.Tables,
        new TableSchema(Posts, PostColumns, ["id"], [], [new ForeignKey("posts_author_id_fkey", ["author_id"], SocialTables.Users, ["id"])], ReplicaIdentity.Default, ["id"], false, 0),
    ]);

    public static RowOperation[] Users(int batch, RowOperationKind kind) => Operations(SocialTables.UserRelation, kind, batch, i => SocialRows.User(i, batch));

    /// <param name="authors">By the post's number.</param>
    public static RowOperation[] OfPosts(int batch, RowOperationKind kind, Func<int, int> authors, string title = "a post's title") =>
        Operations(PostRelation, kind, batch, i => [Text(i), Text(100_000 + authors(i)), Encoding.UTF8.GetBytes($"{title} {i}")]);

    public static RowOperation[] Follows(int batch) => Operations(SocialTables.FollowRelation, RowOperationKind.Insert, batch,
        i => [Text(100_000 + i), Text(100_000 + ((int)(i * 7_919L % (BatchRows * 6)))), "2026-03-01"u8.ToArray()]);

    private static RowOperation[] Operations(Relation relation, RowOperationKind kind, int batch, Func<int, byte[][]> row)
    {
        var changes = SocialRows.Batch(relation, ChangeKind.Insert, Enumerable.Range(batch * BatchRows, BatchRows).Select(row));
        var operations = SocialRows.Operations(changes, kind);
        if (kind != RowOperationKind.Delete) return operations;
        return [.. operations.Select(o => o with { New = default, Old = o.New, OldImage = OldImage.Key })];
    }

    private static ColumnSchema Column(string name, int number, PgKind kind) => new(name, number, new PgType(kind == PgKind.Int8 ? "bigint" : "text", kind), false, false, true);

    private static byte[] Text(int number) => Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));
}
