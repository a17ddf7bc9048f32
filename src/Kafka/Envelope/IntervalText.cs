using System.Buffers.Text;

namespace PolyglotSync.Kafka.Envelope;

/// <summary>
/// Intervals in ISO 8601: PostgreSQL (IntervalStyle iso_8601) leaves out what is zero (<c>P1DT2H</c>), Debezium (interval.handling.mode=string) names every part
/// (<c>P0Y0M1DT2H0M0S</c>). Each part has a sign of its own.
/// </summary>
internal static class IntervalText
{
    private static ReadOnlySpan<byte> Units => "YMDHMS"u8;

    /// <summary>PostgreSQL's text with every part named.</summary>
    /// <returns>False, nothing written, where the text is no such interval (<c>infinity</c>).</returns>
    public static bool TryWriteAll(ReadOnlySpan<byte> text, ByteBuffer output) => TryRewrite(text, true, output);

    /// <summary>Any ISO interval as PostgreSQL prints it.</summary>
    /// <inheritdoc cref="TryWriteAll" path="/returns"/>
    public static bool TryWriteShort(ReadOnlySpan<byte> text, ByteBuffer output) => TryRewrite(text, false, output);

    /// <summary>A duration as PostgreSQL prints an interval of hours, minutes and seconds.</summary>
    public static void WriteMicros(long micros, ByteBuffer output)
    {
        var start = output.Length;
        output.Raw("PT"u8);
        var seconds = micros / 1_000_000;
        Part(seconds / 3600, (byte)'H', output);
        Part(seconds / 60 % 60, (byte)'M', output);
        var rest = micros % 60_000_000;
        if (rest != 0)
        {
            if (rest < 0) output.Byte((byte)'-');
            output.Number(Math.Abs(rest) / 1_000_000);
            TemporalFormat.Fraction((int)(Math.Abs(rest) % 1_000_000), 0, output);
            output.Byte((byte)'S');
        }
        if (output.Length == start + 2) output.Raw("0S"u8);
    }

    private static void Part(long value, byte unit, ByteBuffer output)
    {
        if (value == 0) return;
        output.Number(value);
        output.Byte(unit);
    }

    private static bool TryRewrite(ReadOnlySpan<byte> text, bool all, ByteBuffer output)
    {
        Span<Range> parts = stackalloc Range[6];
        parts.Fill(default);
        if (!TryParts(text, parts)) return false;
        var start = output.Length;
        output.Byte((byte)'P');
        var timed = false;
        for (var i = 0; i < 6; i++)
        {
            var part = Trimmed(text[parts[i]], i == 5);
            if (!all && IsZero(part)) continue;
            if (i >= 3 && !timed)
            {
                output.Byte((byte)'T');
                timed = true;
            }
            if (IsZero(part)) output.Byte((byte)'0');
            else output.Raw(part);
            output.Byte(Units[i]);
        }
        if (output.Length == start + 1) output.Raw("T0S"u8);
        return true;
    }

    /// <summary>Where the numbers of years, months, days, hours, minutes and seconds stand.</summary>
    private static bool TryParts(ReadOnlySpan<byte> text, Span<Range> parts)
    {
        if (text.Length < 3 || text[0] != 'P') return false;
        var next = 0;
        var at = 1;
        while (at < text.Length)
        {
            if (text[at] == 'T')
            {
                next = 3;
                at++;
                continue;
            }
            var length = text[at..].IndexOfAnyExcept("+-.0123456789"u8);
            if (length < 1 || !Utf8Parser.TryParse(text.Slice(at, length), out decimal _, out var read) || read != length) return false;
            while (next < 6 && Units[next] != text[at + length]) next++;
            if (next == 6) return false;
            parts[next++] = at..(at + length);
            at += length + 1;
        }
        return true;
    }

    private static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> part, bool fraction)
    {
        if (part.StartsWith("+"u8)) part = part[1..];
        return fraction && part.Contains((byte)'.') ? part.TrimEnd((byte)'0').TrimEnd((byte)'.') : part;
    }

    private static bool IsZero(ReadOnlySpan<byte> part) => !part.ContainsAnyInRange((byte)'1', (byte)'9');
}
