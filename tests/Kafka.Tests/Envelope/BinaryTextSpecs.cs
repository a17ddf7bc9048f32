using System.Globalization;
using System.Text;
using System.Text.Json;
using PolyglotSync.Kafka.Envelope;

namespace PolyglotSync.Kafka.Tests.Envelope;

/// <summary>Bytes, bits and shapes in Debezium's encodings as PostgreSQL prints them.</summary>
public sealed class BinaryTextSpecs
{
    /// <summary>A point (1, 2) as well-known binary, its lowest and its highest byte first.</summary>
    private const string Little = "0101000000000000000000F03F0000000000000040";
    private const string Big = "00000000013FF00000000000004000000000000000";

    [Theory]
    [InlineData(Little, 4326, "0101000020E6100000000000000000F03F0000000000000040")]
    [InlineData(Big, 4326, "0020000001000010E63FF00000000000004000000000000000")]
    [InlineData(Little, null, Little)]
    [InlineData("0101000020E6100000000000000000F03F0000000000000040", 4326, "0101000020E6100000000000000000F03F0000000000000040")]
    public void A_geometry_is_printed_with_its_reference_system_in_it(string wkb, int? srid, string ewkb) =>
        Shape($$$"""{"wkb":"{{{Convert.ToBase64String(Convert.FromHexString(wkb))}}}","srid":{{{srid?.ToString(CultureInfo.InvariantCulture) ?? "null"}}},"more":{"is":["skipped"]}}""").ShouldBe(ewkb);

    [Theory]
    [InlineData("""{"x":1,"y":-2.5}""", "(1,-2.5)")]
    [InlineData("""{"y":"Infinity","x":"NaN","wkb":"","srid":null}""", "(NaN,Infinity)")]
    public void A_point_is_its_coordinates(string json, string printed) => Shape(json).ShouldBe(printed);

    [Theory]
    [InlineData("{}"), InlineData("""{"x":1}"""), InlineData("""{"wkb":"AQE="}"""), InlineData("""{"wkb":"!!!!"}"""), InlineData("""{"wkb":"BwEAAAA="}"""), InlineData("""{"x":true,"y":[]}""")]
    public void What_is_no_shape_is_not_taken_for_one(string json) => Shape(json).ShouldBeNull();

    [Theory]
    [InlineData("AQID", BinaryHandling.Base64, "\\x010203")]
    [InlineData("-_-_", BinaryHandling.Base64, "\\xfbffbf")]
    [InlineData("", BinaryHandling.Base64, "\\x")]
    [InlineData("0aFF", BinaryHandling.Hex, "\\x0aff")]
    [InlineData("0aF", BinaryHandling.Hex, null)]
    [InlineData("xy", BinaryHandling.Hex, null)]
    [InlineData("AQI", BinaryHandling.Base64, null)]
    public void Bytes_are_hexadecimal_digits(string text, BinaryHandling handling, string? printed)
    {
        var output = new ByteBuffer();
        var isRead = BinaryText.TryBytea(Encoding.UTF8.GetBytes(text), handling, output);
        (isRead ? Encoding.UTF8.GetString(output.Written) : null).ShouldBe(printed);
    }

    [Theory]
    [InlineData("101", 3, "101")]
    [InlineData("BQ==", 3, "101")]
    [InlineData("BQ==", 8, "00000101")]
    [InlineData("BQ==", 0, "101")]
    [InlineData("AA==", 0, "0")]
    [InlineData("AAE=", 10, "0100000000")]
    [InlineData("?", 3, null)]
    public void Bits_are_as_many_digits_as_the_column_has(string text, int length, string? printed)
    {
        var output = new ByteBuffer();
        var isRead = BinaryText.TryBits(Encoding.UTF8.GetBytes(text), length, output);
        (isRead ? Encoding.UTF8.GetString(output.Written) : null).ShouldBe(printed);
    }

    private static string? Shape(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        var output = new ByteBuffer();
        return BinaryText.TryShape(ref reader, own: false, output) ? Encoding.UTF8.GetString(output.Written) : null;
    }
}
