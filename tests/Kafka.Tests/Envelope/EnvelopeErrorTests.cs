using System.Text;
using PolyglotSync.Kafka.Envelope;

namespace PolyglotSync.Kafka.Tests.Envelope;

/// <summary>Messages that are no readable change: a reason, what to do, and a batch as it was.</summary>
public sealed class EnvelopeErrorTests
{
    private const string Source = """ "source":{"schema":"public","table":"keyed","lsn":1}""";

    private static readonly EnvelopeReader Reader = Captured.Reader();

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("null")]
    [InlineData("{\"op\":\"c\"} {}")]
    [InlineData("{\"schema\":{}")]
    [InlineData("{\"payload\":[]}")]
    [InlineData("\u0000\u0000\u0000\u0001avro")]
    public void What_is_not_JSON_is_malformed(string value)
    {
        Fails(value, EnvelopeFault.Malformed).Message.ShouldContain("JsonConverter");
    }

    [Fact]
    public void What_is_not_Unicode_is_malformed()
    {
        var writer = new ChangeBatchWriter(64, 4);
        byte[] value = [.. """{"after":{"a":1,"b":"x","v":"""u8, (byte)'"', 0xff, 0xfe, (byte)'"', (byte)'}', .. Encoding.UTF8.GetBytes(",\"op\":\"c\"," + Source + "}")];
        Should.Throw<EnvelopeException>(() => Reader.Read(default, value, writer)).Fault.ShouldBe(EnvelopeFault.Malformed);
        writer.Bytes.ShouldBe(0);
    }

    [Fact]
    public void A_table_that_the_pipeline_does_not_have_is_named()
    {
        var error = Fails("""{"before":null,"after":{"id":1},"source":{"schema":"other","table":"things","lsn":1},"op":"c"}""", EnvelopeFault.UnknownTable);
        error.Table.ShouldBe("other.things");
        error.Message.ShouldContain("leave the topic out");
    }

    [Theory]
    [InlineData("""{"after":{"a":1,"v":"x"},"op":"c",""", "b")]
    [InlineData("""{"after":{"a":null,"b":"x"},"op":"c",""", "a")]
    [InlineData("""{"before":null,"after":null,"op":"d",""", "a")]
    [InlineData("""{"before":{"v":"x"},"after":null,"op":"d",""", "a")]
    [InlineData("""{"after":{"a":1,"b":"__debezium_unavailable_value"},"op":"u",""", "b")]
    public void A_row_without_its_key_says_which_column(string value, string column) =>
        Fails(value + Source + "}", EnvelopeFault.MissingKey).Message.ShouldContain($"\"{column}\"");

    [Theory]
    [InlineData("""{"before":null,"after":null,"op":"d",""", "{\"a\":1,\"b\":\"x\"}")]
    [InlineData("""{"before":null,"after":null,"op":"d",""", "{\"schema\":{\"type\":\"struct\",\"fields\":[]},\"payload\":{\"a\":1,\"b\":\"x\"}}")]
    [InlineData("""{"after":{"v":"1"},"op":"u",""", "{\"a\":1,\"b\":\"x\"}")]
    public void A_key_that_the_row_lacks_is_taken_from_the_message_s_key(string value, string key)
    {
        var writer = new ChangeBatchWriter(64, 4);
        Reader.Read(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(value + Source + "}"), writer);
        var batch = writer.Complete(null);
        var entry = batch.Entries[0];
        (Images.Old(batch, entry) ?? Images.New(batch, entry)!)[..2].ShouldBe(["1", "x"]);
    }

    [Theory]
    [InlineData("types", "c_int4", "\"x\"")]
    [InlineData("types", "c_int4", "1.5")]
    [InlineData("types", "c_int4", "true")]
    [InlineData("types", "c_int4", "{}")]
    [InlineData("types", "c_bool", "\"maybe\"")]
    [InlineData("types", "c_float8", "\"much\"")]
    [InlineData("types", "c_numeric", "\"?\"")]
    [InlineData("types", "c_numeric", "{\"scale\":\"2\"}")]
    [InlineData("types", "c_numeric", "1e99999")]
    [InlineData("types", "c_text", "{\"a\":1}")]
    [InlineData("types", "c_text", "[1]")]
    [InlineData("types", "c_text", "\"\\ud800\"")]
    [InlineData("types", "c_bytea", "\"???\"")]
    [InlineData("types", "c_bytea", "5")]
    [InlineData("types", "c_date", "\"yesterday\"")]
    [InlineData("types", "c_date", "9223372036854775807")]
    [InlineData("types", "c_time", "-1")]
    [InlineData("types", "c_time", "1e99")]
    [InlineData("types", "c_timestamp", "[]")]
    [InlineData("types", "c_timestamp", "1.5")]
    [InlineData("types", "c_timestamptz", "\"2024-13-01T00:00:00Z\"")]
    [InlineData("types", "c_timetz", "\"25:00:00Z\"")]
    [InlineData("types", "c_interval", "\"long\"")]
    [InlineData("types", "c_hstore", "{\"a\":1}")]
    [InlineData("types", "c_hstore", "\"{\"")]
    [InlineData("types", "c_point", "{\"z\":1}")]
    [InlineData("types", "c_bit12", "\"*\"")]
    [InlineData("types", "c_money", "\"much!\"")]
    [InlineData("types", "a_int4", "5")]
    [InlineData("types", "a_int4", "[\"x\"]")]
    [InlineData("types", "a_bool", "[1]")]
    public void A_value_of_another_type_names_column_and_type(string table, string column, string json)
    {
        var value = $$"""{"before":null,"after":{"id":1,"{{column}}":{{json}}},"source":{"schema":"public","table":"{{table}}","lsn":1},"op":"c"}""";
        var error = Should.Throw<EnvelopeException>(() => Read(value));
        if (error.Fault == EnvelopeFault.WrongType) error.Message.ShouldContain($"\"{column}\" of type ");
        else error.Fault.ShouldBe(EnvelopeFault.Malformed);
        error.Table.ShouldBe("public." + table);
    }

    [Theory]
    [InlineData("""{"after":{"a":1,"b":"x"},"op":"z",""")]
    [InlineData("""{"after":{"a":1,"b":"x"},"op":"merge",""")]
    public void An_operation_of_a_newer_Debezium_is_unknown(string value) => Fails(value + Source + "}", EnvelopeFault.UnknownOperation).Message.ShouldContain("newer Debezium");

    [Theory]
    [InlineData("""{"after":{"a":1,"b":"x"},""" + Source + "}", "op")]
    [InlineData("""{"op":"c",""" + Source + "}", "after")]
    [InlineData("""{"op":"u","after":null,""" + Source + "}", "after")]
    [InlineData("""{"after":{"a":1,"b":"x"},"op":"c"}""", "source")]
    [InlineData("""{"id":1,"name":"unwrapped"}""", "op")]
    [InlineData("{}", "op")]
    public void An_envelope_without_its_parts_says_which(string value, string part)
    {
        var error = Fails(value, EnvelopeFault.MissingPart);
        error.Message.ShouldContain("no " + part);
        error.Message.ShouldContain("ExtractNewRecordState");
    }

    [Fact]
    public void A_failure_leaves_the_changes_before_it_as_they_were()
    {
        var writer = new ChangeBatchWriter(64, 4);
        Reader.Read(default, Encoding.UTF8.GetBytes("""{"after":{"a":1,"b":"x","v":"kept"},"op":"c",""" + Source + "}"), writer);
        var bytes = writer.Bytes;
        Should.Throw<EnvelopeException>(() => Reader.Read(default, Encoding.UTF8.GetBytes("""{"after":{"a":2,"b":"y","n":"no number"},"op":"c",""" + Source + "}"), writer));
        (writer.Count, writer.Bytes).ShouldBe((1, bytes));
        Reader.Read(default, Encoding.UTF8.GetBytes("""{"after":{"a":3,"b":"z","unknown":{"deep":[1]}},"op":"c","new":{},""" + Source + "}"), writer);
        var batch = writer.Complete(null);
        Images.New(batch, batch.Entries[0]).ShouldBe(["1", "x", "kept", Images.NotSent]);
        Images.New(batch, batch.Entries[1]).ShouldBe(["3", "z", Images.NotSent, Images.NotSent]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"schema\":null,\"payload\":null}")]
    public void A_null_value_is_a_tombstone_with_a_schema_too(string value) =>
        Reader.Read("{\"a\":1}"u8, Encoding.UTF8.GetBytes(value), new ChangeBatchWriter(64, 4)).Kind.ShouldBe(EnvelopeKind.Tombstone);

    [Fact]
    public void A_message_that_names_no_table_is_not_blamed_on_the_one_before_it()
    {
        Reader.Read(default, Encoding.UTF8.GetBytes("""{"after":{"a":1,"b":"x"},"op":"c",""" + Source + "}"), new ChangeBatchWriter(64, 4));
        Fails("nonsense", EnvelopeFault.Malformed).Table.ShouldBeNull();
    }

    [Fact]
    public void The_same_mistake_has_the_same_words() =>
        Fails("""{"after":{"a":"x","b":"1"},"op":"c",""" + Source + "}", EnvelopeFault.WrongType).Message
            .ShouldBe(Fails("""{  "op":"c","after":{"v":"longer","a":"y","b":"2"},""" + Source + "}", EnvelopeFault.WrongType).Message);

    [Fact]
    public void A_message_of_20_MB_is_read()
    {
        var large = new string('x', 20_000_000);
        var writer = new ChangeBatchWriter(64, 4);
        Reader.Read(default, Encoding.UTF8.GetBytes("{\"after\":{\"a\":1,\"b\":\"x\",\"v\":\"" + large + "\"},\"op\":\"c\"," + Source + "}"), writer);
        var batch = writer.Complete(null);
        batch.New(batch.Entries[0])[2].Length.ShouldBe(large.Length);
    }

    private static EnvelopeException Fails(string value, EnvelopeFault fault)
    {
        var error = Should.Throw<EnvelopeException>(() => Read(value));
        error.Fault.ShouldBe(fault, error.Message);
        return error;
    }

    private static void Read(string value)
    {
        var writer = new ChangeBatchWriter(64, 4);
        try
        {
            Reader.Read(default, Encoding.UTF8.GetBytes(value), writer);
        }
        finally
        {
            writer.Bytes.ShouldBe(0);
            writer.Count.ShouldBe(0);
        }
    }
}
