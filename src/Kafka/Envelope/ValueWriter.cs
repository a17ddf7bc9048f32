using System.Buffers.Binary;
using System.Buffers.Text;

namespace PolyglotSync.Kafka.Envelope;

/// <summary>
/// Writes a value's text as JSON in Debezium's encodings: time.precision.mode=adaptive, decimal.handling.mode=string, binary.handling.mode=bytes (base64),
/// hstore.handling.mode=json, interval.handling.mode=string. Those are lossless without a schema beside the data; a precise decimal would not be: its scale stands in the
/// schema. Text that a form cannot hold (a timestamp beyond 64 bits of microseconds) is written as text.
/// </summary>
internal sealed class ValueWriter(ByteBuffer output)
{
    private readonly ByteBuffer _scratch = new(256);
    private readonly ByteBuffer _element = new(256);

    public void Write(ColumnCodec column, ReadOnlySpan<byte> text)
    {
        switch (column.Form)
        {
            case ValueForm.Bool: output.Raw(text is [(byte)'t', ..] ? "true"u8 : "false"u8); break;
            case ValueForm.Integer: output.Raw(text); break;
            case ValueForm.Float: Float(text); break;
            case ValueForm.Decimal: Decimal(text); break;
            case ValueForm.Money: Money(text); break;
            case ValueForm.Text: output.String(text); break;
            case ValueForm.Bytea: Bytea(text); break;
            case ValueForm.Bit: output.Raw(text is [(byte)'1'] ? "true"u8 : "false"u8); break;
            case ValueForm.Bits: Bits(text); break;
            case ValueForm.Date: Date(text); break;
            case ValueForm.Time: Time(column, text); break;
            case ValueForm.TimeTz: TimeTz(text); break;
            case ValueForm.Timestamp: Timestamp(column, text); break;
            case ValueForm.TimestampTz: TimestampTz(column, text, column.Precision); break;
            case ValueForm.Interval: Interval(text); break;
            case ValueForm.Hstore: Hstore(text); break;
            case ValueForm.Point: Point(text); break;
            case ValueForm.Array: Array(column.Element!, text); break;
            default: throw new ArgumentOutOfRangeException(nameof(column), column.Form, "a form that is not written");
        }
    }

    /// <summary>PostgreSQL's digits are JSON's; what is no number is a string, as Debezium's converter has it.</summary>
    private void Float(ReadOnlySpan<byte> text)
    {
        if (text[^1] is >= (byte)'0' and <= (byte)'9') output.Raw(text);
        else output.String(text);
    }

    private void Decimal(ReadOnlySpan<byte> text) =>
        output.String(text[^1] is >= (byte)'0' and <= (byte)'9' ? text
            : text.SequenceEqual("NaN"u8) ? "NAN"u8
            : text[0] == '-' ? "NEGATIVE_INFINITY"u8 : "POSITIVE_INFINITY"u8);

    /// <summary><c>-$1,234.56</c> without sign and separators; what another locale prints stays as it is.</summary>
    private void Money(ReadOnlySpan<byte> text)
    {
        _scratch.Clear();
        if (!MoneyText.TryPlain(text, _scratch)) output.String(text);
        else output.String(_scratch.Written);
    }

    private void Bytea(ReadOnlySpan<byte> text)
    {
        if (!text.StartsWith("\\x"u8) || text.Length % 2 != 0)
        {
            output.String(text);
            return;
        }
        _scratch.Clear();
        var length = (text.Length - 2) / 2;
        var bytes = _scratch.Free(length)[..length];
        if (Hex.TryDecode(text[2..], bytes)) output.Base64(bytes);
        else output.String(text);
    }

    /// <summary>The bits of a number, its lowest byte first, without the zero bytes on top.</summary>
    private void Bits(ReadOnlySpan<byte> text)
    {
        _scratch.Clear();
        var bytes = _scratch.Free((text.Length + 7) / 8)[..((text.Length + 7) / 8)];
        bytes.Clear();
        for (var i = 0; i < text.Length; i++)
            if (text[^(i + 1)] == '1') bytes[i / 8] |= (byte)(1 << (i % 8));
        output.Base64(bytes.TrimEnd((byte)0));
    }

    private void Date(ReadOnlySpan<byte> text)
    {
        if (text.SequenceEqual("infinity"u8)) output.Number(Calendar.DateInfinity);
        else if (text.SequenceEqual("-infinity"u8)) output.Number(Calendar.DateMinusInfinity);
        else if (TemporalText.TryDate(text, out var days)) output.Number(days);
        else output.String(text);
    }

    private void Time(ColumnCodec column, ReadOnlySpan<byte> text)
    {
        if (TemporalText.TryTime(text, out var micros, out _, out _) && (!column.CountsMillis || micros % 1000 == 0))
            output.Number(column.CountsMillis ? micros / 1000 : micros);
        else output.String(text);
    }

    /// <summary><c>13:14:15.5+05</c> as <c>13:14:15.5+05:00</c>, <c>+00</c> as <c>Z</c>. The offset stays: Debezium moves the time to UTC, which loses it.</summary>
    private void TimeTz(ReadOnlySpan<byte> text)
    {
        var sign = text.LastIndexOfAny((byte)'+', (byte)'-');
        output.Byte((byte)'"');
        if (sign < 0) output.Inside(text);
        else if (text[sign..].SequenceEqual("+00"u8))
        {
            output.Raw(text[..sign]);
            output.Byte((byte)'Z');
        }
        else
        {
            output.Raw(text);
            if (text.Length - sign == 3) output.Raw(":00"u8);
        }
        output.Byte((byte)'"');
    }

    private void Timestamp(ColumnCodec column, ReadOnlySpan<byte> text)
    {
        var unit = column.CountsMillis ? 1000 : 1;
        if (text.SequenceEqual("infinity"u8)) output.Number(Calendar.TimestampInfinity / unit);
        else if (text.SequenceEqual("-infinity"u8)) output.Number(Calendar.TimestampMinusInfinity / unit);
        else if (!TemporalText.TryTimestamp(text, out var days, out var micros)) output.String(text);
        else
        {
            // Both infinities lie beyond the last day that 64 bits hold whole.
            var holds = Math.Abs(days) < Calendar.TimestampInfinity / Calendar.MicrosPerDay;
            var value = holds ? (days * Calendar.MicrosPerDay) + micros : 0;
            if (holds && value % unit == 0) output.Number(value / unit);
            else Iso(days, micros, 0);
        }
    }

    /// <summary>Debezium prints as many digits after the second as the column has; elements of an array without trailing zeros.</summary>
    private void TimestampTz(ColumnCodec column, ReadOnlySpan<byte> text, int digits)
    {
        if (TemporalText.TryTimestamp(text, out var days, out var micros)) Iso(days, micros, digits);
        else output.String(text);
    }

    private void Iso(long days, long micros, int digits)
    {
        output.Byte((byte)'"');
        TemporalFormat.IsoTimestamp(days, micros, digits, output);
        output.Byte((byte)'"');
    }

    private void Interval(ReadOnlySpan<byte> text)
    {
        var start = output.Length;
        output.Byte((byte)'"');
        if (IntervalText.TryWriteAll(text, output))
        {
            output.Byte((byte)'"');
            return;
        }
        output.CutTo(start);
        output.String(text);
    }

    private void Hstore(ReadOnlySpan<byte> text)
    {
        _scratch.Clear();
        if (HstoreText.TryWriteJson(text, _scratch)) output.String(_scratch.Written);
        else output.String(text);
    }

    /// <summary>Debezium's structure: both numbers, and the same in well-known binary.</summary>
    private void Point(ReadOnlySpan<byte> text)
    {
        var comma = text.IndexOf((byte)',');
        if (comma < 2 || !Utf8Parser.TryParse(text[1..comma], out double x, out _) || !Utf8Parser.TryParse(text[(comma + 1)..^1], out double y, out _))
        {
            output.String(text);
            return;
        }
        output.Raw("{\"x\":"u8);
        Float(text[1..comma]);
        output.Raw(",\"y\":"u8);
        Float(text[(comma + 1)..^1]);
        output.Raw(",\"wkb\":"u8);
        Span<byte> wkb = stackalloc byte[21];
        wkb[0] = wkb[1] = 1;
        wkb[2..5].Clear();
        BinaryPrimitives.WriteDoubleLittleEndian(wkb[5..], x);
        BinaryPrimitives.WriteDoubleLittleEndian(wkb[13..], y);
        output.Base64(wkb);
        output.Raw(",\"srid\":null}"u8);
    }

    /// <summary>An array literal as a JSON array; one with bounds of its own (<c>[0:1]={1,2}</c>) as text, since JSON has none.</summary>
    private void Array(ColumnCodec element, ReadOnlySpan<byte> text)
    {
        var start = output.Length;
        var items = new ArrayLiteral(text, element.Delimiter);
        while (items.TryNext(_element, out var token))
        {
            switch (token)
            {
                case ArrayToken.Open: output.Byte((byte)'['); break;
                case ArrayToken.Close: output.Byte((byte)']'); break;
                case ArrayToken.Delimiter: output.Byte((byte)','); break;
                case ArrayToken.Null: output.Raw("null"u8); break;
                case ArrayToken.Value: Element(element, _element.Written); break;
                default: throw new InvalidOperationException($"an array holds no {token}");
            }
        }
        if (items.IsWhole) return;
        output.CutTo(start);
        output.String(text);
    }

    private void Element(ColumnCodec element, ReadOnlySpan<byte> text)
    {
        if (element.Form == ValueForm.TimestampTz) TimestampTz(element, text, 0);
        else Write(element, text);
    }
}
