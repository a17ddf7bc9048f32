using PolyglotSync.Kafka.Envelope;

namespace PolyglotSync.Kafka.Tests.Envelope;

/// <summary>The reader over what a real Debezium wrote.</summary>
public sealed class DebeziumReadTests
{
    [Theory]
    [InlineData("adaptive", TimePrecision.Adaptive, BinaryHandling.Auto)]
    [InlineData("schemas", TimePrecision.Auto, BinaryHandling.Auto)]
    [InlineData("strings", TimePrecision.Adaptive, BinaryHandling.Auto)]
    [InlineData("connect", TimePrecision.Connect, BinaryHandling.Hex)]
    [InlineData("isostring", TimePrecision.Auto, BinaryHandling.Auto)]
    [InlineData("microtime", TimePrecision.AdaptiveTimeMicroseconds, BinaryHandling.Auto)]
    [InlineData("micros", TimePrecision.Microseconds, BinaryHandling.Auto)]
    [InlineData("nanos", TimePrecision.Auto, BinaryHandling.Auto)]
    public void Every_value_of_every_type_is_what_PostgreSQL_prints(string mode, TimePrecision time, BinaryHandling binary)
    {
        var relation = Captured.Relations["types"];
        var reader = Captured.Reader(new EnvelopeOptions(time, Binary: binary));
        var rows = 0;
        foreach (var message in Captured.Messages(mode, "types"))
        {
            var writer = new ChangeBatchWriter(256, 4);
            message.ReadInto(writer, reader).Kind.ShouldBe(EnvelopeKind.Change);
            using var batch = new Held(writer);
            var texts = Images.New(batch.Batch, batch.Batch.Entries[0])!;
            var id = texts[0]!;
            for (var i = 0; i < texts.Length; i++)
            {
                var column = relation.Columns[i].Name;
                texts[i].ShouldBe(Losses.Expected(mode, id, column, Captured.Printed[id][column]), $"{mode}, row {id}, {column} {relation.Columns[i].Type.Name}");
            }
            rows++;
        }
        rows.ShouldBeGreaterThan(2);
    }

    [Theory]
    [InlineData("adaptive")]
    [InlineData("microtime")]
    [InlineData("micros")]
    public void Without_schema_and_setting_the_size_of_a_number_tells_its_unit(string mode)
    {
        var (batch, _) = Read(Captured.Messages(mode, "types").First(m => System.Text.Encoding.UTF8.GetString(m.Key) == "{\"id\":1}"));
        var texts = Images.New(batch, batch.Entries[0])!;
        var relation = Captured.Relations["types"];
        foreach (var column in (string[])["c_time", "c_time3", "c_timestamp", "c_timestamp3", "c_timestamp0", "a_timestamp", "a_timestamp3"])
            texts[relation.Ordinal(column)].ShouldBe(Captured.Printed["1"][column], column);
    }

    [Theory]
    [InlineData("adaptive")]
    [InlineData("schemas")]
    [InlineData("strings")]
    public void Changes_of_a_row_come_in_their_order_with_what_they_are(string mode)
    {
        var (batch, reads) = Read([.. Captured.Messages(mode, "keyed")], new EnvelopeOptions(KeyChanges: KeyChanges.Split));
        Describe(batch).ShouldBe(
        [
            "Copy (1, one, v1, NULL)", "Copy (2, two, v2, 22)", "Insert (3, three, v3, 3)", "Update (3, three, v3b, 3)",
            "Delete Key (1, one, (not sent), (not sent))", "Insert (10, one, moved, NULL)", "Update (2, two, v2, 23)", "Delete Key (2, two, (not sent), (not sent))",
        ]);
        reads.Select(r => r.Kind).Count(k => k == EnvelopeKind.Tombstone).ShouldBe(2);
        batch.Entries.ToArray().ShouldAllBe(e => e.ExistenceUnknown);
        reads.Where(r => r.Kind == EnvelopeKind.Change).ShouldAllBe(r => !r.IsOwn && r.SourceTimestamp > 1_700_000_000_000_000 && r.Position.CommitLsn > Lsn.Zero);
    }

    [Theory]
    [InlineData("adaptive")]
    [InlineData("schemas")]
    public void A_changed_key_is_one_update_by_Debezium_s_headers(string mode)
    {
        var (batch, reads) = Read([.. Captured.Messages(mode, "keyed")]);
        Describe(batch).ShouldContain("Update Key (1, one, (not sent), (not sent)) (10, one, moved, NULL)");
        Describe(batch).ShouldNotContain(c => c.StartsWith("Delete Key (1", StringComparison.Ordinal));
        reads.ShouldContain(r => r.Kind == EnvelopeKind.KeyLeft);
    }

    [Fact]
    public void Under_replica_identity_full_an_old_row_is_whole()
    {
        var (batch, _) = Read([.. Captured.Messages("schemas", "whole")], new EnvelopeOptions(KeyChanges: KeyChanges.Split));
        const string id = "00000000-0000-0000-0000-00000000000";
        const string at = "2024-01-01 00:00:00.5+00";
        Describe(batch).ShouldBe(
        [
            $"Copy ({id}1, w1, {at})", $"Update Full ({id}1, w1, {at}) ({id}1, w2, {at})", $"Delete Full ({id}1, w2, {at})", $"Insert ({id}9, w2, {at})", $"Delete Full ({id}9, w2, {at})",
        ]);
    }

    [Theory]
    [InlineData("adaptive", 2)]
    [InlineData("connect", 3)]
    [InlineData("isostring", 4)]
    [InlineData("microtime", 4)]
    [InlineData("schemas", 2)]
    [InlineData("strings", 1)]
    public void An_unchanged_large_value_is_not_sent_but_for_types_that_Debezium_sends_as_null(string mode, int lost)
    {
        var update = Captured.Messages(mode, "toast").First(m => System.Text.Encoding.UTF8.GetString(m.Value).Contains("\"op\":\"u\"", StringComparison.Ordinal));
        var (batch, _) = Read(update);
        var texts = Images.New(batch, batch.Entries[0])!;
        texts[..2].ShouldBe(["1", "n2"]);
        texts.Count(t => t is null).ShouldBe(lost, string.Join(' ', texts));
        texts.Count(t => t == Images.NotSent).ShouldBe(texts.Length - 2 - lost, string.Join(' ', texts));
    }

    [Theory]
    [InlineData("adaptive")]
    [InlineData("schemas")]
    public void A_truncate_has_no_key_and_a_column_whose_name_Debezium_spoils_is_found(string mode)
    {
        var (batch, _) = Read([.. Captured.Messages(mode).Where(m => m.Topic.Contains("Emptied", StringComparison.Ordinal))]);
        Describe(batch).ShouldBe(["Copy (1, x)", "Copy (2, NULL)", "Insert (3, y)", "Truncate"]);
    }

    [Theory]
    [InlineData("adaptive")]
    [InlineData("schemas")]
    public void A_logical_message_is_passed_over(string mode)
    {
        var (batch, reads) = Read([.. Captured.Messages(mode, "message")]);
        batch.Count.ShouldBe(0);
        reads.ShouldHaveSingleItem().Kind.ShouldBe(EnvelopeKind.LogicalMessage);
    }

    [Fact]
    public void What_is_no_number_is_read_as_Debezium_writes_it()
    {
        var (batch, _) = Read([.. Captured.Messages("strings", "odd")]);
        foreach (var entry in batch.Entries)
        {
            var texts = Images.New(batch, entry)!;
            texts.ShouldBe([.. Captured.PrintedOdd[texts[0]!].Values]);
        }
    }

    [Fact]
    public void Tables_may_take_turns()
    {
        var messages = Captured.Messages("adaptive", "keyed").Zip(Captured.Messages("adaptive", "types"), (a, b) => new[] { a, b }).SelectMany(p => p).ToArray();
        var (batch, _) = Read(messages);
        batch.Entries.ToArray().Select(e => e.Relation.Table.Name).Distinct().Order().ShouldBe(["keyed", "types"]);
        Images.New(batch, batch.Entries[0])!.ShouldBe(["1", "one", "v1", null]);
    }

    private static (ChangeBatch Batch, IReadOnlyList<EnvelopeRead> Reads) Read(CapturedMessage message) => Read([message]);

    private static (ChangeBatch Batch, IReadOnlyList<EnvelopeRead> Reads) Read(CapturedMessage[] messages, EnvelopeOptions? options = null)
    {
        var writer = new ChangeBatchWriter(256, 4);
        var reader = Captured.Reader(options);
        var reads = messages.Select(m => m.ReadInto(writer, reader)).ToList();
        return (writer.Complete(null), reads);
    }

    private static List<string> Describe(ChangeBatch batch) => [.. batch.Entries.ToArray().Select(e =>
        e.Kind + (e.OldImage == OldImage.None ? "" : $" {e.OldImage} {Show(Images.Old(batch, e)!)}") + (e.New < 0 ? "" : " " + Show(Images.New(batch, e)!)))];

    private static string Show(string?[] texts) => "(" + string.Join(", ", texts.Select(t => t ?? "NULL")) + ")";

    private sealed class Held(ChangeBatchWriter writer) : IDisposable
    {
        public ChangeBatch Batch { get; } = writer.Complete(null);

        public void Dispose() => Batch.Release();
    }
}
