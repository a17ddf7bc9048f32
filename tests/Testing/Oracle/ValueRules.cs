using System.Text;

namespace PolyglotSync.Testing.Oracle;

/// <summary>The documented value mapping, written a second time: from PostgreSQL's printed text to the canonical text of the property. Null: no property.</summary>
public sealed class ValueRules(GraphKind graph)
{
    private bool Embedded => graph == GraphKind.Falkor;

    /// <param name="inKey">True for columns of a key or of a reference to one: there a value has one spelling.</param>
    public string? Property(OracleColumn column, string? text, bool inKey)
    {
        if (text is null) return null;
        if (column.Element is not null) return Array(column, text);
        if (inKey && column.Type == "bpchar") text = text.TrimEnd(' ');
        if (inKey && column.Type == "numeric" && text.Contains('.', StringComparison.Ordinal)) text = text.TrimEnd('0').TrimEnd('.');
        return Scalar(column.Type, column.Class, column.Modifier, text);
    }

    private string Scalar(string type, string typeClass, int modifier, string text)
    {
        if (typeClass != "b") return Canonical.Text(text);
        switch (type)
        {
            case "bool": return Canonical.Bool(text == "t");
            case "int2" or "int4" or "int8" or "oid": return Canonical.Int(text);
            case "float4" or "float8":
                return Embedded && text is "NaN" or "Infinity" or "-Infinity" && Embedded ? Canonical.Text(text) : Canonical.Float(text);
            case "numeric": return IsInteger(modifier) && text != "NaN" ? Canonical.Int(text) : Canonical.Text(text);
            case "bytea": return Embedded ? Canonical.Text(text) : Canonical.Bytes(text[2..]);
            case "date" or "timestamp" or "timestamptz" or "time" or "timetz" or "interval" when !Embedded: return Temporal(text);
            default: return Canonical.Text(text);
        }
    }

    /// <summary>numeric(p, 0) with p of at most 18 digits fits 64 bits.</summary>
    private static bool IsInteger(int modifier)
    {
        if (modifier < 4) return false;
        var precision = ((modifier - 4) >> 16) & 0xFFFF;
        var scale = (((modifier - 4) & 0x7FF) ^ 1024) - 1024;
        return scale == 0 && precision <= 18;
    }

    private static string Temporal(string text)
    {
        if (text is "infinity" or "-infinity" || text.StartsWith("24:00:00", StringComparison.Ordinal)) return Canonical.Text(text);
        if (text.StartsWith('P')) return Canonical.Duration(text);
        var iso = text.EndsWith(" BC", StringComparison.Ordinal) ? BeforeChrist(text[..^3]) : text;
        return Canonical.Temporal(iso.Replace(' ', 'T'));
    }

    /// <summary>1 BC is the year 0 of ISO 8601.</summary>
    private static string BeforeChrist(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var year = 1 - int.Parse(text[..dash], System.Globalization.CultureInfo.InvariantCulture);
        return (year < 0 ? $"-{-year:0000}" : "0000") + text[dash..];
    }

    private string Array(OracleColumn column, string text)
    {
        if (column.Element is "json" or "jsonb" or "bytea" || column.ElementClass is not ("b" or "e") || !Listable.Contains(column.Element!) && column.ElementClass != "e")
            return Canonical.Text(text);
        if (Elements(text) is not { } elements) return Canonical.Text(text);
        var items = elements.Select(e => Scalar(column.Element!, column.ElementClass!, column.Modifier, e)).ToList();
        var sameKind = items.Select(i => i[..i.IndexOf(' ', StringComparison.Ordinal)]).Distinct().Count() <= 1;
        return sameKind || Embedded ? Canonical.List(items) : Canonical.Text(text);
    }

    private static readonly HashSet<string> Listable =
    [
        "bool", "int2", "int4", "int8", "oid", "float4", "float8", "numeric", "text", "varchar", "bpchar", "name", "uuid",
        "date", "time", "timetz", "timestamp", "timestamptz", "interval",
    ];

    /// <summary>The elements of a one-dimensional array without NULLs and with the usual bounds; null for every other array.</summary>
    private static List<string>? Elements(string text)
    {
        if (!text.StartsWith('{')) return null;
        var elements = new List<string>();
        if (text == "{}") return elements;
        var current = new StringBuilder();
        var quoted = false;
        var wasQuoted = false;
        for (var i = 1; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted && c == '\\') current.Append(text[++i]);
            else if (c == '"')
            {
                quoted = !quoted;
                wasQuoted = true;
            }
            else if (quoted) current.Append(c);
            else if (c == '{') return null;
            else if (c is ',' or '}')
            {
                if (!wasQuoted && current.ToString() == "NULL") return null;
                elements.Add(current.ToString());
                current.Clear();
                wasQuoted = false;
            }
            else current.Append(c);
        }
        return elements;
    }
}

public enum GraphKind { Neo4j, Falkor }
