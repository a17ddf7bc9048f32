using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.Pipelines;

/// <summary>Sources without one order: each partition has an owner and an offset of its own.</summary>
public sealed class PartitionSpecs : PipelineSpecs
{
    private static readonly SourcePartition First = new("app.users", 0);
    private static readonly SourcePartition Second = new("app.users", 1);

    public PartitionSpecs(ITestOutputHelper output)
        : base(output) => Factory.Partitions = [First, Second];

    private protected override PipelineSettings Pipeline => Settings.Of() with { Kafka = new KafkaSettings { BootstrapServers = "nowhere:9092", Prefix = "app", Capture = CaptureMode.Debezium } };

    [Fact]
    public void Partitions_are_claimed_and_moved_with_their_data_and_no_position_is_recorded()
    {
        var pipeline = Started();
        Status(pipeline).State.ShouldBe(PipelineState.Streaming);
        Factory.Source.OpenedPartitions.ShouldHaveSingleItem().ShouldBe([new PartitionOffset(First, PartitionState.Nothing), new PartitionOffset(Second, PartitionState.Nothing)]);

        Factory.Source.Put(Batch(new Rows(100).Insert(1, "a"), 3, 0));

        AwaitAssert(() => Factory.Target.Partitions[First].Offset.ShouldBe(3), Soon);
        var set = Factory.Target.Applied.ShouldHaveSingleItem();
        set.State.ShouldBeNull();
        set.Partitions.ShouldBe([new PartitionMove(First, PartitionState.Nothing, 3, 1), new PartitionMove(Second, PartitionState.Nothing, 0, 1)]);

        Factory.Source.Put(Batch(new Rows(100).Insert(2, "b"), 3, 5));
        AwaitAssert(() => Factory.Target.Applied.Last().Partitions.ShouldBe([new PartitionMove(Second, 0, 5, 1)]), Soon);
    }

    [Fact]
    public void A_write_that_moves_no_partition_is_its_owner_s_all_the_same_and_the_source_is_told_once_it_is_applied()
    {
        Started();
        Factory.Source.Put(Batch(new Rows(100).Insert(1, "a"), 3, 4));
        AwaitAssert(() => Factory.Target.Partitions[Second].Offset.ShouldBe(4), Soon);
        var truncate = Batch(new Rows(200).Truncate(), 3, 4);

        Factory.Source.Put(truncate);

        AwaitAssert(() => Factory.Source.Told.Last().Partitions.ShouldBeSameAs(truncate.Cut!.Value.Partitions), Soon);
        Factory.Target.Applied.Last().Partitions.ShouldBe([new PartitionMove(First, 3, 3, 1), new PartitionMove(Second, 4, 4, 1)]);
        Factory.Source.Claims.ShouldHaveSingleItem().Select(c => c.Partition).ShouldBe([First, Second]);
    }

    [Fact]
    public void A_write_whose_answer_was_lost_is_looked_for_in_its_partitions()
    {
        var pipeline = Started();
        var lost = false;
        Factory.Target.After = _ =>
        {
            if (lost) return;
            lost = true;
            throw new PipelineFailure(FailureClass.Transient, "the answer was lost");
        };
        Factory.Source.Put(Batch(new Rows(100).Insert(1, "a"), 3, 0));
        AwaitCondition(() => lost, Soon);
        AwaitAssert(() =>
        {
            Scheduler.Advance(TimeSpan.FromSeconds(1));
            Status(pipeline).RowsApplied.ShouldBe(1);
        }, Soon);
        Factory.Target.Applied.Count.ShouldBe(1);
    }

    [Fact]
    public void The_status_shows_every_partition_whoever_has_it()
    {
        var third = new SourcePartition("app.users", 2);
        Factory.Target.Partitions[third] = new PartitionState(third, 9, 4) { Node = "node-2" };
        Status(Started()).Partitions.Select(p => (p.Partition, p.Node)).ShouldBe([(0, null), (1, null), (2, "node-2")]);
    }

    [Fact]
    public void A_deadlock_with_another_writer_is_counted_and_nothing_more()
    {
        var pipeline = Started();
        var isFirst = true;
        Factory.Target.Before = _ =>
        {
            if (!isFirst) return Task.CompletedTask;
            isFirst = false;
            throw new PipelineFailure(FailureClass.Transient, "a deadlock") { IsContention = true };
        };
        Factory.Source.Put(Batch(new Rows(100).Insert(1, "a"), 3, 0));
        AwaitAssert(() =>
        {
            Scheduler.Advance(TimeSpan.FromSeconds(1));
            Status(pipeline).RowsApplied.ShouldBe(1);
        }, Soon);
        var status = Status(pipeline);
        (status.State, status.Retries, status.LastError, status.Incident).ShouldBe((PipelineState.Streaming, 1, null, null));
    }

    [Fact]
    public void Partitions_that_are_shared_anew_are_claimed_by_the_next_run_which_goes_on_where_they_stand()
    {
        Started();
        Factory.Source.Put(Batch(new Rows(100).Insert(1, "a"), 3, 4));
        AwaitAssert(() => Factory.Target.Partitions[Second].Offset.ShouldBe(4), Soon);
        Factory.Partitions = [Second];

        Factory.Source.Fail(new PipelineFailure(FailureClass.Fenced, "the group shares the partitions anew"));

        AwaitAssert(() =>
        {
            Scheduler.Advance(TimeSpan.FromSeconds(1));
            Factory.Sources.Count.ShouldBe(2);
        }, Soon);
        AwaitAssert(() => Factory.Source.OpenedPartitions.ShouldHaveSingleItem().ShouldBe([new PartitionOffset(Second, 4)]), Soon);
        (Factory.Target.Partitions[First].Generation, Factory.Target.Partitions[Second].Generation).ShouldBe((1, 2));
    }

    [Fact]
    public void Where_partitions_have_cuts_the_copy_is_over_when_all_have_reached_the_cut_that_says_so()
    {
        Factory.HasCuts = true;
        var pipeline = Started();
        pipeline.Tell(new WaitForWatermark("shop", new Lsn(50), TimeSpan.FromSeconds(30)), TestActor);
        (Status(pipeline).State, Status(pipeline).Reason).ShouldBe((PipelineState.Starting, "it reads on from where its partitions stand; how far the graph is shows when all partitions have reached a cut"));

        Factory.Source.Put(Batch(new Rows(100).Insert(1, "a"), 3, 0));
        AwaitAssert(() => Factory.Target.Partitions[First].Offset.ShouldBe(3), Soon);
        Status(pipeline).State.ShouldBe(PipelineState.Starting);

        Factory.Source.Put(Reached(60, CopyPhase.Copying));
        AwaitAssert(() => Status(pipeline).State.ShouldBe(PipelineState.Copying), Soon);
        Status(pipeline).Watermark.ShouldBe("0/3C");

        Factory.Source.Put(Reached(70, CopyPhase.Done));
        ExpectMsg<WatermarkAnswer>(Soon).ShouldBe(new WatermarkAnswer("shop", "0/46", true));
        Status(pipeline).State.ShouldBe(PipelineState.Streaming);
    }

    [Fact]
    public void A_run_that_begins_anew_knows_what_the_one_before_knew_of_the_watermark()
    {
        var pipeline = Started();
        Factory.Source.Put(new Rows(100).Insert(1, "a").Batch(new Cut(Position.Start, new Lsn(70)) { Partitions = [new PartitionOffset(First, 3), new PartitionOffset(Second, 4)] }));
        AwaitAssert(() => Status(pipeline).Watermark.ShouldBe("0/46"), Soon);
        var before = Status(pipeline).State;

        Factory.Source.Fail(new PipelineFailure(FailureClass.Fenced, "the group shares the partitions anew"));

        AwaitAssert(() =>
        {
            Scheduler.Advance(TimeSpan.FromSeconds(1));
            Factory.Sources.Count.ShouldBe(2);
        }, Soon);
        AwaitAssert(() => Status(pipeline).State.ShouldBe(before), Soon);
        (Status(pipeline).Watermark, Status(pipeline).LastError).ShouldBe(("0/46", null));
    }

    [Fact]
    public void A_graph_that_was_filled_in_one_order_is_not_written_in_the_other()
    {
        Factory.Target.State = Factory.Target.State with { Position = Position.EndOf(new Lsn(100)) };
        Refusal().ShouldContain("filled by whole cuts");

        Factory.Target.State = TargetState.Empty;
        Factory.Target.Partitions[First] = new PartitionState(First, 3, 1);
        Factory.Partitions = null;
        Refusal().ShouldContain("filled key by key");
    }

    private string Refusal()
    {
        var starter = CreateTestProbe();
        starter.Send(Make(), new StartPipeline(Settings.Of()));
        return starter.ExpectMsg<PipelineFailed>(Soon).Failure.Message;
    }

    /// <summary>What a source says once all partitions have reached a cut.</summary>
    private static ChangeBatch Reached(ulong watermark, CopyPhase phase) => new ChangeBatchWriter().Complete(
        new Cut(Position.Start, new Lsn(watermark)) { Partitions = [new PartitionOffset(First, 3), new PartitionOffset(Second, 5)] },
        CopyState.Empty.With(Rows.Table.Table, new TableCopy(phase, null, 1, 1)));

    private static ChangeBatch Batch(Rows rows, long first, long second) => rows.Batch(new Cut(Position.Start, Lsn.Zero) { Partitions = [new PartitionOffset(First, first), new PartitionOffset(Second, second)] });
}
