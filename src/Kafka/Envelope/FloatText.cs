using System.Globalization;

namespace PolyglotSync.Kafka.Envelope;

/// <summary>Floating-point numbers as PostgreSQL prints them with extra_float_digits above 0: the shortest digits that read back the same, an exponent of two digits or more
/// from 1e+15 (float4: 1e+06) on and below 1e-04 (its d2s.c and f2s.c).</summary>
internal static class FloatText
{
    public static void Write(double value, bool single, ByteBuffer output)
    {
        if (double.IsNaN(value)) output.Raw("NaN"u8);
        else if (double.IsInfinity(value)) output.Raw(value > 0 ? "Infinity"u8 : "-Infinity"u8);
        else
        {
            Span<char> shortest = stackalloc char[32];
            int length;
            if (single) ((float)value).TryFormat(shortest, out length, "R", CultureInfo.InvariantCulture);
            else value.TryFormat(shortest, out length, "R", CultureInfo.InvariantCulture);
            Lay(shortest[..length], single ? 6 : 15, output);
        }
    }

    /// <summary>Lays the digits of .NET's shortest form (<c>1E+16</c>, <c>0.00012</c>, <c>-12.5</c>) out anew.</summary>
    private static void Lay(ReadOnlySpan<char> shortest, int plainBelow, ByteBuffer output)
    {
        Span<byte> digits = stackalloc byte[32];
        var count = 0;
        var exponent = -1;
        var seenPoint = false;
        if (shortest[0] == '-')
        {
            output.Byte((byte)'-');
            shortest = shortest[1..];
        }
        var e = shortest.IndexOf('E');
        var mantissa = e < 0 ? shortest : shortest[..e];
        foreach (var c in mantissa)
        {
            if (c == '.') seenPoint = true;
            else if (count == 0 && c == '0')
            {
                if (seenPoint) exponent--;
            }
            else
            {
                if (!seenPoint) exponent++;
                digits[count++] = (byte)c;
            }
        }
        if (e >= 0) exponent += int.Parse(shortest[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        while (count > 0 && digits[count - 1] == '0') count--;
        if (count == 0) output.Byte((byte)'0');
        else if (exponent < -4 || exponent >= plainBelow) Scientific(digits[..count], exponent, output);
        else Plain(digits[..count], exponent, output);
    }

    private static void Scientific(ReadOnlySpan<byte> digits, int exponent, ByteBuffer output)
    {
        output.Byte(digits[0]);
        if (digits.Length > 1)
        {
            output.Byte((byte)'.');
            output.Raw(digits[1..]);
        }
        output.Byte((byte)'e');
        output.Byte(exponent < 0 ? (byte)'-' : (byte)'+');
        if (Math.Abs(exponent) < 10) output.Byte((byte)'0');
        output.Number(Math.Abs(exponent));
    }

    private static void Plain(ReadOnlySpan<byte> digits, int exponent, ByteBuffer output)
    {
        if (exponent < 0)
        {
            output.Raw("0."u8);
            for (var i = -1; i > exponent; i--) output.Byte((byte)'0');
            output.Raw(digits);
            return;
        }
        for (var i = 0; i <= exponent; i++) output.Byte(i < digits.Length ? digits[i] : (byte)'0');
        if (digits.Length <= exponent + 1) return;
        output.Byte((byte)'.');
        output.Raw(digits[(exponent + 1)..]);
    }
}
