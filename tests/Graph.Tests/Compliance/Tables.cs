using PolyglotSync.Contracts;

namespace PolyglotSync.Graph.Tests.Compliance;

/// <summary>Builds catalogs: <c>Tables.Of("users", "id int8", "name text").Key("id")</c>.</summary>
internal sealed class Tables
{
    private readonly List<TableSchema> _tables = [];

    public static readonly IReadOnlyDictionary<string, PgType> Types = new Dictionary<string, PgType>
    {
        ["bool"] = new("boolean", PgKind.Bool), ["int2"] = new("smallint", PgKind.Int2), ["int4"] = new("integer", PgKind.Int4), ["int8"] = new("bigint", PgKind.Int8),
        ["float4"] = new("real", PgKind.Float4), ["float8"] = new("double precision", PgKind.Float8), ["numeric"] = new("numeric", PgKind.Numeric),
        ["numeric(10,0)"] = new("numeric(10,0)", PgKind.Numeric, null, 10, 0), ["numeric(10,2)"] = new("numeric(10,2)", PgKind.Numeric, null, 10, 2),
        ["text"] = new("text", PgKind.Text), ["char(5)"] = new("character(5)", PgKind.BlankPaddedText), ["bytea"] = new("bytea", PgKind.Bytea),
        ["uuid"] = new("uuid", PgKind.Uuid), ["date"] = new("date", PgKind.Date), ["time"] = new("time without time zone", PgKind.Time),
        ["timetz"] = new("time with time zone", PgKind.TimeTz), ["timestamp"] = new("timestamp without time zone", PgKind.Timestamp),
        ["timestamptz"] = new("timestamp with time zone", PgKind.TimestampTz), ["interval"] = new("interval", PgKind.Interval),
        ["json"] = new("jsonb", PgKind.Json), ["other"] = new("tsvector", PgKind.Other),
        ["int4[]"] = new("integer[]", PgKind.Array, new("integer", PgKind.Int4)), ["text[]"] = new("text[]", PgKind.Array, new("text", PgKind.Text)),
        ["date[]"] = new("date[]", PgKind.Array, new("date", PgKind.Date)), ["json[]"] = new("jsonb[]", PgKind.Array, new("jsonb", PgKind.Json)),
        ["float8[]"] = new("double precision[]", PgKind.Array, new("double precision", PgKind.Float8)),
        ["bool[]"] = new("boolean[]", PgKind.Array, new("boolean", PgKind.Bool)),
    };

    /// <param name="columns"><c>name type</c> each, the type the last word.</param>
    /// <param name="foreignKeys"><c>column,… > table(column,…)</c> each; the name is <c>table_column_fkey</c>, as PostgreSQL's.</param>
    public Tables Add(string name, string[] columns, string[] key, params string[] foreignKeys)
    {
        var table = TableName.Parse(name);
        var described = columns.Select((c, i) =>
        {
            var space = c.LastIndexOf(' ');
            return new ColumnSchema(c[..space], i + 1, Types[c[(space + 1)..]], !key.Contains(c[..space]), false, true);
        }).ToList();
        var keys = foreignKeys.Select((k, i) =>
        {
            var parts = k.Split(" > ");
            var open = parts[1].IndexOf('(');
            var own = parts[0].Split(',');
            var twice = foreignKeys.Take(i).Count(f => f.StartsWith(parts[0] + " > ", StringComparison.Ordinal));
            return new ForeignKey($"{table.Name}_{string.Join('_', own)}_fkey{(twice > 0 ? $"{twice}" : "")}", own, TableName.Parse(parts[1][..open]), parts[1][(open + 1)..^1].Split(','));
        }).ToList();
        _tables.Add(new TableSchema(table, described, key, [], keys, ReplicaIdentity.Default, key, false, 0));
        return this;
    }

    public DatabaseSchema Build() => new([.. _tables.OrderBy(t => t.Name)]);

    /// <summary>Users with a self-reference and a second unique key, posts, a join table, composite keys.</summary>
    public static DatabaseSchema Social() => new Tables()
        .Add("users", ["id int8", "name text", "email text", "manager_id int8"], ["id"], "manager_id > users(id)")
        .Add("posts", ["id int8", "author_id int8", "title text", "body text", "editor_email text"], ["id"], "author_id > users(id)", "editor_email > users(email)")
        .Add("follows", ["follower_id int8", "followee_id int8", "since date", "note text"], ["follower_id", "followee_id"],
            "follower_id > users(id)", "followee_id > users(id)")
        .Add("orders", ["tenant text", "no int4", "total numeric(10,2)"], ["tenant", "no"])
        .Add("order_lines", ["tenant text", "order_no int4", "line int4", "what text"], ["tenant", "order_no", "line"], "tenant,order_no > orders(tenant,no)")
        .Build();
}
