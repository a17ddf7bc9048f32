using System.Security.Cryptography;
using System.Text;
using PolyglotSync.Contracts;

namespace PolyglotSync.Kafka.Envelope;

/// <summary>
/// What Debezium writes in the place of an unchanged TOAST value, which PostgreSQL does not send: a text of its own, and for types that cannot hold it something
/// made of that text (<c>UnchangedToastedPlaceholder</c> of its PostgreSQL connector): base64 for bytea, one element for arrays of texts, its bytes as numbers for arrays of
/// integers and dates, a UUID of its MD5 for arrays of uuid, a map of it to itself for hstore.
/// </summary>
internal sealed class Placeholder
{
    public static readonly Placeholder Debezium = new("__debezium_unavailable_value");

    private readonly byte[][] _bytea;
    private readonly byte[] _hstoreJson;
    private readonly byte[] _hstoreText;
    private readonly byte[] _uuid;
    private readonly byte[] _numbers;
    private readonly byte[][] _arrays;

    public Placeholder(string text)
    {
        Text = Encoding.UTF8.GetBytes(text);
        var base64 = Convert.ToBase64String(Text);
        var hex = Convert.ToHexStringLower(Text);
        _bytea = [Utf8(base64), Utf8(base64.Replace('+', '-').Replace('/', '_')), Utf8(hex)];
        var json = new ByteBuffer();
        Map(json);
        _hstoreJson = json.Written.ToArray();
        _hstoreText = Utf8($"\"{text}\"=>\"{text}\"");
        _uuid = Utf8(NameUuid(Text));
        _numbers = Utf8("[" + string.Join(',', Text.Select(b => (sbyte)b)) + "]");
        _arrays =
        [
            Utf8("{" + text + "}"), Utf8("{\"" + text + "\"}"), Utf8("{" + NameUuid(Text) + "}"), Utf8("{\"\\\\x" + hex + "\"}"),
            Utf8("{" + string.Join(',', Text.Select(b => (sbyte)b)) + "}"),
            Utf8("{" + string.Join(',', Text.Select(b => DateOnly.FromDayNumber(719_162 + (sbyte)b).ToString("yyyy-MM-dd", null))) + "}"),
        ];
    }

    public byte[] Text { get; }

    /// <summary>True for what stands in the place of a column's text, or of a bytea in any encoding.</summary>
    public bool IsText(ReadOnlySpan<byte> text, ValueForm form)
    {
        if (text.SequenceEqual(Text)) return true;
        if (form == ValueForm.Hstore) return text.SequenceEqual(_hstoreJson);
        if (form != ValueForm.Bytea) return false;
        foreach (var shape in _bytea)
            if (text.SequenceEqual(shape)) return true;
        return false;
    }

    /// <summary>True for the text of an array, or of an hstore, that Debezium makes of the placeholder.</summary>
    public bool IsValue(ReadOnlySpan<byte> text, ValueForm form)
    {
        if (form == ValueForm.Hstore) return text.SequenceEqual(_hstoreText);
        if (form != ValueForm.Array) return false;
        foreach (var shape in _arrays)
            if (text.SequenceEqual(shape)) return true;
        return false;
    }

    /// <summary>The JSON that stands for a column that was not sent; null where there is none.</summary>
    public byte[]? For(ColumnCodec column) => column.Form switch
    {
        ValueForm.Text or ValueForm.Decimal => Quoted(Text),
        ValueForm.Bytea => Quoted(_bytea[0]),
        ValueForm.Hstore => Quoted(_hstoreJson),
        ValueForm.Array => Element(column.Element!),
        _ => null,
    };

    private byte[]? Element(ColumnCodec element) => element.Form switch
    {
        ValueForm.Text => [(byte)'[', .. Quoted(element.Type.Kind == PgKind.Uuid ? _uuid : Text), (byte)']'],
        ValueForm.Bytea => [(byte)'[', .. Quoted(_bytea[0]), (byte)']'],
        ValueForm.Integer or ValueForm.Date => _numbers,
        _ => null,
    };

    private void Map(ByteBuffer json)
    {
        json.Byte((byte)'{');
        json.String(Text);
        json.Byte((byte)':');
        json.String(Text);
        json.Byte((byte)'}');
    }

    private static byte[] Quoted(ReadOnlySpan<byte> text)
    {
        var json = new ByteBuffer();
        json.String(text);
        return json.Written.ToArray();
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Java's <c>UUID.nameUUIDFromBytes</c>: version 3 of RFC 4122 without a name space.</summary>
    private static string NameUuid(byte[] name)
    {
        var hash = MD5.HashData(name);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x30);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash, bigEndian: true).ToString();
    }
}
