using System.Globalization;
using System.Text;
using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>Values as SQL literals.</summary>
internal static class Sql
{
    /// <summary>A string literal that means the same under every setting of standard_conforming_strings.</summary>
    public static string Literal(string text)
    {
        var quoted = text.Replace("'", "''", StringComparison.Ordinal);
        return text.Contains('\\', StringComparison.Ordinal)
            ? $" E'{quoted.Replace("\\", "\\\\", StringComparison.Ordinal)}'"
            : $"'{quoted}'";
    }

    public static string List(IEnumerable<string> texts)
    {
        var list = new StringBuilder();
        foreach (var text in texts) list.Append(list.Length == 0 ? "" : ", ").Append(Literal(text));
        return list.Length == 0 ? "''" : list.ToString();
    }

    public static string Columns(IEnumerable<string> names) => string.Join(", ", names.Select(TableName.Quote));

    public static int Int(string? text) => int.Parse(text ?? "0", NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    public static uint Oid(string? text) => uint.Parse(text ?? "0", CultureInfo.InvariantCulture);

    public static long Long(string? text) => long.Parse(text ?? "0", NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    public static string[] Names(string? separated) => string.IsNullOrEmpty(separated) ? [] : separated.Split('\u0001');
}
