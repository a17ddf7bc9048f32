using System.Text;
using System.Text.Json;
using PolyglotSync.Kafka.Envelope;

namespace PolyglotSync.Kafka.Tests.Envelope;

/// <summary>
/// Messages that Debezium 3.3.1 wrote from PostgreSQL 15, one file a configuration, after Envelopes/setup.sql (read by its snapshot) and Envelopes/live.sql; what PostgreSQL itself prints of the same
/// rows (types.rows.jsonl); and the columns' types. The configurations: adaptive (the defaults), schemas (the same, with schemas, include.unknown.datatypes), strings (decimals and intervals as
/// strings), connect (connect, double, hex, hstore map), isostring (base64-url-safe, hstore map), microtime (adaptive_time_microseconds), micros and nanos (decimals as strings; nanos with schemas).
/// </summary>
internal static class Captured
{
    private static readonly Dictionary<int, PgKind> Kinds = new()
    {
        [16] = PgKind.Bool, [21] = PgKind.Int2, [23] = PgKind.Int4, [20] = PgKind.Int8, [26] = PgKind.Oid, [700] = PgKind.Float4, [701] = PgKind.Float8,
        [1700] = PgKind.Numeric, [25] = PgKind.Text, [1043] = PgKind.Text, [19] = PgKind.Text, [1042] = PgKind.BlankPaddedText, [17] = PgKind.Bytea, [2950] = PgKind.Uuid,
        [1082] = PgKind.Date, [1083] = PgKind.Time, [1266] = PgKind.TimeTz, [1114] = PgKind.Timestamp, [1184] = PgKind.TimestampTz, [1186] = PgKind.Interval,
        [114] = PgKind.Json, [3802] = PgKind.Json,
    };

    private static readonly Dictionary<string, int> Elements = new()
    {
        ["smallint"] = 21, ["integer"] = 23, ["bigint"] = 20, ["real"] = 700, ["double precision"] = 701, ["numeric"] = 1700, ["boolean"] = 16, ["text"] = 25,
        ["character varying"] = 1043, ["character"] = 1042, ["date"] = 1082, ["time without time zone"] = 1083, ["timestamp without time zone"] = 1114,
        ["timestamp with time zone"] = 1184, ["uuid"] = 2950, ["json"] = 114, ["jsonb"] = 3802, ["bytea"] = 17, ["interval"] = 1186,
    };

    private static readonly Dictionary<string, string[]> Keys = new()
    {
        ["keyed"] = ["a", "b"],
    };

    public static IReadOnlyDictionary<string, Relation> Relations { get; } = Lines("columns").GroupBy(c => c.GetProperty("table").GetString()!).ToDictionary(
        g => g.Key,
        g => new Relation(new TableName("public", g.Key), [.. g.Select(c => new RelationColumn(c.GetProperty("name").GetString()!, TypeOf(c)))], Keys.GetValueOrDefault(g.Key, ["id"])));

    /// <summary>The rows of table types by id, each column as PostgreSQL prints it.</summary>
    public static IReadOnlyDictionary<string, Dictionary<string, string?>> Printed { get; } = Rows("types.rows");

    public static IReadOnlyDictionary<string, Dictionary<string, string?>> PrintedOdd { get; } = Rows("odd.rows");

    public static IReadOnlyList<CapturedMessage> Messages(string mode, string? table = null) =>
    [
        .. Lines(mode).Select(m => new CapturedMessage(m.GetProperty("topic").GetString()!, Bytes(m, "key"), Bytes(m, "value"),
                m.GetProperty("headers").EnumerateObject().ToDictionary(h => h.Name, h => Encoding.UTF8.GetBytes(h.Value.GetString()!))))
            .Where(m => table is null || m.Topic.EndsWith("." + table, StringComparison.Ordinal)),
    ];

    public static EnvelopeReader Reader(EnvelopeOptions? options = null) =>
        new(Relations.Values, [new TableName("public", "whole")], options ?? new EnvelopeOptions());

    private static Dictionary<string, Dictionary<string, string?>> Rows(string file) => Lines(file).ToDictionary(
        r => r.GetProperty("id").GetString()!, r => r.EnumerateObject().ToDictionary(c => c.Name, c => c.Value.GetString()));

    private static byte[] Bytes(JsonElement message, string name) =>
        message.GetProperty(name) is { ValueKind: JsonValueKind.String } text ? Encoding.UTF8.GetBytes(text.GetString()!) : [];

    private static IEnumerable<JsonElement> Lines(string file) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Envelopes", file + ".jsonl")).Select(l => JsonDocument.Parse(l).RootElement);

    /// <summary>As the catalog's reader makes it.</summary>
    private static PgType TypeOf(JsonElement column)
    {
        var name = column.GetProperty("type").GetString()!;
        var modifier = column.GetProperty("typmod").GetInt32();
        if (name.EndsWith("[]", StringComparison.Ordinal)) return new PgType(name, PgKind.Array, Element(name[..^2], modifier));
        if (Kinds.TryGetValue(column.GetProperty("oid").GetInt32(), out var kind)) return Plain(name, kind, modifier);
        return new PgType(name, column.GetProperty("typtype").GetString() == "e" || column.GetProperty("category").GetString() == "S" ? PgKind.Text : PgKind.Other);
    }

    private static PgType Element(string name, int modifier)
    {
        var bare = System.Text.RegularExpressions.Regex.Replace(name, @"\(.*?\)", "");
        return Elements.TryGetValue(bare, out var oid) ? Plain(bare, Kinds[oid], modifier) : new PgType(bare, bare == "mood" ? PgKind.Text : PgKind.Other);
    }

    private static PgType Plain(string name, PgKind kind, int modifier) => kind == PgKind.Numeric && modifier >= 4
        ? new PgType(name, kind, null, ((modifier - 4) >> 16) & 0xFFFF, (modifier - 4) & 0x7FF)
        : new PgType(name, kind);
}

internal sealed record CapturedMessage(string Topic, byte[] Key, byte[] Value, IReadOnlyDictionary<string, byte[]> Headers)
{
    public EnvelopeRead ReadInto(ChangeBatchWriter writer, EnvelopeReader reader) => reader.Read(Key, Value, writer,
        Headers.GetValueOrDefault(EnvelopeWriter.NewKeyHeader), Headers.GetValueOrDefault(EnvelopeWriter.OldKeyHeader));
}
