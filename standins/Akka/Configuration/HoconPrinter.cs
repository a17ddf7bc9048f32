using System.Text;

namespace Akka.Configuration.Hocon;

/// <summary>Writes a value back as HOCON text.</summary>
internal static class HoconPrinter
{
    internal static string Print(HoconValue value, int indent)
    {
        var text = new StringBuilder();
        if (value.IsObject())
            Members(text, value.GetObject(), indent);
        else
            Inline(text, value, indent);
        return text.ToString();
    }

    private static void Members(StringBuilder text, HoconObject members, int indent)
    {
        foreach (var (key, value) in members.Items)
        {
            text.Append(' ', indent * 2).Append(Quoted(key)).Append(" : ");
            Inline(text, value, indent);
            text.Append('\n');
        }
    }

    private static void Inline(StringBuilder text, HoconValue value, int indent)
    {
        if (value.IsObject())
        {
            text.Append("{\n");
            Members(text, value.GetObject(), indent + 1);
            text.Append(' ', indent * 2).Append('}');
        }
        else if (value.IsArray())
        {
            var separator = "";
            text.Append('[');
            foreach (var item in value.GetArray())
            {
                text.Append(separator);
                Inline(text, item, indent);
                separator = ",";
            }
            text.Append(']');
        }
        else
        {
            text.Append(value.GetString() is { } literal ? Quoted(literal) : HoconParser.Null);
        }
    }

    private static string Quoted(string text) =>
        text.Length > 0 && text.All(c => char.IsLetterOrDigit(c) || c is '-' or '_')
            ? text
            : $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n").Replace("\r", "\\r").Replace("\t", "\\t")}\"";
}
