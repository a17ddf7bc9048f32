using System.Collections;
using System.Text;
using Neo4j.Driver;
using PolyglotSync.Graph.Tests.Compliance;
using PolyglotSync.Graph.Values;

namespace PolyglotSync.Graph.Tests.Values;

/// <summary>The table in docs/mapping.md is what the code does.</summary>
public sealed class DocumentedValuesTests
{
    public static TheoryData<string, string, string, string> Documented()
    {
        var rows = new TheoryData<string, string, string, string>();
        foreach (var line in File.ReadLines(Documents.Find("mapping.md")).SkipWhile(l => !l.StartsWith("| PostgreSQL |", StringComparison.Ordinal)).Skip(2).TakeWhile(l => l.StartsWith('|')))
        {
            var cells = line.Split(" | ");
            rows.Add(cells[0][2..].Trim('`'), cells[1].Trim('`'), cells[2], cells[3].TrimEnd('|', ' '));
        }
        return rows;
    }

    [Theory]
    [MemberData(nameof(Documented))]
    public void Each_documented_value_is_written_so(string type, string printed, string neo4j, string falkor)
    {
        var described = TypeOf(type);
        var text = Encoding.UTF8.GetBytes(printed);
        Kind(PropertyDecoders.For(described, PropertyEncoding.Default, GraphDialect.Neo4j).Decode(text)).ShouldBe(neo4j);
        var literal = new LiteralBuffer();
        PropertyDecoders.For(described, PropertyEncoding.Default, GraphDialect.Falkor).Write(text, literal).ShouldBeTrue();
        LiteralKind(Encoding.UTF8.GetString(literal.Written)).ShouldBe(falkor);
    }

    [Theory]
    [InlineData("0001-01-01 00:00:00+00", typeof(DateTimeOffset))]
    [InlineData("9999-12-31 23:59:59.999999+00", typeof(DateTimeOffset))]
    [InlineData("0001-12-31 23:59:59.999999+00 BC", typeof(ZonedDateTime))]
    [InlineData("10000-01-01 00:00:00+00", typeof(ZonedDateTime))]
    public void An_instant_keeps_its_microseconds_whichever_type_holds_it(string printed, Type type)
    {
        var value = Instant("timestamp with time zone", printed);
        value.ShouldBeOfType(type);
        if (value is DateTimeOffset held) held.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFzz", System.Globalization.CultureInfo.InvariantCulture).ShouldBe(printed);
    }

    [Fact]
    public void Instants_of_all_years_make_one_list() =>
        Instant("timestamp with time zone[]", "{\"2024-02-29 12:00:00+00\",\"294276-12-31 00:00:00+00\",\"4714-11-24 00:00:00+00 BC\"}")
            .ShouldBeAssignableTo<IList>()!.Count.ShouldBe(3);

    private static object? Instant(string type, string printed) =>
        PropertyDecoders.For(TypeOf(type), PropertyEncoding.Default, GraphDialect.Neo4j).Decode(Encoding.UTF8.GetBytes(printed));

    [Fact]
    public void Every_kind_of_type_is_documented()
    {
        var documented = Documented().Select(r => (string)((object[])r)[0]).Select(TypeOf).Select(t => t.Kind).ToHashSet();
        Enum.GetValues<PgKind>().Where(k => !documented.Contains(k)).ShouldBeEmpty();
    }

    private static PgType TypeOf(string name)
    {
        if (name.EndsWith("[]", StringComparison.Ordinal)) return new PgType(name, PgKind.Array, TypeOf(name[..^2]));
        if (Tables.Types.Values.FirstOrDefault(t => t.Name == name) is { } known) return known;
        return name switch
        {
            "oid" => new PgType(name, PgKind.Oid),
            "numeric(18,0)" => new PgType(name, PgKind.Numeric, null, 18, 0),
            "numeric(19,0)" => new PgType(name, PgKind.Numeric, null, 19, 0),
            "character varying" or "an enum" => new PgType(name, PgKind.Text),
            "json" => new PgType(name, PgKind.Json),
            _ => new PgType(name, PgKind.Other),
        };
    }

    private static string Kind(object? value) => value switch
    {
        null => "refused",
        long => "integer",
        double => "float",
        bool => "boolean",
        string => "string",
        byte[] => "bytes",
        LocalDate => "Date",
        LocalTime => "LocalTime",
        OffsetTime => "Time",
        LocalDateTime => "LocalDateTime",
        ZonedDateTime or DateTimeOffset => "DateTime",
        Duration => "Duration",
        IEnumerable items => items.Cast<object>().Select(Kind).Distinct().ToList() is { Count: > 0 } kinds ? $"list of {string.Join(" and ", kinds)}" : "empty list",
        _ => value.GetType().Name,
    };

    private static string LiteralKind(string literal)
    {
        if (literal == "[]") return "empty list";
        if (literal.StartsWith('[')) return $"list of {LiteralKind(literal[1..].Split(',')[0].TrimEnd(']'))}";
        if (literal.StartsWith('\'')) return "string";
        if (literal is "true" or "false") return "boolean";
        return literal.AsSpan().IndexOfAny('.', 'E') >= 0 ? "float" : "integer";
    }
}
