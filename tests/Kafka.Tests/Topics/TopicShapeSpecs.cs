using PolyglotSync.Kafka.Topics;

namespace PolyglotSync.Kafka.Tests.Topics;

/// <summary>What a topic that is there is held against.</summary>
public sealed class TopicShapeSpecs
{
    private static readonly KafkaSettings Settings = new() { BootstrapServers = "broker:9092", Prefix = "shop", Partitions = 6, ReplicationFactor = 3, MaxMessageBytes = 5_000_000, RetentionMs = 86_400_000 };

    [Theory]
    [InlineData(CleanupPolicy.Delete, "delete"), InlineData(CleanupPolicy.Compact, "compact"), InlineData(CleanupPolicy.CompactAndDelete, "compact,delete")]
    public void A_table_s_topic_is_made_as_the_manifest_says(CleanupPolicy policy, string cleanup)
    {
        var made = TopicShape.Table("shop.public.users", Settings with { CleanupPolicy = policy }).ToSpecification();
        (made.Name, made.NumPartitions, made.ReplicationFactor).ShouldBe(("shop.public.users", 6, (short)3));
        made.Configs.ShouldBe(new Dictionary<string, string> { ["cleanup.policy"] = cleanup, ["max.message.bytes"] = "5000000", ["retention.ms"] = "86400000" }, ignoreOrder: true);
    }

    [Fact]
    public void The_cuts_have_one_partition_are_compacted_and_nothing_else_will_do()
    {
        var cuts = TopicShape.Cuts("shop.__cuts", Settings);
        var made = cuts.ToSpecification();
        (made.NumPartitions, made.Configs["cleanup.policy"], made.Configs.ContainsKey("segment.bytes"), made.Configs.ContainsKey("max.message.bytes")).ShouldBe((1, "compact", true, false));
        cuts.Problems(1, Found("compact")).ShouldBeEmpty();
        cuts.Problems(3, Found("delete")).ShouldBe(
        [
            "topic shop.__cuts has 3 partitions and needs 1; delete it or choose another kafka.prefix",
            "topic shop.__cuts has cleanup.policy=delete and needs compact; kafka-configs --alter --topic shop.__cuts --add-config cleanup.policy=compact",
        ]);
        cuts.Remarks(3, Found("delete")).ShouldBeEmpty();
    }

    [Fact]
    public void A_topic_that_takes_only_smaller_messages_is_a_mistake()
    {
        var dead = TopicShape.Dead("shop.__dead", Settings);
        dead.Problems(1, Found("delete", 1_048_588)).ShouldHaveSingleItem().ShouldStartWith("topic shop.__dead takes messages of 1048588 bytes, kafka.max_message_bytes is 5000000;");
        dead.Problems(1, Found("delete", 5_000_000)).ShouldBeEmpty();
        dead.Problems(1, new Dictionary<string, string>()).ShouldBeEmpty();
    }

    [Fact]
    public void Another_number_of_partitions_or_cleanup_of_a_table_is_a_matter_of_taste_and_is_said()
    {
        var table = TopicShape.Table("shop.public.users", Settings with { CleanupPolicy = CleanupPolicy.Compact });
        table.Problems(3, Found("delete")).ShouldBeEmpty();
        table.Remarks(3, Found("delete")).ShouldBe(
        [
            "topic shop.public.users has 3 partitions, kafka.partitions says 6: it stays as it is",
            "topic shop.public.users has cleanup.policy=delete, the manifest says compact: it stays as it is",
        ]);
        table.Remarks(6, Found("compact")).ShouldBeEmpty();
    }

    private static Dictionary<string, string> Found(string cleanup, int? max = null)
    {
        var found = new Dictionary<string, string> { ["cleanup.policy"] = cleanup };
        if (max is { } bytes) found["max.message.bytes"] = $"{bytes}";
        return found;
    }
}
