using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace PolyglotSync.Kafka.Tests.Envelope;

/// <summary>Random rows of random columns, written and read back.</summary>
public sealed class RoundTripProperties
{
    private static readonly (PgType Type, Gen<string> Values)[] Columns =
    [
        (new PgType("bigint", PgKind.Int8), Longs().Select(Text)),
        (new PgType("boolean", PgKind.Bool), Gen.Elements("t", "f")),
        (new PgType("double precision", PgKind.Float8), Floats()),
        (new PgType("numeric", PgKind.Numeric), Decimals()),
        (new PgType("text", PgKind.Text), Texts()),
        (new PgType("bytea", PgKind.Bytea), Bytes().Select(b => "\\x" + Convert.ToHexStringLower(b))),
        (new PgType("date", PgKind.Date), Gen.Choose(-1_000_000, 4_000_000).Select(d => Printed(o => Kafka.Envelope.TemporalFormat.PgDate(d, o)))),
        (new PgType("time without time zone", PgKind.Time), Micros().Select(m => Printed(o => Kafka.Envelope.TemporalFormat.Time(m, 0, o)))),
        (new PgType("timestamp without time zone", PgKind.Timestamp), Timestamps(false)),
        (new PgType("timestamp with time zone", PgKind.TimestampTz), Timestamps(true)),
        (new PgType("interval", PgKind.Interval), Longs().Select(v => Printed(o => Kafka.Envelope.IntervalText.WriteMicros(v == long.MinValue ? 0 : v, o)))),
        (new PgType("text[]", PgKind.Array, new PgType("text", PgKind.Text)), Arrays(Texts())),
        (new PgType("double precision[]", PgKind.Array, new PgType("double precision", PgKind.Float8)), Arrays(Floats())),
        (new PgType("hstore", PgKind.Other), Hstores()),
        (new PgType("range", PgKind.Other), Texts()),
    ];

    [Fact]
    public void Any_row_comes_back_as_it_was() => Prop.ForAll(Rows().ToArbitrary(), row =>
    {
        var relation = new Relation(new TableName("public", "t"),
            [new RelationColumn("id", new PgType("bigint", PgKind.Int8)), .. row.Select((c, i) => new RelationColumn("c" + i, Columns[c.Column].Type))], ["id"]);
        string?[] texts = ["1", .. row.Select(c => c.Text)];
        var (back, _) = new RoundTrip(relation).Of(Images.Batch(relation, ChangeKind.Update, texts, texts, OldImage.Full));
        Images.New(back, back.Entries[0]).ShouldBe(texts);
        Images.Old(back, back.Entries[0])!.Zip(texts).ShouldAllBe(p => p.Second == Images.NotSent || p.First == p.Second);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));

    /// <summary>Whatever stands in a topic, it is a change or a clear failure, and the batch holds whole changes only.</summary>
    [Fact]
    public void Any_bytes_are_a_change_or_a_clear_failure()
    {
        var messages = Captured.Messages("strings").Concat(Captured.Messages("schemas", "keyed")).Concat(Ours()).Where(m => m.Value.Length > 0).ToArray();
        var spoiled =
            from message in Gen.Elements(messages)
            from at in Gen.Choose(0, message.Value.Length - 1)
            from with in Gen.Elements("\0{}[]\",:0-9anull\\x\u00ff"u8.ToArray())
            from length in Gen.Choose(at, message.Value.Length)
            from cut in Gen.Elements(true, false)
            select message with { Value = cut ? message.Value[..length] : [.. message.Value[..at], with, .. message.Value[Math.Min(at + 1, message.Value.Length)..]] };
        var reader = Captured.Reader();
        foreach (var message in messages) message.ReadInto(new ChangeBatchWriter(256, 4), reader);
        Prop.ForAll(spoiled.ToArbitrary(), message =>
        {
            var writer = new ChangeBatchWriter(256, 4);
            try
            {
                message.ReadInto(writer, reader);
            }
            catch (Kafka.Envelope.EnvelopeException)
            {
                writer.Bytes.ShouldBe(0);
                writer.Count.ShouldBe(0);
            }
            var batch = writer.Complete(null);
            foreach (var entry in batch.Entries)
            {
                Images.New(batch, entry);
                Images.Old(batch, entry);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    /// <summary>.NET's digits are PostgreSQL's, laid out otherwise.</summary>
    [Fact]
    public void A_number_of_Java_s_is_printed_so_that_it_reads_back_the_same() => Prop.ForAll(Longs().Select(BitConverter.Int64BitsToDouble).ToArbitrary(), value =>
    {
        var text = Printed(o => Kafka.Envelope.FloatText.Write(value, false, o));
        if (double.IsNaN(value)) text.ShouldBe("NaN");
        else double.Parse(text, CultureInfo.InvariantCulture).ShouldBe(value);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static IEnumerable<CapturedMessage> Ours()
    {
        var relation = Captured.Relations["types"];
        var writer = new Kafka.Envelope.EnvelopeWriter(RoundTrip.Origin, TimeProvider.System);
        foreach (var row in Captured.Printed.Values)
        {
            var batch = Images.Batch(relation, ChangeKind.Insert, [.. relation.Columns.Select(c => row[c.Name])]);
            var message = writer.Write(batch, batch.Entries[0])[0];
            yield return new CapturedMessage("app.public.types", message.Key.ToArray(), message.Value.ToArray(), new Dictionary<string, byte[]>());
        }
    }

    private static Gen<(int Column, string? Text)[]> Rows() =>
        (from column in Gen.Choose(0, Columns.Length - 1)
         from value in Columns[column].Values
         from state in Gen.Choose(0, 9)
         select (column, state == 0 ? null : state == 1 ? Images.NotSent : value)).ArrayOf();

    private static Gen<long> Longs() => ArbMap.Default.GeneratorFor<long>();

    private static Gen<long> Micros() => Longs().Select(v => Math.Abs(v % 86_400_000_001));

    private static Gen<string> Timestamps(bool zoned) =>
        from day in Gen.Choose(-2_400_000, 100_000_000)
        from micros in Longs().Select(v => Math.Abs(v % 86_400_000_000))
        select Printed(o => Kafka.Envelope.TemporalFormat.PgTimestamp(day, micros, zoned, o));

    private static Gen<string> Floats() => Longs().Select(bits => Printed(o => Kafka.Envelope.FloatText.Write(BitConverter.Int64BitsToDouble(bits), false, o)));

    private static Gen<string> Decimals() => ArbMap.Default.GeneratorFor<decimal>().Select(d => d.ToString(CultureInfo.InvariantCulture));

    private static Gen<byte[]> Bytes() => ArbMap.Default.GeneratorFor<byte[]>().Where(b => b is not null);

    private static Gen<string> Texts() => ArbMap.Default.GeneratorFor<string>().Where(s => s is not null).Select(WholeCharacters);

    private static Gen<string> Arrays(Gen<string> elements) => Gen.OneOf(elements, Gen.Constant((string)null!)).ArrayOf().Select(items => Printed(output =>
    {
        output.Byte((byte)'{');
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0) output.Byte((byte)',');
            if (items[i] is null) output.Raw("NULL"u8);
            else Kafka.Envelope.ArrayLiteral.WriteElement(Encoding.UTF8.GetBytes(items[i]), (byte)',', output);
        }
        output.Byte((byte)'}');
    }));

    private static Gen<string> Hstores() => Texts().ArrayOf().Select(keys => string.Join(", ", keys.Distinct()
        .OrderBy(k => Encoding.UTF8.GetByteCount(k)).ThenBy(k => Convert.ToHexString(Encoding.UTF8.GetBytes(k)), StringComparer.Ordinal)
        .Select((k, i) => $"\"{Escaped(k)}\"=>{(i % 3 == 0 ? "NULL" : $"\"{Escaped(k)}\"")}")));

    private static string Escaped(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    /// <summary>Halves of pairs cannot come from PostgreSQL.</summary>
    private static string WholeCharacters(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace("\0", "", StringComparison.Ordinal);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Printed(Action<Kafka.Envelope.ByteBuffer> print)
    {
        var output = new Kafka.Envelope.ByteBuffer();
        print(output);
        return Encoding.UTF8.GetString(output.Written);
    }
}
