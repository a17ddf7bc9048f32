using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;

namespace PolyglotSync.Actors.Tests.Pipelines;

/// <summary>What any node says of who does the work: from what the graph has of all of them.</summary>
public sealed class FleetSpecs
{
    private static readonly SourcePartition First = new("t.users", 0);
    private static readonly SourcePartition Second = new("t.users", 1);

    [Fact]
    public void Each_partition_is_shown_with_its_node_and_what_it_is_behind()
    {
        var fleet = new Fleet(null, [Of(First, 5, "node-1"), Of(Second, PartitionState.Nothing, "node-2")]);
        fleet.Against(new Dictionary<string, long[]> { ["t.users"] = [7, 3] }).ShouldBe([new PartitionStatus("t.users", 0, "node-1", 5, 2), new PartitionStatus("t.users", 1, "node-2", -1, 3)]);
        fleet.Against(null).Select(p => p.Behind).ShouldBe([null, null]);
        fleet.Against(new Dictionary<string, long[]> { ["t.users"] = [7] })[1].Behind.ShouldBe(0, "of what the newest cut does not hold nothing waits");
    }

    [Fact]
    public void Who_takes_partitions_over_says_whose_they_were()
    {
        var claimed = TargetState.Empty with { Partitions = [Of(First, 5, "node-1"), Of(Second, 5, "node-1")] };
        TakeOver.Of(null, claimed, [Of(First, 5, "node-2"), Of(Second, 5, "node-1")]).ShouldBe(new TakeOver("it goes on here with 2 partitions, 1 that node-2 had among them", true));
        TakeOver.Of(null, claimed, [Of(First, 5, "node-3"), Of(Second, 5, "node-2")])!.What.ShouldBe("it goes on here with 2 partitions, 1 that node-2 had and 1 that node-3 had among them");
        TakeOver.Of(null, claimed, []).ShouldBe(new TakeOver("it goes on here with 2 partitions", false));
    }

    [Fact]
    public void Who_stood_by_says_who_had_the_work()
    {
        TakeOver.Of(TargetState.Empty with { Node = "node-2" }, TargetState.Empty with { Node = "node-1" }, []).ShouldBe(new TakeOver("it goes on here; node-2 had it before", true));
        TakeOver.Of(TargetState.Empty with { Node = "node-1" }, TargetState.Empty with { Node = "node-1" }, []).ShouldBeNull();
        TakeOver.Of(null, TargetState.Empty with { Node = "node-1" }, []).ShouldBeNull();
    }

    private static PartitionState Of(SourcePartition partition, long offset, string node) => new(partition, offset, 1) { Node = node };
}
