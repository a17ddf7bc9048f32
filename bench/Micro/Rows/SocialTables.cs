namespace PolyglotSync.Bench.Micro.Rows;

/// <summary>The tables of the load benchmark: users of five properties beside their key, and follows, a join table with one.</summary>
internal static class SocialTables
{
    public static readonly TableName Users = new("public", "users");
    public static readonly TableName Follows = new("public", "follows");

    private static readonly PgType Bigint = new("bigint", PgKind.Int8);
    private static readonly PgType Text = new("text", PgKind.Text);

    private static readonly ColumnSchema[] UserColumns =
    [
        Column("id", 1, Bigint), Column("name", 2, Text), Column("email", 3, Text), Column("age", 4, new PgType("integer", PgKind.Int4)),
        Column("score", 5, new PgType("double precision", PgKind.Float8)), Column("joined", 6, new PgType("timestamp with time zone", PgKind.TimestampTz)),
    ];

    private static readonly ColumnSchema[] FollowColumns =
    [
        Column("follower_id", 1, Bigint), Column("followee_id", 2, Bigint), Column("since", 3, new PgType("date", PgKind.Date)),
    ];

    public static DatabaseSchema Schema { get; } = new(
    [
        new TableSchema(Follows, FollowColumns, ["follower_id", "followee_id"], [],
            [new ForeignKey("follows_follower_id_fkey", ["follower_id"], Users, ["id"]), new ForeignKey("follows_followee_id_fkey", ["followee_id"], Users, ["id"])],
            ReplicaIdentity.Default, ["follower_id", "followee_id"], false, 0),
        new TableSchema(Users, UserColumns, ["id"], [], [], ReplicaIdentity.Default, ["id"], false, 0),
    ]);

    public static Relation UserRelation { get; } = RelationOf(Users, UserColumns, "id");

    public static Relation FollowRelation { get; } = RelationOf(Follows, FollowColumns, "follower_id", "followee_id");

    private static ColumnSchema Column(string name, int number, PgType type) => new(name, number, type, false, false, true);

    private static Relation RelationOf(TableName table, ColumnSchema[] columns, params string[] key) =>
        new(table, [.. columns.Select(c => new RelationColumn(c.Name, c.Type))], key);
}
