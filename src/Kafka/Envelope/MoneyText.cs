using System.Buffers.Text;

namespace PolyglotSync.Kafka.Envelope;

/// <summary>
/// Money as PostgreSQL prints it under lc_monetary C or en_US (<c>-$1,234.56</c>), and as a plain decimal. Under other locales the text is kept as it is: what its separators
/// mean stands nowhere.
/// </summary>
internal static class MoneyText
{
    /// <returns>False where the text is not of that form.</returns>
    public static bool TryPlain(ReadOnlySpan<byte> text, ByteBuffer output)
    {
        var rest = text;
        var negative = rest.StartsWith("-"u8);
        if (negative) rest = rest[1..];
        if (rest.Length < 5 || rest[0] != '$' || rest[^3] != '.') return false;
        var start = output.Length;
        if (negative) output.Byte((byte)'-');
        foreach (var b in rest[1..])
        {
            if (b is (byte)'.' or >= (byte)'0' and <= (byte)'9') output.Byte(b);
            else if (b != ',') return false;
        }
        // Only what comes back the same: other groupings are another locale's.
        var back = new ByteBuffer(text.Length + 8);
        return TryPrinted(output.Written[start..], back) && back.Written.SequenceEqual(text);
    }

    /// <summary>A decimal of any number of places, rounded to cents, as money; half a cent away from zero.</summary>
    /// <returns>False where it is no decimal, or beyond money's range.</returns>
    public static bool TryPrinted(ReadOnlySpan<byte> plain, ByteBuffer output)
    {
        if (!Utf8Parser.TryParse(plain, out decimal amount, out var read) || read != plain.Length) return false;
        amount = Math.Round(amount, 2, MidpointRounding.AwayFromZero);
        if (Math.Abs(amount) > 92233720368547758.08m) return false;
        if (amount < 0) output.Byte((byte)'-');
        amount = Math.Abs(amount);
        output.Byte((byte)'$');
        Span<byte> digits = stackalloc byte[24];
        Utf8Formatter.TryFormat((long)amount, digits, out var length);
        for (var i = 0; i < length; i++)
        {
            if (i > 0 && (length - i) % 3 == 0) output.Byte((byte)',');
            output.Byte(digits[i]);
        }
        var cents = (int)((amount - (long)amount) * 100);
        output.Byte((byte)'.');
        output.Byte((byte)('0' + (cents / 10)));
        output.Byte((byte)('0' + (cents % 10)));
        return true;
    }
}
