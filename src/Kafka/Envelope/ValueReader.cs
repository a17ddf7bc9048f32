using System.Text.Json;
using PolyglotSync.Contracts;

namespace PolyglotSync.Kafka.Envelope;

/// <summary>Turns a JSON value back into the text that PostgreSQL prints. What cannot be of the column's type throws <see cref="FormatException"/>.</summary>
internal sealed class ValueReader(EnvelopeOptions options)
{
    private readonly Placeholder _placeholder = new(options.UnavailableValue);
    private readonly TemporalReader _temporal = new(options.Time);
    private readonly ByteBuffer _text = new(256);
    private readonly ByteBuffer _element = new(256);

    /// <summary>Reads the value that the reader stands on, which is not null, to its end.</summary>
    /// <param name="schema">What the message's schema says of the column; null without one.</param>
    /// <param name="own">True where <see cref="EnvelopeWriter"/> wrote it.</param>
    /// <param name="output">The text is appended.</param>
    /// <returns>False where it is the placeholder of a value that was not sent.</returns>
    public bool TryRead(ref Utf8JsonReader reader, ColumnCodec column, FieldSchema? schema, bool own, ByteBuffer output)
    {
        if (reader.TokenType == JsonTokenType.String && IsPlaceholder(ref reader, column.Form)) return false;
        var start = output.Length;
        if (column.Form == ValueForm.Array) Array(ref reader, column, schema, own, output);
        else Scalar(ref reader, column, schema, own, output);
        return !_placeholder.IsValue(output.Written[start..], column.Form);
    }

    /// <summary>True where the token's own bytes are the value's text: what most columns of our envelopes are.</summary>
    public bool IsPlain(ref Utf8JsonReader reader, ColumnCodec column, bool own) => reader.TokenType switch
    {
        JsonTokenType.String => own && column.Form == ValueForm.Text && !reader.ValueIsEscaped && !_placeholder.IsText(reader.ValueSpan, ValueForm.Text),
        JsonTokenType.Number => column.Form == ValueForm.Integer ? reader.ValueSpan.IndexOfAny(".eE"u8) < 0 : own && column.Form == ValueForm.Float,
        _ => false,
    };

    private bool IsPlaceholder(ref Utf8JsonReader reader, ValueForm form)
    {
        if (!reader.ValueIsEscaped) return _placeholder.IsText(reader.ValueSpan, form);
        if (form != ValueForm.Hstore) return false;
        return _placeholder.IsText(Unescaped(ref reader), form);
    }

    private void Scalar(ref Utf8JsonReader reader, ColumnCodec column, FieldSchema? schema, bool own, ByteBuffer output)
    {
        switch (column.Form)
        {
            case ValueForm.Bool: Bool(ref reader, "t"u8, "f"u8, output); break;
            case ValueForm.Bit: Bool(ref reader, "1"u8, "0"u8, output); break;
            case ValueForm.Integer: Integer(ref reader, output); break;
            case ValueForm.Float: Float(ref reader, column.Type.Kind == PgKind.Float4, own, output); break;
            case ValueForm.Decimal: Check(TryDecimal(ref reader, column.Type.Scale, schema, own, output), "what is not a decimal"); break;
            case ValueForm.Money: Money(ref reader, schema, own, output); break;
            case ValueForm.Text: Text(ref reader, column, schema, own, output); break;
            case ValueForm.Bytea: Bytea(ref reader, schema, own, output); break;
            case ValueForm.Bits: Check(BinaryText.TryBits(String(ref reader), column.Length, output), "what is not bits"); break;
            case ValueForm.Date: TemporalReader.Date(ref reader, output); break;
            case ValueForm.Time: _temporal.Time(ref reader, column, schema, own, output); break;
            case ValueForm.TimeTz: TemporalReader.TimeTz(ref reader, output); break;
            case ValueForm.Timestamp or ValueForm.TimestampTz: _temporal.Timestamp(ref reader, column, schema, own, output); break;
            case ValueForm.Interval: TemporalReader.Interval(ref reader, schema, output); break;
            case ValueForm.Hstore: Hstore(ref reader, output); break;
            case ValueForm.Point: Point(ref reader, own, output); break;
            default: throw new FormatException("cannot be read from an envelope");
        }
    }

    private static void Bool(ref Utf8JsonReader reader, ReadOnlySpan<byte> yes, ReadOnlySpan<byte> no, ByteBuffer output)
    {
        if (reader.TokenType == JsonTokenType.True) output.Raw(yes);
        else if (reader.TokenType == JsonTokenType.False) output.Raw(no);
        else throw Wrong(ref reader, "true or false");
    }

    private static void Integer(ref Utf8JsonReader reader, ByteBuffer output)
    {
        if (reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String)) throw Wrong(ref reader, "a whole number");
        var digits = reader.ValueSpan;
        Check(!digits.IsEmpty && digits.IndexOfAnyExcept("-0123456789"u8) < 0 && digits.LastIndexOf((byte)'-') <= 0 && digits[^1] != '-', "what is not a whole number");
        output.Raw(digits);
    }

    /// <summary>PostgreSQL's digits are in our envelopes; Java prints the same number otherwise (<c>1.0E10</c>).</summary>
    private static void Float(ref Utf8JsonReader reader, bool single, bool own, ByteBuffer output)
    {
        if (reader.TokenType == JsonTokenType.Number && own) output.Raw(reader.ValueSpan);
        else if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value)) FloatText.Write(value, single, output);
        else if (reader.TokenType == JsonTokenType.String && (reader.ValueTextEquals("NaN"u8) || reader.ValueTextEquals("Infinity"u8) || reader.ValueTextEquals("-Infinity"u8)))
            output.Raw(reader.ValueSpan);
        else throw Wrong(ref reader, "a number");
    }

    private bool TryDecimal(ref Utf8JsonReader reader, int? scale, FieldSchema? schema, bool own, ByteBuffer output)
    {
        if (reader.TokenType == JsonTokenType.StartObject) return DecimalText.TryVariable(ref reader, output);
        if (reader.TokenType == JsonTokenType.Number) return DecimalText.TryNumber(reader.ValueSpan, scale, output);
        if (reader.TokenType != JsonTokenType.String) return false;
        var text = Unescaped(ref reader);
        if (own) return DecimalText.TryText(text, output);
        if (schema is not null) return schema.Scale is { } places ? DecimalText.TryUnscaled(text, places, output) : DecimalText.TryText(text, output);
        return options.Decimal switch
        {
            DecimalHandling.Precise => DecimalText.TryUnscaled(text, scale ?? 0, output),
            DecimalHandling.String => DecimalText.TryText(text, output),
            _ when scale > 0 && text.Length % 4 == 0 && !text.Contains((byte)'.') && DecimalText.IsNumber(text) => DecimalText.TryUnscaled(text, scale.Value, output),
            _ => (!text.ContainsAny((byte)'e', (byte)'E') || text[^1] is > (byte)'9') && DecimalText.TryText(text, output) || DecimalText.TryUnscaled(text, scale ?? 0, output),
        };
    }

    private void Money(ref Utf8JsonReader reader, FieldSchema? schema, bool own, ByteBuffer output)
    {
        const int cents = 2;
        var start = output.Length;
        if (reader.TokenType == JsonTokenType.String && (own || schema is null) && !DecimalText.IsNumber(reader.ValueSpan) && (own || reader.ValueSpan.Contains((byte)'$')))
        {
            JsonText.Append(ref reader, output);
            return;
        }
        var plain = new ByteBuffer(32);
        Check(TryDecimal(ref reader, cents, schema, own, plain) && MoneyText.TryPrinted(plain.Written, output), "what is not money");
        if (output.Length == start) throw Wrong(ref reader, "money");
    }

    private void Text(ref Utf8JsonReader reader, ColumnCodec column, FieldSchema? schema, bool own, ByteBuffer output)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String when !own && column.IsVarBit:
                Check(BinaryText.TryBits(String(ref reader), 0, output), "what is not bits");
                break;
            case JsonTokenType.String when !own && schema is { IsBytes: true }:
                Check(BinaryText.TryText(String(ref reader), output), "what is not base64");
                break;
            case JsonTokenType.String:
                JsonText.Append(ref reader, output);
                break;
            case JsonTokenType.Number:
                output.Raw(reader.ValueSpan);
                break;
            case JsonTokenType.True or JsonTokenType.False:
                if (column.IsVarBit) Bool(ref reader, "1"u8, "0"u8, output);
                else Bool(ref reader, "t"u8, "f"u8, output);
                break;
            case JsonTokenType.StartObject when column.Type.Kind == PgKind.Other:
                Check(BinaryText.TryShape(ref reader, own, output), "a structure that is no point and no geometry");
                break;
            default:
                throw Wrong(ref reader, "text");
        }
    }

    private void Bytea(ref Utf8JsonReader reader, FieldSchema? schema, bool own, ByteBuffer output)
    {
        var handling = own || schema is { IsBytes: true } ? BinaryHandling.Base64 : options.Binary;
        var text = String(ref reader);
        if (own && text.StartsWith("\\"u8)) output.Raw(text);
        else Check(BinaryText.TryBytea(text, handling, output), "what is neither base64 nor hexadecimal");
    }

    private void Hstore(ref Utf8JsonReader reader, ByteBuffer output)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            HstoreText.Read(ref reader, output);
            return;
        }
        var text = String(ref reader);
        if (text is not [(byte)'{', ..])
        {
            output.Raw(text);
            return;
        }
        var inner = new Utf8JsonReader(text.ToArray());
        inner.Read();
        HstoreText.Read(ref inner, output);
    }

    private void Point(ref Utf8JsonReader reader, bool own, ByteBuffer output)
    {
        if (reader.TokenType == JsonTokenType.StartObject) Check(BinaryText.TryShape(ref reader, own, output), "a structure that is no point");
        else output.Raw(String(ref reader));
    }

    private void Array(ref Utf8JsonReader reader, ColumnCodec column, FieldSchema? schema, bool own, ByteBuffer output)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            JsonText.Append(ref reader, output);
            return;
        }
        if (reader.TokenType != JsonTokenType.StartArray) throw Wrong(ref reader, "an array");
        output.Byte((byte)'{');
        var first = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!first) output.Byte(column.Element!.Delimiter);
            first = false;
            if (reader.TokenType == JsonTokenType.StartArray) Array(ref reader, column, schema, own, output);
            else if (reader.TokenType == JsonTokenType.Null) output.Raw("NULL"u8);
            else
            {
                _element.Clear();
                Scalar(ref reader, column.Element!, schema?.Items, own, _element);
                ArrayLiteral.WriteElement(_element.Written, column.Element!.Delimiter, output);
            }
        }
        output.Byte((byte)'}');
    }

    private ReadOnlySpan<byte> String(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String ? Unescaped(ref reader) : throw Wrong(ref reader, "text");

    /// <summary>The string's text, until the next call.</summary>
    private ReadOnlySpan<byte> Unescaped(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped) return reader.ValueSpan;
        _text.Clear();
        JsonText.Append(ref reader, _text);
        return _text.Written;
    }

    private static void Check(bool holds, string what)
    {
        if (!holds) throw new FormatException($"cannot hold {what}");
    }

    private static FormatException Wrong(ref Utf8JsonReader reader, string expected) => new($"is to be {expected}, not {Kind(reader.TokenType)}");

    private static string Kind(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "text",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "true or false",
        JsonTokenType.Null => "null",
        _ => "what it is",
    };
}
