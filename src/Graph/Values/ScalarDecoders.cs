using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace PolyglotSync.Graph.Values;

internal sealed class BoolDecoder : PropertyDecoder
{
    private static readonly object True = true;
    private static readonly object False = false;

    public override object? Decode(ReadOnlySpan<byte> text) => text.SequenceEqual("t"u8) ? True : text.SequenceEqual("f"u8) ? False : null;

    public override bool Write(ReadOnlySpan<byte> text, LiteralBuffer literal)
    {
        if (Decode(text) is not bool value) return false;
        literal.Boolean(value);
        return true;
    }
}

/// <summary>64-bit integers. numeric without a fraction may print <c>5.00</c>, and NaN and the infinities, which stay text unless the manifest asks for integers.</summary>
internal sealed class IntegerDecoder(bool keepsSpecialsAsText = false) : PropertyDecoder
{
    private static readonly object[] Small = [.. Enumerable.Range(-128, 1152).Select(i => (object)(long)i)];

    public override object? Decode(ReadOnlySpan<byte> text)
    {
        if (TryParse(text, out var value)) return value is >= -128 and < 1024 ? Small[value + 128] : value;
        return keepsSpecialsAsText && IsSpecial(text) ? Encoding.UTF8.GetString(text) : null;
    }

    public override bool Write(ReadOnlySpan<byte> text, LiteralBuffer literal)
    {
        if (TryParse(text, out var value)) literal.Integer(value);
        else if (keepsSpecialsAsText && IsSpecial(text)) literal.String(text);
        else return false;
        return true;
    }

    internal static bool IsSpecial(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("NaN"u8) || text.SequenceEqual("Infinity"u8) || text.SequenceEqual("-Infinity"u8);

    private static bool TryParse(ReadOnlySpan<byte> text, out long value)
    {
        if (!Utf8Parser.TryParse(text, out value, out var read)) return false;
        if (read == text.Length) return true;
        return text[read] == '.' && text[(read + 1)..].TrimStart((byte)'0').IsEmpty;
    }
}

/// <summary>64-bit floats; a real is read from its shortest decimal text. The embedded graph keeps NaN and the infinities as text.</summary>
internal sealed class FloatDecoder(bool keepsSpecialsAsText) : PropertyDecoder
{
    public override object? Decode(ReadOnlySpan<byte> text)
    {
        if (TryFinite(text, out var value)) return value;
        if (text.SequenceEqual("NaN"u8)) return double.NaN;
        if (text.SequenceEqual("Infinity"u8)) return double.PositiveInfinity;
        return text.SequenceEqual("-Infinity"u8) ? double.NegativeInfinity : null;
    }

    public override bool Write(ReadOnlySpan<byte> text, LiteralBuffer literal)
    {
        if (TryFinite(text, out var value)) literal.Float(value);
        else if (keepsSpecialsAsText && IntegerDecoder.IsSpecial(text)) literal.String(text);
        else if (Decode(text) is double special) literal.Float(special);
        else return false;
        return true;
    }

    private static bool TryFinite(ReadOnlySpan<byte> text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
}

/// <summary>The text as PostgreSQL prints it.</summary>
internal sealed class TextDecoder : PropertyDecoder
{
    public static readonly TextDecoder Instance = new();

    public override object Decode(ReadOnlySpan<byte> text) => text.IsEmpty ? "" : Encoding.UTF8.GetString(text);
}

/// <summary><c>\x</c> and hexadecimal digits.</summary>
internal sealed class BytesDecoder : PropertyDecoder
{
    public override object? Decode(ReadOnlySpan<byte> text)
    {
        if (!text.StartsWith("\\x"u8) || text.Length % 2 != 0) return null;
        var bytes = new byte[(text.Length - 2) / 2];
        for (var i = 0; i < bytes.Length; i++)
        {
            var high = Digit(text[2 + (i * 2)]);
            var low = Digit(text[3 + (i * 2)]);
            if (high < 0 || low < 0) return null;
            bytes[i] = (byte)((high << 4) | low);
        }
        return bytes;
    }

    private static int Digit(byte c) => c switch
    {
        >= (byte)'0' and <= (byte)'9' => c - '0',
        >= (byte)'a' and <= (byte)'f' => c - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => c - 'A' + 10,
        _ => -1,
    };
}

/// <summary>A key's value in its one spelling (<see cref="RowKey.Canonical"/>): so a reference finds its node.</summary>
internal sealed class CanonicalDecoder(PgKind kind, PropertyDecoder inner) : PropertyDecoder
{
    public override object? Decode(ReadOnlySpan<byte> text) => inner.Decode(RowKey.Canonical(kind, text));

    public override bool Write(ReadOnlySpan<byte> text, LiteralBuffer literal) => inner.Write(RowKey.Canonical(kind, text), literal);

    public override string? WhyRefused(ReadOnlySpan<byte> text) => inner.WhyRefused(RowKey.Canonical(kind, text));
}
