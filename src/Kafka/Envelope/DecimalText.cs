using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace PolyglotSync.Kafka.Envelope;

/// <summary>Decimals in Debezium's modes (precise: base64 of the unscaled number, big-endian two's complement; double; string) as PostgreSQL prints numeric.</summary>
internal static class DecimalText
{
    /// <summary>Digits in text; the names of what is no number, in PostgreSQL's spelling and in Debezium's.</summary>
    /// <returns>False where the text is neither.</returns>
    public static bool TryText(ReadOnlySpan<byte> text, ByteBuffer output)
    {
        if (text.SequenceEqual("NAN"u8) || text.SequenceEqual("NaN"u8)) output.Raw("NaN"u8);
        else if (text.SequenceEqual("POSITIVE_INFINITY"u8) || text.SequenceEqual("Infinity"u8)) output.Raw("Infinity"u8);
        else if (text.SequenceEqual("NEGATIVE_INFINITY"u8) || text.SequenceEqual("-Infinity"u8)) output.Raw("-Infinity"u8);
        else if (IsPlain(text)) output.Raw(text);
        else return IsNumber(text) && TryExpand(text, null, output);
        return true;
    }

    /// <summary>A JSON number: without an exponent, and with as many digits after the point as the column's scale.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> text, int? scale, ByteBuffer output) => TryExpand(text, scale, output);

    /// <summary>The unscaled number in base64.</summary>
    public static bool TryUnscaled(ReadOnlySpan<byte> base64, int scale, ByteBuffer output)
    {
        Span<byte> bytes = base64.Length <= 128 ? stackalloc byte[96] : new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length)];
        if (Base64.DecodeFromUtf8(base64, bytes, out var read, out var written) != System.Buffers.OperationStatus.Done || read != base64.Length || written == 0) return false;
        Write(new BigInteger(bytes[..written], isUnsigned: false, isBigEndian: true), scale, output);
        return true;
    }

    /// <summary>The structure VariableScaleDecimal, <c>{"scale":2,"value":"BNI="}</c>; the reader stands on its brace.</summary>
    public static bool TryVariable(ref Utf8JsonReader reader, ByteBuffer output)
    {
        int? scale = null;
        byte[]? value = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isScale = reader.ValueTextEquals("scale"u8);
            var isValue = reader.ValueTextEquals("value"u8);
            reader.Read();
            if (isScale && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var read)) scale = read;
            else if (isValue && reader.TokenType == JsonTokenType.String) value = JsonText.Copy(ref reader);
            else reader.Skip();
        }
        return scale is { } digits && value is not null && TryUnscaled(value, digits, output);
    }

    public static bool IsNumber(ReadOnlySpan<byte> text) => !text.IsEmpty && text.IndexOfAnyExcept("+-.eE0123456789"u8) < 0 && text.ContainsAnyInRange((byte)'0', (byte)'9');

    private static bool IsPlain(ReadOnlySpan<byte> text)
    {
        var digits = text is [(byte)'-', ..] ? text[1..] : text;
        return !digits.IsEmpty && digits.IndexOfAnyExcept(".0123456789"u8) < 0 && digits[0] != '.' && digits[^1] != '.' && digits.Count((byte)'.') <= 1;
    }

    private static void Write(BigInteger unscaled, int scale, ByteBuffer output)
    {
        if (scale < 0)
        {
            unscaled *= BigInteger.Pow(10, -scale);
            scale = 0;
        }
        if (unscaled.Sign < 0) output.Byte((byte)'-');
        var digits = BigInteger.Abs(unscaled).ToString(CultureInfo.InvariantCulture);
        if (digits.Length <= scale) digits = digits.PadLeft(scale + 1, '0');
        var free = output.Free(digits.Length + 1);
        var whole = digits.Length - scale;
        for (var i = 0; i < whole; i++) free[i] = (byte)digits[i];
        if (scale > 0) free[whole] = (byte)'.';
        for (var i = whole; i < digits.Length; i++) free[i + 1] = (byte)digits[i];
        output.Advance(digits.Length + (scale > 0 ? 1 : 0));
    }

    private static bool TryExpand(ReadOnlySpan<byte> text, int? scale, ByteBuffer output)
    {
        var e = text.IndexOfAny((byte)'e', (byte)'E');
        var exponent = 0;
        if (e >= 0)
        {
            var power = text[(e + 1)..];
            if (power is [(byte)'+', ..]) power = power[1..];
            if (!Utf8Parser.TryParse(power, out exponent, out var read) || read != power.Length || Math.Abs(exponent) > 20_000) return false;
            text = text[..e];
        }
        if (!IsPlain(text)) return false;
        var point = text.IndexOf((byte)'.');
        var fraction = point < 0 ? default : text[(point + 1)..].TrimEnd((byte)'0');
        var whole = point < 0 ? text : text[..point];
        var digits = string.Concat(System.Text.Encoding.ASCII.GetString(whole), System.Text.Encoding.ASCII.GetString(fraction));
        var unscaled = BigInteger.Parse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var places = Math.Max(fraction.Length - exponent, 0);
        if (fraction.Length < exponent) unscaled *= BigInteger.Pow(10, exponent - fraction.Length);
        if (scale is { } wanted && wanted > places)
        {
            unscaled *= BigInteger.Pow(10, wanted - places);
            places = wanted;
        }
        Write(unscaled, places, output);
        return true;
    }
}
