using System.Globalization;
using System.Text;
using System.Text.Json;
using PolyglotSync.Kafka.Envelope;

namespace PolyglotSync.Kafka.Tests.Envelope;

/// <summary>The writer's messages beside those that a real Debezium wrote of the same changes.</summary>
public sealed class DebeziumWriteTests
{
    /// <summary>What differs from message to message, or is of whoever wrote it.</summary>
    private static readonly string[] Own = ["version", "ts_ms", "ts_us", "ts_ns", "sequence", "txId", "lsn", "snapshot"];

    /// <summary>Columns that Debezium leaves out or spoils: ours hold more (docs/envelope.md).</summary>
    private static readonly string[] HoldMore = ["c_timetz", "c_varbit", "c_varbit20", "a_int4", "a_mood", "a_time", "c_line", "c_lseg", "c_box", "c_path", "c_polygon", "c_circle", "c_pair", "a_interval"];

    [Fact]
    public void A_row_of_every_type_is_encoded_as_Debezium_encodes_it()
    {
        var relation = Captured.Relations["types"];
        var writer = new EnvelopeWriter(RoundTrip.Origin, TimeProvider.System);
        foreach (var message in Captured.Messages("strings", "types"))
        {
            var theirs = Json(message.Value).GetProperty("after");
            var printed = Captured.Printed[theirs.GetProperty("id").GetRawText()];
            var batch = Images.Batch(relation, ChangeKind.Insert, [.. relation.Columns.Select(c => printed[c.Name])]);
            var made = writer.Write(batch, batch.Entries[0])[0];
            var ours = Json(made.Value.ToArray()).GetProperty("after");
            Encoding.UTF8.GetString(made.Key.Span).ShouldBe(Encoding.UTF8.GetString(message.Key));
            ours.EnumerateObject().Select(p => p.Name).ShouldBe(relation.Columns.Select(c => c.Name));
            // An object's keys have no order: PostgreSQL's is by length.
            Pairs(ours.GetProperty("c_hstore")).ShouldBe(Pairs(theirs.GetProperty("c_hstore")));
            foreach (var column in relation.Columns.Select(c => c.Name).Except([.. HoldMore, "c_hstore"]).Where(c => !IsLost(theirs, c)))
                Plain(ours.GetProperty(column)).ShouldBe(Plain(theirs.GetProperty(column)), $"row {printed["id"]}, {column}");
            batch.Release();
        }
    }

    [Fact]
    public void What_is_no_number_is_written_as_Debezium_writes_it()
    {
        var relation = Captured.Relations["odd"];
        var writer = new EnvelopeWriter(RoundTrip.Origin, TimeProvider.System);
        foreach (var message in Captured.Messages("strings", "odd"))
        {
            var theirs = Json(message.Value).GetProperty("after");
            var batch = Images.Batch(relation, ChangeKind.Insert, [.. Captured.PrintedOdd[theirs.GetProperty("id").GetRawText()].Values]);
            Plain(Json(writer.Write(batch, batch.Entries[0])[0].Value.ToArray()).GetProperty("after")).ShouldBe(Plain(theirs));
        }
    }

    [Fact]
    public void Envelopes_have_Debezium_s_fields_in_Debezium_s_order()
    {
        var relation = Captured.Relations["keyed"];
        var writer = new EnvelopeWriter(new EnvelopeOrigin("strings", "app", "3.3.1.Final"), TimeProvider.System);
        ChangeBatch[] changes =
        [
            Images.Batch(relation, ChangeKind.Copy, ["1", "one", "v1", null]), Images.Batch(relation, ChangeKind.Copy, ["2", "two", "v2", "22"]),
            Images.Batch(relation, ChangeKind.Insert, ["3", "three", "v3", "3"]), Images.Batch(relation, ChangeKind.Update, ["3", "three", "v3b", "3"]),
            Images.Batch(relation, ChangeKind.Update, ["10", "one", "moved", null], ["1", "one", Images.NotSent, Images.NotSent], OldImage.Key),
            Images.Batch(relation, ChangeKind.Update, ["2", "two", "v2", "23"]),
            Images.Batch(relation, ChangeKind.Delete, null, ["2", "two", Images.NotSent, Images.NotSent], OldImage.Key),
        ];
        var made = changes.SelectMany(c => writer.Write(c, c.Entries[0]).Select(m => (
            Key: m.Key.ToArray(), Value: m.Value.ToArray(), m.Header, HeaderValue: Encoding.UTF8.GetString(m.HeaderValue.Span))).ToArray()).ToArray();
        var captured = Captured.Messages("strings", "keyed");
        made.Length.ShouldBe(captured.Count);
        for (var i = 0; i < made.Length; i++)
        {
            Encoding.UTF8.GetString(made[i].Key).ShouldBe(Encoding.UTF8.GetString(captured[i].Key));
            made[i].Value.Length.ShouldBe(captured[i].Value.Length == 0 ? 0 : made[i].Value.Length);
            if (made[i].Value.Length > 0) Masked(made[i].Value).ShouldBe(Masked(captured[i].Value), $"message {i}");
            captured[i].Headers.Select(h => (h.Key, Encoding.UTF8.GetString(h.Value))).ShouldBe(made[i].Header is { } header ? [(header, made[i].HeaderValue)] : []);
        }
    }

    [Fact]
    public void A_truncate_is_written_as_Debezium_writes_it()
    {
        var relation = Captured.Relations["Emptied Ones"];
        var batch = Images.Batch(relation, ChangeKind.Truncate);
        var message = new EnvelopeWriter(new EnvelopeOrigin("strings", "app", "3.3.1.Final"), TimeProvider.System).Write(batch, batch.Entries[0]).ShouldHaveSingleItem();
        message.Key.Length.ShouldBe(0);
        Masked(message.Value.ToArray()).ShouldBe(Masked(Captured.Messages("strings", "public.Emptied_Ones")[^1].Value));
    }

    [Fact]
    public void A_large_value_that_was_not_sent_is_written_as_Debezium_writes_it()
    {
        var relation = Captured.Relations["toast"];
        var theirs = Captured.Messages("strings", "toast").Select(m => Json(m.Value)).First(m => m.GetProperty("op").GetString() == "u").GetProperty("after");
        var batch = Images.Batch(relation, ChangeKind.Update, ["1", "n2", .. Enumerable.Repeat(Images.NotSent, relation.Columns.Length - 2)]);
        var ours = Json(new EnvelopeWriter(RoundTrip.Origin, TimeProvider.System).Write(batch, batch.Entries[0])[0].Value.ToArray()).GetProperty("after");
        // Arrays of floating-point numbers: Debezium writes null, which is a lie.
        ours.TryGetProperty("big_floats", out _).ShouldBeFalse();
        foreach (var column in ours.EnumerateObject()) Plain(column.Value).ShouldBe(Plain(theirs.GetProperty(column.Name)), column.Name);
        ours.EnumerateObject().Count().ShouldBe(relation.Columns.Length - 1);
    }

    [Fact]
    public void The_source_says_where_the_change_stands()
    {
        var batch = Images.Batch(Captured.Relations["keyed"], ChangeKind.Insert, ["1", "one", "v", null]);
        var source = Json(new EnvelopeWriter(RoundTrip.Origin, TimeProvider.System).Write(batch, batch.Entries[0])[0].Value.ToArray()).GetProperty("source");
        source.GetProperty("name").GetString().ShouldBe("app");
        source.GetProperty("db").GetString().ShouldBe("shop");
        source.GetProperty("ts_ms").GetInt64().ShouldBe(1_700_000_000_123);
        source.GetProperty("ts_us").GetInt64().ShouldBe(1_700_000_000_123_456);
        source.GetProperty("ts_ns").GetInt64().ShouldBe(1_700_000_000_123_456_000);
        source.GetProperty("lsn").GetInt64().ShouldBe(0x16B3748);
        source.GetProperty("sequence").GetString().ShouldBe("[\"23803720\",\"7\"]");
        source.GetProperty("commit_lsn").GetInt64().ShouldBe(0x16B3748);
        source.GetProperty("event_serial_no").GetInt64().ShouldBe(7);
    }

    private static JsonElement Json(byte[] json) => JsonDocument.Parse(json).RootElement;

    /// <summary>Debezium streams null for a column of type name.</summary>
    private static bool IsLost(JsonElement row, string column) => column == "c_name" && row.GetProperty("id").GetRawText() == "3";

    private static string[] Pairs(JsonElement hstore) => hstore.ValueKind == JsonValueKind.Null
        ? [] : [.. JsonDocument.Parse(hstore.GetString()!).RootElement.EnumerateObject().Select(p => p.Name + ":" + Plain(p.Value)).Order()];

    /// <summary>JSON with numbers by value, strings without escapes, and fields in their order.</summary>
    private static string Plain(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(",", json.EnumerateObject().Select(p => p.Name + ":" + Plain(p.Value))) + "}",
        JsonValueKind.Array => "[" + string.Join(",", json.EnumerateArray().Select(Plain)) + "]",
        JsonValueKind.Number => json.TryGetInt64(out var whole) && whole != 0 ? whole.ToString(CultureInfo.InvariantCulture) : json.GetDouble().ToString("R", CultureInfo.InvariantCulture),
        _ => json.ToString(),
    };

    /// <summary>The envelope's text without what differs by nature, and without the fields that we add at the end of source.</summary>
    private static string Masked(byte[] envelope) => "{" + string.Join(",", Json(envelope).EnumerateObject().Select(p => p.Name + ":" + (p.Name switch
    {
        "source" => "{" + string.Join(",", p.Value.EnumerateObject().TakeWhile(s => s.Name != "commit_lsn").Select(s => s.Name + ":" + (Own.Contains(s.Name) ? "" : Plain(s.Value)))) + "}",
        "ts_ms" or "ts_us" or "ts_ns" => "",
        _ => p.Value.GetRawText(),
    }))) + "}";
}
