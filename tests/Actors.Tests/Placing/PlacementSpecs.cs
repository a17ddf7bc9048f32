using System.Collections.Immutable;
using Akka.Actor;
using PolyglotSync.Actors.Placing;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.Placing;

public sealed class PlacementSpecs(ITestOutputHelper output) : ActorSpecs(output)
{
    [Fact]
    public void A_pipeline_goes_to_the_node_with_the_fewest_and_of_two_alike_to_the_one_that_asks()
    {
        Placement.Choose(Nodes(("a", 2), ("b", 1), ("c", 2)), "a").ShouldBe("b");
        Placement.Choose(Nodes(("a", 1), ("b", 1), ("c", 1)), "b").ShouldBe("b");
        Placement.Choose(Nodes(("a", 0), ("b", 1), ("c", 0)), "b").ShouldBeOneOf("a", "c");
    }

    [Fact]
    public void A_node_that_comes_takes_its_share_and_no_more_moves_than_that()
    {
        Placement.Moves(Nodes(("a", 2), ("b", 2), ("new", 0))).Count.ShouldBe(1);
        Placement.Moves(Nodes(("a", 4), ("new", 0))).ShouldBe(["a2", "a3"]);
        Placement.Moves(Nodes(("a", 4), ("new", 0), ("newer", 0))).Count.ShouldBe(2);
    }

    [Fact]
    public void What_is_even_already_stays()
    {
        Placement.Moves(Nodes(("a", 2), ("b", 1), ("c", 1))).ShouldBeEmpty();
        Placement.Moves(Nodes(("a", 1), ("b", 0))).ShouldBeEmpty();
        Placement.Moves(Nodes(("a", 0))).ShouldBeEmpty();
        Placement.Moves(Nodes()).ShouldBeEmpty();
    }

    [Fact]
    public void Whatever_the_nodes_run_they_are_even_once_the_moves_are_made_and_then_nothing_moves()
    {
        var random = new Random(7);
        for (var i = 0; i < 500; i++)
        {
            var before = Nodes([.. Enumerable.Range(0, random.Next(1, 7)).Select(n => ($"n{n}-", random.Next(0, 9)))]);
            var moves = Placement.Moves(before);
            var after = before.Select(n => new Placed<string>(n.Node, [.. n.Pipelines.Except(moves)])).ToList();
            foreach (var pipeline in moves)
            {
                var to = Placement.Choose(after, "n0-");
                after = [.. after.Select(n => n.Node == to ? n with { Pipelines = [.. n.Pipelines, pipeline] } : n)];
            }

            (after.Max(n => n.Pipelines.Count) - after.Min(n => n.Pipelines.Count)).ShouldBeLessThanOrEqualTo(1);
            after.Sum(n => n.Pipelines.Count).ShouldBe(before.Sum(n => n.Pipelines.Count));
            Placement.Moves(after).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task While_pipelines_are_on_their_way_nothing_else_is_moved()
    {
        var (here, there) = (CreateTestProbe().Ref, CreateTestProbe().Ref);
        var nodes = ImmutableDictionary<IActorRef, IImmutableList<string>>.Empty.Add(here, ImmutableList.Create("shop", "social", "crm")).Add(there, ImmutableList<string>.Empty);
        var strategy = new EvenAllocation(_ => true);

        (await strategy.Rebalance(nodes, ImmutableHashSet<string>.Empty)).ShouldBe(["social"]);
        (await strategy.Rebalance(nodes, ImmutableHashSet.Create("crm"))).ShouldBeEmpty();
        (await strategy.AllocateShard(here, "new", nodes)).ShouldBe(there);
    }

    [Fact]
    public async Task The_shard_of_a_pipeline_that_was_removed_weighs_nothing()
    {
        var (here, there) = (CreateTestProbe().Ref, CreateTestProbe().Ref);
        var nodes = ImmutableDictionary<IActorRef, IImmutableList<string>>.Empty.Add(here, ImmutableList.Create("removed", "shop")).Add(there, ImmutableList.Create("crm"));
        var strategy = new EvenAllocation(name => name != "removed");

        (await strategy.Rebalance(nodes, ImmutableHashSet<string>.Empty)).ShouldBeEmpty();
        (await strategy.AllocateShard(here, "new", nodes)).ShouldBe(here);
    }

    private static Placed<string>[] Nodes(params (string Name, int Pipelines)[] nodes) => [.. nodes.Select(n => new Placed<string>(n.Name, [.. Enumerable.Range(0, n.Pipelines).Select(i => $"{n.Name}{i}")]))];
}
