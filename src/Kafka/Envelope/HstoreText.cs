using System.Text.Json;

namespace PolyglotSync.Kafka.Envelope;

/// <summary>hstore's text (<c>"a"=>"1", "n"=>NULL</c>) and the JSON object that Debezium makes of it.</summary>
internal static class HstoreText
{
    /// <returns>False, what was written being of no use, where the text is no hstore.</returns>
    public static bool TryWriteJson(ReadOnlySpan<byte> text, ByteBuffer json)
    {
        var part = new ByteBuffer(64);
        json.Byte((byte)'{');
        for (var first = true; !text.IsEmpty; first = false)
        {
            if (!first)
            {
                if (!text.StartsWith(", "u8)) return false;
                text = text[2..];
                json.Byte((byte)',');
            }
            if (!TakeQuoted(ref text, part) || !text.StartsWith("=>"u8)) return false;
            json.String(part.Written);
            json.Byte((byte)':');
            text = text[2..];
            if (text.StartsWith("NULL"u8))
            {
                json.Raw("null"u8);
                text = text[4..];
            }
            else if (TakeQuoted(ref text, part)) json.String(part.Written);
            else return false;
        }
        json.Byte((byte)'}');
        return true;
    }

    /// <summary>Reads the object that the reader stands on and prints it as PostgreSQL does: shorter keys first, then by their bytes.</summary>
    /// <exception cref="FormatException">A value is neither text nor null.</exception>
    public static void Read(ref Utf8JsonReader reader, ByteBuffer output)
    {
        var pairs = new List<(byte[] Key, byte[]? Value)>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = JsonText.Copy(ref reader);
            reader.Read();
            pairs.Add((key, reader.TokenType switch
            {
                JsonTokenType.Null => null,
                JsonTokenType.String => JsonText.Copy(ref reader),
                _ => throw new FormatException("an hstore holds text and null only"),
            }));
        }
        pairs.Sort((l, r) => l.Key.Length != r.Key.Length ? l.Key.Length.CompareTo(r.Key.Length) : l.Key.AsSpan().SequenceCompareTo(r.Key));
        for (var i = 0; i < pairs.Count; i++)
        {
            if (i > 0) output.Raw(", "u8);
            Quoted(pairs[i].Key, output);
            output.Raw("=>"u8);
            if (pairs[i].Value is { } value) Quoted(value, output);
            else output.Raw("NULL"u8);
        }
    }

    private static bool TakeQuoted(ref ReadOnlySpan<byte> text, ByteBuffer part)
    {
        part.Clear();
        if (text.IsEmpty || text[0] != '"') return false;
        text = text[1..];
        while (true)
        {
            var end = text.IndexOfAny((byte)'"', (byte)'\\');
            if (end < 0) return false;
            part.Raw(text[..end]);
            var quote = text[end] == '"';
            text = text[(end + 1)..];
            if (quote) return true;
            if (text.IsEmpty) return false;
            part.Byte(text[0]);
            text = text[1..];
        }
    }

    private static void Quoted(ReadOnlySpan<byte> text, ByteBuffer output)
    {
        output.Byte((byte)'"');
        foreach (var b in text)
        {
            if (b is (byte)'"' or (byte)'\\') output.Byte((byte)'\\');
            output.Byte(b);
        }
        output.Byte((byte)'"');
    }
}
