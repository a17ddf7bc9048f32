using System.Text.Json;

namespace PolyglotSync.Kafka.Envelope;

/// <summary>The text of JSON strings and names, unescaped, in UTF-8.</summary>
internal static class JsonText
{
    /// <summary>Appends the text of the string or name that the reader stands on.</summary>
    /// <exception cref="InvalidOperationException">It is not valid Unicode.</exception>
    public static void Append(ref Utf8JsonReader reader, ByteBuffer output)
    {
        if (!reader.ValueIsEscaped)
        {
            output.Raw(reader.ValueSpan);
            return;
        }
        var free = output.Free(reader.ValueSpan.Length);
        output.Advance(reader.CopyString(free));
    }

    /// <inheritdoc cref="Append"/>
    public static byte[] Copy(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped) return reader.ValueSpan.ToArray();
        var text = new byte[reader.ValueSpan.Length];
        return text[..reader.CopyString(text)];
    }
}
