using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text.Json;

namespace PolyglotSync.Kafka.Envelope;

/// <summary>Bytes, bits and shapes in Debezium's encodings as PostgreSQL prints them.</summary>
internal static class BinaryText
{
    private const uint WithSrid = 0x2000_0000;

    /// <returns>False where the text is not of the encoding.</returns>
    public static bool TryBytea(ReadOnlySpan<byte> text, BinaryHandling handling, ByteBuffer output)
    {
        output.Raw("\\x"u8);
        if (handling != BinaryHandling.Hex && TryExpand(text, output)) return true;
        if (handling == BinaryHandling.Base64) return false;
        if (text.Length % 2 != 0) return false;
        foreach (var digit in text)
        {
            var value = Hex.Value(digit);
            if (value < 0) return false;
            output.Byte(Hex.Digit(value));
        }
        return true;
    }

    /// <summary>Base64 as hexadecimal digits, made in place from the last byte on.</summary>
    private static bool TryExpand(ReadOnlySpan<byte> text, ByteBuffer output)
    {
        var ordinary = text.ContainsAny((byte)'-', (byte)'_') ? Ordinary(text) : text;
        if (ordinary.Length % 4 != 0) return false;
        var free = output.Free(Base64.GetMaxDecodedFromUtf8Length(ordinary.Length) * 2);
        if (Base64.DecodeFromUtf8(ordinary, free, out var read, out var written) != OperationStatus.Done || read != ordinary.Length) return false;
        for (var i = written - 1; i >= 0; i--)
        {
            var value = free[i];
            free[i * 2] = Hex.Digit(value >> 4);
            free[(i * 2) + 1] = Hex.Digit(value & 15);
        }
        output.Advance(written * 2);
        return true;
    }

    /// <summary>Bits as text: a number's, its lowest byte first, filled up with zeros to the column's length.</summary>
    /// <param name="length">Digits; 0 where unknown: then no zero stands in front.</param>
    public static bool TryBits(ReadOnlySpan<byte> text, int length, ByteBuffer output)
    {
        if (length > 0 && text.Length == length && text.IndexOfAnyExcept((byte)'0', (byte)'1') < 0)
        {
            output.Raw(text);
            return true;
        }
        if (!TryBase64(text, out var bytes)) return false;
        var digits = length > 0 ? length : bytes.Length * 8;
        var seen = length > 0;
        for (var i = digits - 1; i >= 0; i--)
        {
            var bit = i / 8 < bytes.Length && (bytes[i / 8] & (1 << (i % 8))) != 0;
            seen |= bit || i == 0;
            if (seen) output.Byte(bit ? (byte)'1' : (byte)'0');
        }
        return true;
    }

    /// <summary>Text that came as bytes of an unknown type.</summary>
    public static bool TryText(ReadOnlySpan<byte> text, ByteBuffer output)
    {
        if (!TryBase64(text, out var bytes)) return false;
        output.Raw(bytes);
        return true;
    }

    /// <summary>
    /// A structure of shapes; the reader stands on its brace. <c>x</c> and <c>y</c> are a point, <c>(1,2)</c>; <c>wkb</c> alone is PostGIS's geometry or geography, which prints as
    /// hexadecimal well-known binary with the reference system in it (EWKB).
    /// </summary>
    public static bool TryShape(ref Utf8JsonReader reader, bool own, ByteBuffer output)
    {
        var x = new ByteBuffer(32);
        var y = new ByteBuffer(32);
        byte[]? wkb = null;
        int? srid = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var target = reader.ValueTextEquals("x"u8) ? x : reader.ValueTextEquals("y"u8) ? y : null;
            var isWkb = reader.ValueTextEquals("wkb"u8);
            var isSrid = reader.ValueTextEquals("srid"u8);
            reader.Read();
            if (target is not null) Coordinate(ref reader, own, target);
            else if (isWkb && reader.TokenType == JsonTokenType.String) wkb = JsonText.Copy(ref reader);
            else if (isSrid && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var read)) srid = read;
            else reader.Skip();
        }
        if (x.Length > 0 && y.Length > 0)
        {
            output.Byte((byte)'(');
            output.Raw(x.Written);
            output.Byte((byte)',');
            output.Raw(y.Written);
            output.Byte((byte)')');
            return true;
        }
        return wkb is not null && TryGeometry(wkb, srid, output);
    }

    private static void Coordinate(ref Utf8JsonReader reader, bool own, ByteBuffer output)
    {
        if (reader.TokenType == JsonTokenType.String) JsonText.Append(ref reader, output);
        else if (reader.TokenType == JsonTokenType.Number && own) output.Raw(reader.ValueSpan);
        else if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value)) FloatText.Write(value, false, output);
        else reader.Skip();
    }

    private static bool TryGeometry(ReadOnlySpan<byte> base64, int? srid, ByteBuffer output)
    {
        if (!TryBase64(base64, out var wkb) || wkb.Length < 5 || wkb[0] > 1) return false;
        Span<byte> head = stackalloc byte[9];
        head[0] = wkb[0];
        var little = wkb[0] == 1;
        var type = little ? BinaryPrimitives.ReadUInt32LittleEndian(wkb[1..]) : BinaryPrimitives.ReadUInt32BigEndian(wkb[1..]);
        if (srid is { } system && (type & WithSrid) == 0)
        {
            if (little)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(head[1..], type | WithSrid);
                BinaryPrimitives.WriteInt32LittleEndian(head[5..], system);
            }
            else
            {
                BinaryPrimitives.WriteUInt32BigEndian(head[1..], type | WithSrid);
                BinaryPrimitives.WriteInt32BigEndian(head[5..], system);
            }
            Upper(head, output);
            Upper(wkb[5..], output);
        }
        else Upper(wkb, output);
        return true;
    }

    private static void Upper(ReadOnlySpan<byte> bytes, ByteBuffer output)
    {
        foreach (var b in bytes)
        {
            output.Byte((byte)char.ToUpperInvariant((char)Hex.Digit(b >> 4)));
            output.Byte((byte)char.ToUpperInvariant((char)Hex.Digit(b & 15)));
        }
    }

    private static bool TryBase64(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        var ordinary = text.ContainsAny((byte)'-', (byte)'_') ? Ordinary(text) : text;
        if (ordinary.Length % 4 != 0) return false;
        var buffer = new byte[Base64.GetMaxDecodedFromUtf8Length(ordinary.Length)];
        if (Base64.DecodeFromUtf8(ordinary, buffer, out var read, out var written) != OperationStatus.Done || read != ordinary.Length) return false;
        bytes = buffer.AsSpan(0, written);
        return true;
    }

    /// <summary>The URL-safe alphabet turned into the ordinary one.</summary>
    private static byte[] Ordinary(ReadOnlySpan<byte> text)
    {
        var copy = text.ToArray();
        copy.AsSpan().Replace((byte)'-', (byte)'+');
        copy.AsSpan().Replace((byte)'_', (byte)'/');
        return copy;
    }
}
