using System.Text;
using PolyglotSync.Kafka.PerKey;
using static PolyglotSync.Kafka.Tests.PerKey.DebeziumTopic;

namespace PolyglotSync.Kafka.Tests.PerKey;

public sealed class KeyedMergeSpecs
{
    private readonly CancellationTokenSource _stop = new(TimeSpan.FromSeconds(20));

    [Fact]
    public async Task What_stood_in_a_topic_comes_in_the_order_of_the_log_over_all_its_partitions()
    {
        var topic = new DebeziumTopic(3).With(0, Insert(1, 10), Insert(4, 40)).With(1, Insert(2, 20), Insert(3, 30)).With(2);
        var batches = Read(topic.Read(0, 1, 2));
        topic.Arrive(0);
        topic.Arrive(2);
        var first = batches.MoveNextAsync();
        first.IsCompleted.ShouldBeFalse("an older change may stand in the partition that has not come");
        topic.Arrive(1);
        (await first).ShouldBeTrue();
        Rows(batches.Current).ShouldBe(["1", "2", "3", "4"]);
    }

    [Fact]
    public async Task A_truncate_comes_after_what_was_there_before_it_and_before_what_came_later()
    {
        var topic = new DebeziumTopic(2).With(0, Truncate(25), Insert(9, 50)).With(1, Insert(2, 20), Insert(3, 30));
        var batches = Read(topic.Read(0, 1));
        topic.Arrive(0);
        topic.Arrive(1);
        (await batches.MoveNextAsync()).ShouldBeTrue();
        Rows(batches.Current).ShouldBe(["2", "truncate", "3", "9"]);
    }

    [Fact]
    public async Task A_truncate_of_a_table_whose_other_partitions_are_read_elsewhere_is_not_guessed_at()
    {
        var topic = new DebeziumTopic(2).With(0, Insert(1, 10), Truncate(25), Insert(9, 50));
        var batches = Read(topic.Read(0));
        topic.Arrive(0);
        (await batches.MoveNextAsync()).ShouldBeTrue();
        Rows(batches.Current).ShouldBe(["1", "9"]);
        var refused = batches.Current.Refused.ShouldHaveSingleItem();
        (refused.Topic, refused.Partition, refused.Offset).ShouldBe(("app.public.users", 0, 1L));
        refused.Reason.ShouldContain("reads 1 of the topic's 2 partitions");
    }

    [Fact]
    public async Task A_row_that_holds_the_words_of_a_truncate_is_none()
    {
        var topic = new DebeziumTopic(2).With(0, Insert(1, 10, """, "op":"t","source":{"op":"t"}"""));
        var batches = Read(topic.Read(0));
        topic.Arrive(0);
        (await batches.MoveNextAsync()).ShouldBeTrue();
        Rows(batches.Current).ShouldBe(["1"]);
        batches.Current.Refused.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_cannot_be_read_goes_along_and_everything_else_arrives()
    {
        var topic = new DebeziumTopic(1).With(0, Insert(1, 10), "{not json", Insert(2, 20));
        var batches = Read(topic.Read(0));
        topic.Arrive(0);
        (await batches.MoveNextAsync()).ShouldBeTrue();
        Rows(batches.Current).ShouldBe(["1", "2"]);
        batches.Current.Refused.ShouldHaveSingleItem().Offset.ShouldBe(1);
        batches.Current.Cut!.Value.Partitions.ShouldBe([new PartitionOffset(new SourcePartition("app.public.users", 0), 3)]);
    }

    [Fact]
    public async Task A_batch_says_how_far_each_partition_was_read_in_the_order_of_the_claims()
    {
        var topic = new DebeziumTopic(3).With(0, Insert(1, 10)).With(2, Insert(2, 20), Insert(3, 30));
        var batches = Read(topic.Read(2, 0));
        topic.Arrive(0);
        topic.Arrive(2);
        (await batches.MoveNextAsync()).ShouldBeTrue();
        batches.Current.Cut!.Value.Partitions!.Select(p => (p.Partition.Partition, p.Offset)).ShouldBe([(2, 2), (0, 1)]);
        var next = batches.MoveNextAsync();
        next.IsCompleted.ShouldBeFalse();
        topic.Arrive(0, Insert(5, 60));
        (await next).ShouldBeTrue();
        Rows(batches.Current).ShouldBe(["5"]);
        batches.Current.Cut!.Value.Partitions!.Select(p => (p.Partition.Partition, p.Offset)).ShouldBe([(2, 2), (0, 2)]);
    }

    [Fact]
    public async Task A_column_that_the_catalog_did_not_name_is_looked_up_and_the_row_read_once_more()
    {
        var topic = new DebeziumTopic(1).With(0, Insert(1, 10), Insert(2, 20, ""","mail":"m" """), Insert(3, 30, ""","mail":"m" """));
        var batches = Read(topic.Read(0));
        topic.Schema = SchemaOf("id", "name", "mail");
        topic.Arrive(0);
        (await batches.MoveNextAsync()).ShouldBeTrue();
        Rows(batches.Current).ShouldBe(["1", "2"]);
        (await batches.MoveNextAsync()).ShouldBeTrue();
        Rows(batches.Current).ShouldBe(["columns +mail", "2 m", "3 m"]);
        batches.Current.SchemaChanges.ShouldHaveSingleItem().Added.ShouldBe(["mail"]);
    }

    [Fact]
    public async Task A_column_that_the_catalog_does_not_name_at_all_is_left_out()
    {
        var topic = new DebeziumTopic(1).With(0, Insert(1, 10, ""","ghost":1"""), Insert(2, 20, ""","ghost":1"""));
        var batches = Read(topic.Read(0));
        topic.Arrive(0);
        (await batches.MoveNextAsync()).ShouldBeTrue();
        Rows(batches.Current).ShouldBe(["1", "2"]);
        batches.Current.SchemaChanges.ShouldBeEmpty();
    }

    private IAsyncEnumerator<ChangeBatch> Read(KeyedMerge merge) => merge.ReadAsync(_stop.Token).GetAsyncEnumerator();

    /// <summary>Each change by its row's key, and what stands in a third column.</summary>
    private static List<string> Rows(ChangeBatch batch)
    {
        List<string> rows = [];
        foreach (var entry in batch.Entries)
        {
            rows.Add(entry.Kind switch
            {
                ChangeKind.Truncate => "truncate",
                ChangeKind.Schema => $"columns +{string.Join(',', batch.SchemaChanges[entry.Old].Added)}",
                _ => Text(batch.New(entry), 0) + (entry.Relation.Columns.Length > 2 ? $" {Text(batch.New(entry), 2)}" : ""),
            });
            if (entry.Kind == ChangeKind.Insert) entry.ExistenceUnknown.ShouldBeTrue("nobody knows whether the graph has the row");
        }
        return rows;
    }

    private static string Text(RowImage image, int column) => Encoding.UTF8.GetString(image[column]);
}
