using PolyglotSync.Kafka.Envelope;

namespace PolyglotSync.Kafka.Tests.Envelope;

/// <summary>What the writer writes the reader reads back, byte by byte.</summary>
public sealed class RoundTripTests
{
    private static readonly PgType Text = new("text", PgKind.Text);

    public static TheoryData<string, PgKind, string[]> Values { get; } = new()
    {
        { "boolean", PgKind.Bool, ["t", "f"] },
        { "smallint", PgKind.Int2, ["-32768", "32767", "0"] },
        { "integer", PgKind.Int4, ["-2147483648", "2147483647"] },
        { "bigint", PgKind.Int8, ["-9223372036854775808", "9223372036854775807", "9007199254740993"] },
        { "oid", PgKind.Oid, ["0", "4294967295"] },
        { "real", PgKind.Float4, ["1.5", "-0", "1e+06", "3.4028235e+38", "1e-45", "NaN", "Infinity", "-Infinity", "0.1"] },
        { "double precision", PgKind.Float8, ["0.1", "-0", "1e+15", "100000000000000", "1.7976931348623157e+308", "5e-324", "NaN", "Infinity", "-Infinity", "1e-05"] },
        { "numeric", PgKind.Numeric, ["0", "-0.00", "0.00", "123456789012345678901234567890.123456789", "NaN", "Infinity", "-Infinity", "1000"] },
        { "money", PgKind.Other, ["$1,234.56", "-$92,233,720,368,547,758.08", "$0.00", "1.234,56 €"] },
        { "text", PgKind.Text, ["", "NULL", "null", "a\"b\\c\n\t\r\b\f\u0001", "ключ ☃ 😀", "{}", "\\x41", "infinity", "__debezium", " "] },
        { "character(6)", PgKind.BlankPaddedText, ["ab    ", "      "] },
        { "bytea", PgKind.Bytea, ["\\x", "\\x00", "\\x00ff10deadbeef", "\\x5f5f"] },
        { "uuid", PgKind.Uuid, ["00000000-0000-0000-0000-000000000000"] },
        { "date", PgKind.Date, ["2024-02-29", "1970-01-01", "0001-01-01", "0001-12-31 BC", "4713-11-24 BC", "10000-01-01", "5874897-12-31", "infinity", "-infinity"] },
        { "time without time zone", PgKind.Time, ["00:00:00", "24:00:00", "23:59:59.999999", "00:00:00.000001"] },
        { "time(3) without time zone", PgKind.Time, ["00:00:00", "24:00:00", "23:59:59.999", "00:00:00.01"] },
        { "time with time zone", PgKind.TimeTz, ["00:00:00+00", "24:00:00-15:59", "13:14:15.5+05:30", "13:14:15-08", "13:14:15+05:30:15", "00:00:00-00:30"] },
        { "timestamp without time zone", PgKind.Timestamp,
            ["2024-02-29 13:14:15.123456", "1969-12-31 23:59:59.999999", "0044-03-15 12:00:00.000001 BC", "10000-01-01 00:00:00", "294276-12-31 23:59:59.999999", "4713-11-24 00:00:00 BC",
                "294247-01-10 04:00:25.2", "294247-01-10 04:00:54.775808", "1970-01-01 00:00:00", "infinity", "-infinity"] },
        { "timestamp(3) without time zone", PgKind.Timestamp, ["2024-02-29 13:14:15.12", "1969-12-31 23:59:59.999", "294276-12-31 23:59:59.999", "infinity", "-infinity"] },
        { "timestamp(0) without time zone", PgKind.Timestamp, ["2024-02-29 13:14:15", "0044-03-15 12:00:00 BC"] },
        { "timestamp with time zone", PgKind.TimestampTz,
            ["2024-02-29 13:14:15.123456+00", "0044-03-15 12:00:00.000001+00 BC", "0001-12-31 23:59:59+00 BC", "10000-01-01 00:00:00+00", "294276-12-31 23:59:59.999999+00", "infinity", "-infinity"] },
        { "timestamp(0) with time zone", PgKind.TimestampTz, ["2024-02-29 13:14:15+00"] },
        { "interval", PgKind.Interval, ["PT0S", "P1Y2M3DT4H5M6.789S", "P-1DT-0.5S", "P-178000000Y", "PT-24H-0.000001S", "P1M", "PT1M", "infinity", "P-1Y-2M3DT-4H-5M-6S"] },
        { "json", PgKind.Json, ["{\"b\" : 1, \"a\":[1, 2,null]}", "\"\"", " [ ] ", "null"] },
        { "jsonb", PgKind.Json, ["{\"a\": \"\\\"\\u0001\"}", "null"] },
        { "xml", PgKind.Other, ["<a b=\"c\">d &amp; e</a>"] },
        { "bit(1)", PgKind.Other, ["0", "1"] },
        { "bit(12)", PgKind.Other, ["000000000000", "101000000011", "100000000000", "000000000001"] },
        { "bit varying", PgKind.Other, ["", "0010110", "00000000"] },
        { "point", PgKind.Other, ["(1.5,-2)", "(1e+300,-0)", "(NaN,Infinity)", "(0.1,1e-05)"] },
        { "box", PgKind.Other, ["(2,3),(0,1)"] },
        { "hstore", PgKind.Other, ["", "\"a\"=>\"1\", \"n\"=>NULL, \"b c\"=>\"d\\\"e\\\\\"", "\"\"=>\"\"", "\"☃\"=>\"NULL\""] },
        { "int4range", PgKind.Other, ["[1,10)", "empty"] },
        { "pair", PgKind.Other, ["(1,\"x, y\")", "(,)"] },
        { "mood", PgKind.Text, ["hap py"] },
    };

    public static TheoryData<string, string, PgKind, string[]> Arrays { get; } = new()
    {
        { "integer[]", "integer", PgKind.Int4, ["{}", "{1,-2,NULL}", "{{1,2},{3,NULL}}", "[0:1]={1,2}", "[0:1][2:3]={{1,2},{3,4}}", "{95}"] },
        { "text[]", "text", PgKind.Text, ["{a,\"b c\",\"d\\\"e\\\\f\",NULL,\"NULL\",\"null\",\"\",\"{}\",☃}", "{{a,b},{\",\",d}}", "{\"a\nb\"}"] },
        { "boolean[]", "boolean", PgKind.Bool, ["{t,f,NULL}"] },
        { "numeric[]", "numeric", PgKind.Numeric, ["{1.10,NaN,Infinity,NULL}"] },
        { "double precision[]", "double precision", PgKind.Float8, ["{1e+300,NaN,-Infinity,-0}"] },
        { "date[]", "date", PgKind.Date, ["{2024-02-29,infinity,\"0044-03-15 BC\"}"] },
        { "timestamp(3) without time zone[]", "timestamp without time zone", PgKind.Timestamp, ["{\"2024-02-29 13:14:15.12\",infinity,NULL}"] },
        { "timestamp with time zone[]", "timestamp with time zone", PgKind.TimestampTz, ["{\"2024-02-29 13:14:15.1+00\",-infinity}"] },
        { "bytea[]", "bytea", PgKind.Bytea, ["{\"\\\\x00ff\",\"\\\\x\"}"] },
        { "jsonb[]", "jsonb", PgKind.Json, ["{\"{\\\"a\\\": [1, null]}\",\"null\"}"] },
        { "interval[]", "interval", PgKind.Interval, ["{P1D,PT0S}"] },
        { "box[]", "box", PgKind.Other, ["{(2,3),(0,1);(1,1),(0,0)}"] },
        { "hstore[]", "hstore", PgKind.Other, ["{\"\\\"a\\\"=>\\\"1\\\"\",\"\"}"] },
        { "point[]", "point", PgKind.Other, ["{\"(1.5,-2)\",NULL}"] },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_comes_back_as_it_was(string name, PgKind kind, string[] values) => ComesBack(new PgType(name, kind), values);

    [Theory]
    [MemberData(nameof(Arrays))]
    public void An_array_comes_back_as_it_was(string name, string element, PgKind kind, string[] values) =>
        ComesBack(new PgType(name, PgKind.Array, new PgType(element, kind)), values);

    [Fact]
    public void What_PostgreSQL_prints_of_every_type_comes_back_as_it_was()
    {
        var relation = Captured.Relations["types"];
        var trip = new RoundTrip(relation);
        foreach (var row in Captured.Printed.Values)
        {
            string?[] texts = [.. relation.Columns.Select(c => row[c.Name])];
            var (back, _) = trip.Of(Images.Batch(relation, ChangeKind.Update, texts, texts, OldImage.Full));
            Images.New(back, back.Entries[0]).ShouldBe(texts);
            Images.Old(back, back.Entries[0]).ShouldBe(texts);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_change_comes_back_with_its_kind_position_and_certainty(bool unknown)
    {
        var relation = Table("t", ("id", new PgType("bigint", PgKind.Int8)), ("v", Text), ("n", new PgType("integer", PgKind.Int4)));
        var trip = new RoundTrip(relation);
        var position = new Position(new Lsn(0xFFFF_FFFF_FFFF_FFF0), 123_456_789);
        string?[] row = ["1", "a", null];
        string?[] key = ["1", Images.NotSent, Images.NotSent];
        string?[] partly = ["1", Images.NotSent, Images.NotSent];
        ChangeBatch[] changes =
        [
            Images.Batch(relation, ChangeKind.Insert, row, unknown: unknown, position: position), Images.Batch(relation, ChangeKind.Copy, row, unknown: unknown, position: position),
            Images.Batch(relation, ChangeKind.Update, partly, unknown: unknown, position: position), Images.Batch(relation, ChangeKind.Update, row, row, OldImage.Full, unknown, position),
            Images.Batch(relation, ChangeKind.Update, row, key, OldImage.Key, unknown, position), Images.Batch(relation, ChangeKind.Delete, null, key, OldImage.Key, unknown, position),
            Images.Batch(relation, ChangeKind.Delete, null, row, OldImage.Full, unknown, position), Images.Batch(relation, ChangeKind.Truncate, unknown: unknown, position: position),
            Images.Batch(relation, ChangeKind.Update, ["2", "b", "3"], key, OldImage.Key, unknown, position),
        ];
        foreach (var change in changes)
        {
            var (back, reads) = trip.Of(change);
            var (was, is_) = (change.Entries[0], back.Entries.ToArray().ShouldHaveSingleItem());
            (is_.Kind, is_.OldImage, is_.ExistenceUnknown, is_.Relation, is_.Position).ShouldBe((was.Kind, was.OldImage, unknown, relation, position));
            Images.New(back, is_).ShouldBe(Images.New(change, was));
            Images.Old(back, is_).ShouldBe(Images.Old(change, was));
            reads.ShouldContain(r => r.Kind == EnvelopeKind.Change && r.IsOwn && r.SourceTimestamp == 1_700_000_000_123_456 && r.Position == position);
        }
    }

    [Fact]
    public void A_changed_key_is_delete_tombstone_and_create_to_others_and_one_update_to_us()
    {
        var relation = Table("t", ("id", new PgType("bigint", PgKind.Int8)), ("v", Text));
        var change = Images.Batch(relation, ChangeKind.Update, ["2", Images.NotSent], ["1", Images.NotSent], OldImage.Key);
        var (joined, reads) = new RoundTrip(relation).Of(change);
        reads.Select(r => r.Kind).ShouldBe([EnvelopeKind.KeyLeft, EnvelopeKind.Tombstone, EnvelopeKind.Change]);
        joined.Entries[0].Kind.ShouldBe(ChangeKind.Update);
        var (split, _) = new RoundTrip(relation).Of(change, new EnvelopeReader([relation], [], new EnvelopeOptions(KeyChanges: KeyChanges.Split)));
        split.Entries.ToArray().Select(e => (e.Kind, e.ExistenceUnknown)).ShouldBe([(ChangeKind.Delete, false), (ChangeKind.Insert, true)]);
        Images.New(split, split.Entries[1]).ShouldBe(["2", Images.NotSent]);
    }

    [Fact]
    public void A_key_whose_large_text_was_not_sent_is_taken_from_the_old_row()
    {
        var relation = Table("t", ("id", Text), ("v", Text));
        var change = Images.Batch(relation, ChangeKind.Update, [Images.NotSent, "b"], ["long", Images.NotSent], OldImage.Key);
        var messages = new EnvelopeWriter(RoundTrip.Origin, TimeProvider.System).Write(change, change.Entries[0]);
        System.Text.Encoding.UTF8.GetString(messages.ShouldHaveSingleItem().Key.Span).ShouldBe("{\"id\":\"long\"}");
        var (back, _) = new RoundTrip(relation).Of(change);
        Images.New(back, back.Entries[0]).ShouldBe([Images.NotSent, "b"]);
        Images.Old(back, back.Entries[0]).ShouldBe(["long", Images.NotSent]);
    }

    [Fact]
    public void Names_that_JSON_must_escape_come_back()
    {
        var relation = new Relation(new TableName("Ärger \"1\"", "a\\b\n"), [new RelationColumn("id \"x\"", Text), new RelationColumn("né ☃", Text), new RelationColumn("source", Text)], ["id \"x\""]);
        var change = Images.Batch(relation, ChangeKind.Insert, ["1", "2", "\"source\":{\"event_serial_no\":1}"]);
        var trip = new RoundTrip(relation);
        for (var i = 0; i < 3; i++)
        {
            var (back, _) = trip.Of(change);
            Images.New(back, back.Entries[0]).ShouldBe(["1", "2", "\"source\":{\"event_serial_no\":1}"]);
        }
    }

    /// <summary>A transformation on the way may lay an envelope out anew.</summary>
    [Fact]
    public void An_envelope_with_other_blanks_and_another_order_says_the_same()
    {
        var relation = Table("t", ("id", new PgType("bigint", PgKind.Int8)), ("v", new PgType("double precision", PgKind.Float8)));
        var change = Images.Batch(relation, ChangeKind.Update, ["1", "1e+300"], ["1", null], OldImage.Full, unknown: true);
        var writer = new EnvelopeWriter(RoundTrip.Origin, TimeProvider.System);
        var reader = new EnvelopeReader([relation], [], new EnvelopeOptions());
        var value = writer.Write(change, change.Entries[0])[0].Value.ToArray();
        var text = System.Text.Encoding.UTF8.GetString(value);
        var reordered = "{ \"op\" : \"u\", \"source\": " + text[(text.IndexOf("\"source\":", StringComparison.Ordinal) + 9)..text.IndexOf(",\"transaction\"", StringComparison.Ordinal)]
            + ", " + text[1..text.IndexOf(",\"source\":", StringComparison.Ordinal)] + " }";
        foreach (var message in (string[])[text, reordered, text, text.Replace("\"snapshot\":\"false\"", "\"snapshot\":\"last\"", StringComparison.Ordinal), text.Replace(",\"op\"", ", \"op\"", StringComparison.Ordinal), text])
        {
            var back = new ChangeBatchWriter(64, 4);
            reader.Read(default, System.Text.Encoding.UTF8.GetBytes(message), back).IsOwn.ShouldBeTrue();
            var batch = back.Complete(null);
            var entry = batch.Entries.ToArray().ShouldHaveSingleItem();
            (entry.Kind, entry.OldImage, entry.ExistenceUnknown, entry.Position).ShouldBe((ChangeKind.Update, OldImage.Full, true, change.Entries[0].Position));
            Images.New(batch, entry).ShouldBe(["1", "1e+300"]);
            Images.Old(batch, entry).ShouldBe(["1", null]);
        }
    }

    [Fact]
    public void A_change_of_columns_has_no_message()
    {
        var relation = Table("t", ("id", Text));
        var writer = new ChangeBatchWriter(64, 4);
        writer.AddSchemaChange(new SchemaChange(relation, relation, [], [], []), new Position(new Lsn(1), 0));
        var batch = writer.Complete(null);
        new EnvelopeWriter(RoundTrip.Origin, TimeProvider.System).Write(batch, batch.Entries[0]).ShouldBeEmpty();
    }

    [Fact]
    public void Columns_are_found_by_name_whatever_the_reader_s_order_is()
    {
        var written = Table("t", ("id", Text), ("gone", Text), ("v", Text));
        var read = Table("t", ("v", Text), ("new", Text), ("id", Text));
        var trip = new RoundTrip(read);
        for (var i = 0; i < 2; i++)
        {
            var (back, _) = trip.Of(Images.Batch(written, ChangeKind.Insert, ["1", "x", "2"]));
            Images.New(back, back.Entries[0]).ShouldBe(["2", Images.NotSent, "1"]);
        }
    }

    private static void ComesBack(PgType type, string[] values)
    {
        var relation = Table("t", ("id", new PgType("bigint", PgKind.Int8)), ("v", type));
        var trip = new RoundTrip(relation);
        foreach (var value in (string?[])[.. values, null, Images.NotSent])
        {
            var change = Images.Batch(relation, ChangeKind.Update, ["1", value]);
            var (back, _) = trip.Of(change);
            Images.New(back, back.Entries[0]).ShouldBe(["1", value]);
            (back, _) = trip.Of(change);
            Images.New(back, back.Entries[0]).ShouldBe(["1", value]);
            // As a key, too.
            if (value is null or Images.NotSent) continue;
            var keyed = new Relation(new TableName("public", "k"), [new RelationColumn("id", type)], ["id"]);
            (back, _) = new RoundTrip(keyed).Of(Images.Batch(keyed, ChangeKind.Delete, null, [value], OldImage.Key));
            Images.Old(back, back.Entries[0]).ShouldBe([value]);
        }
    }

    private static Relation Table(string name, params (string Name, PgType Type)[] columns) =>
        new(new TableName("public", name), [.. columns.Select(c => new RelationColumn(c.Name, c.Type))], [columns.Any(c => c.Name == "id") ? "id" : columns[0].Name]);
}
