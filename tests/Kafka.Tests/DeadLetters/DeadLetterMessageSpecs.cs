using System.Text;
using System.Text.Json;
using PolyglotSync.Kafka.DeadLetters;

namespace PolyglotSync.Kafka.Tests.DeadLetters;

public sealed class DeadLetterMessageSpecs
{
    private static readonly DeadLetter Letter = new("shop", new TableName("public", "prices"), "insert", """{"id":"7"}""", """{"id":"7","note":"ü"}""", new Position(new Lsn(7), 2), "refused", "CREATE (n)",
        new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));

    [Fact]
    public void A_letter_is_found_by_table_and_key_and_says_all_that_is_known()
    {
        var (key, value, at) = Of(Letter);
        key.ShouldBe("""{"table":"public.prices","key":{"id":"7"}}""");
        value.GetProperty("pipeline").GetString().ShouldBe("shop");
        value.GetProperty("row").GetProperty("note").GetString().ShouldBe("ü");
        (value.GetProperty("position").GetString(), value.GetProperty("reason").GetString(), value.GetProperty("cypher").GetString()).ShouldBe((Letter.Position.ToString(), "refused", "CREATE (n)"));
        value.GetProperty("at").GetString().ShouldBe("2026-03-04T05:06:07.000000Z");
        value.TryGetProperty("truncated", out _).ShouldBeFalse();
        at.ShouldBe(Letter.At.UtcDateTime);
    }

    [Fact]
    public void What_is_too_long_for_the_topic_is_left_out_and_said()
    {
        var (_, value, _) = Of(Letter with { Row = $$"""{"note":"{{new string('x', 9_000)}}"}""" }, maxBytes: 8_000);
        value.GetProperty("truncated").GetBoolean().ShouldBeTrue();
        (value.TryGetProperty("row", out _), value.TryGetProperty("cypher", out _)).ShouldBe((false, false));
        value.GetProperty("reason").GetString().ShouldBe("refused");
    }

    [Fact]
    public void A_key_or_row_that_is_no_JSON_is_a_text_and_one_that_is_not_there_is_null()
    {
        var (key, value, _) = Of(Letter with { Key = "rubbish", Row = "{nonsense", Cypher = null });
        key.ShouldBe("""{"table":"public.prices","key":"rubbish"}""");
        value.GetProperty("row").GetString().ShouldBe("{nonsense");
        value.GetProperty("cypher").ValueKind.ShouldBe(JsonValueKind.Null);
        Of(Letter with { Row = null }).Value.GetProperty("row").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    private static (string Key, JsonElement Value, DateTime At) Of(DeadLetter letter, int maxBytes = 1_000_000)
    {
        var message = DeadLetterMessage.Of(letter, maxBytes);
        return (Encoding.UTF8.GetString(message.Key), JsonDocument.Parse(message.Value).RootElement, message.Timestamp.UtcDateTime);
    }
}
