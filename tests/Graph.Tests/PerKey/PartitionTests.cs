using PolyglotSync.Graph.Tests.Compliance;

namespace PolyglotSync.Graph.Tests.PerKey;

public abstract partial class KeyedCompliance
{
    private static readonly SourcePartition Users0 = new("shop.public.users", 0);
    private static readonly SourcePartition Users1 = new("shop.public.users", 1);

    [SkippableFact]
    public async Task Offsets_of_all_partitions_of_a_set_are_written_with_its_data()
    {
        await using var world = await WorldAsync();
        await world.ClaimAsync(Users0, Users1);
        (world.StateOf(Users0).Offset, world.StateOf(Users0).Generation).ShouldBe((PartitionState.Nothing, 1L));
        await world.ApplyAsync(world.Set(new Dictionary<SourcePartition, int> { [Users1] = 7, [Users0] = 3 }, User(world, "1")));
        var expected = new[] { new PartitionState(One, -1, 1), new PartitionState(Users0, 3, 1), new PartitionState(Users1, 7, 1) };
        (await world.Graph.Target.ReadPartitionsAsync(GraphWorld.Pipeline, null, default)).ShouldBe(expected);
        (await world.Graph.Target.ReadPartitionsAsync(GraphWorld.Pipeline, [Users1, Users0], default)).ShouldBe(expected[1..]);
        (await world.Graph.Target.ReadPartitionsAsync("another", null, default)).ShouldBe([]);
        (await world.Graph.Target.ReadPartitionsAsync(GraphWorld.Pipeline, [new SourcePartition("shop.public.users", 2)], default)).ShouldBe([]);
    }

    [SkippableFact]
    public async Task A_claim_gives_each_partition_back_in_the_order_asked_for_and_leaves_the_others_alone()
    {
        await using var world = await WorldAsync();
        await world.ClaimAsync(Users0, Users1);
        var claimed = await world.Graph.Target.ClaimPartitionsAsync(GraphWorld.Pipeline, [Users1, new SourcePartition("shop.public.users", 2), One], default);
        claimed.Select(c => (c.Partition.ToString(), c.Generation)).ShouldBe([("shop.public.users/1", 2L), ("shop.public.users/2", 1L), ("shop.public.all/0", 2L)]);
        await world.ApplyAsync(world.Set(Users0, User(world, "1")));
        (await world.AskAsync("MATCH (u:User) RETURN u.id")).ShouldBe(["1"]);
    }

    [SkippableFact]
    public async Task A_claim_is_signed_so_that_others_see_who_has_what()
    {
        await using var world = await WorldAsync();
        await world.ClaimAsync(Users0, Users1);
        await using var named = GraphTargets.Create(new TargetSettings { Uri = new Uri(world.Graph.Target.Address) }, new LimitSettings(), Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, "node-7");
        (await named.ClaimPartitionsAsync(GraphWorld.Pipeline, [Users0], default)).ShouldHaveSingleItem().Node.ShouldBe("node-7");
        (await world.Graph.Target.ReadPartitionsAsync(GraphWorld.Pipeline, [Users0, Users1], default)).Select(p => p.Node).ShouldBe(["node-7", null]);
        (await named.ClaimAsync(GraphWorld.Pipeline, default)).Node.ShouldBe("node-7");
        (await world.Graph.Target.LookAsync(GraphWorld.Pipeline, default))!.Node.ShouldBe("node-7");
        (await world.Graph.Target.ClaimAsync(GraphWorld.Pipeline, default)).Node.ShouldBeNull();
    }

    [SkippableFact]
    public async Task A_set_of_which_one_partition_has_a_new_owner_writes_nothing_and_moves_none()
    {
        await using var world = await WorldAsync();
        await world.ClaimAsync(Users0, Users1);
        var set = world.Set(new Dictionary<SourcePartition, int> { [Users0] = 1, [Users1] = 1 }, User(world, "1"));
        await using var successor = Connect(new Uri(world.Graph.Target.Address));
        await successor.ClaimPartitionsAsync(GraphWorld.Pipeline, [Users1], default);
        var failure = await Should.ThrowAsync<PipelineFailure>(() => world.ApplyAsync(set));
        (failure.Class, failure.ExitCode).ShouldBe((FailureClass.Fenced, ExitCode.Fenced));
        failure.Message.ShouldContain("shop.public.users/1");
        (await world.AskAsync("MATCH (u:User) RETURN u.id")).ShouldBe([]);
        (await successor.ReadPartitionsAsync(GraphWorld.Pipeline, [Users0, Users1], default)).Select(p => p.Offset).ShouldBe([-1L, -1L]);
    }

    [SkippableFact]
    public async Task Partitions_are_marked_at_a_barrier_by_their_owner_all_or_none_and_keep_the_mark()
    {
        await using var world = await WorldAsync();
        var target = world.Graph.Target;
        var claims = await target.ClaimPartitionsAsync(GraphWorld.Pipeline, [Users0, Users1], default);
        var mark = new BarrierMark(new BarrierPlace(3, 120), IsPassed: false);
        await target.MarkPartitionsAsync(GraphWorld.Pipeline, claims, mark, default);
        await target.MarkPartitionsAsync(GraphWorld.Pipeline, [claims[1]], mark with { IsPassed = true }, default);
        (await target.ReadPartitionsAsync(GraphWorld.Pipeline, [Users0, Users1], default)).Select(p => p.Mark).ShouldBe([mark, mark with { IsPassed = true }]);

        await using var successor = Connect(new Uri(target.Address));
        (await successor.ClaimPartitionsAsync(GraphWorld.Pipeline, [Users1], default)).ShouldHaveSingleItem().Mark.ShouldBe(mark with { IsPassed = true });
        var late = new BarrierMark(new BarrierPlace(3, 121), IsPassed: false);
        var failure = await Should.ThrowAsync<PipelineFailure>(() => target.MarkPartitionsAsync(GraphWorld.Pipeline, claims, late, default));
        failure.Class.ShouldBe(FailureClass.Fenced);
        failure.Message.ShouldContain("shop.public.users/1");
        (await successor.ReadPartitionsAsync(GraphWorld.Pipeline, [Users0], default)).ShouldHaveSingleItem().Mark.ShouldBe(mark);
        await target.MarkPartitionsAsync(GraphWorld.Pipeline, [], late, default);
    }

    [SkippableFact]
    public async Task A_set_that_moves_no_partition_is_written_by_their_owner_only()
    {
        await using var world = await WorldAsync();
        await world.ClaimAsync(Users0);
        var set = world.Set(new Dictionary<SourcePartition, int> { [Users0] = 1 }, User(world, "1"));
        var standing = set.Only([0], null);
        await world.ApplyAsync(standing);
        (await world.AskAsync("MATCH (u:User) RETURN u.id")).ShouldBe(["1"]);
        (await world.Graph.Target.ReadPartitionsAsync(GraphWorld.Pipeline, [Users0], default)).ShouldHaveSingleItem().Offset.ShouldBe(PartitionState.Nothing);
        await using var successor = Connect(new Uri(world.Graph.Target.Address));
        await successor.ClaimPartitionsAsync(GraphWorld.Pipeline, [Users0], default);
        (await Should.ThrowAsync<PipelineFailure>(() => world.ApplyAsync(standing))).Class.ShouldBe(FailureClass.Fenced);
    }

    [SkippableFact]
    public async Task A_set_that_comes_twice_is_written_once()
    {
        await using var world = await WorldAsync();
        var set = world.Set(One, User(world, "1"));
        await world.ApplyAsync(set);
        await world.ApplyAsync(User(world, "2"), world.Rows.Delete("users", ("id", "1")));
        var failure = await Should.ThrowAsync<PipelineFailure>(() => world.Graph.ApplyAsync(set));
        failure.Class.ShouldBe(FailureClass.Transient);
        failure.Message.ShouldContain("shop.public.all/0 stands at 3");
        (await world.AskAsync("MATCH (u:User) RETURN u.id")).ShouldBe(["2"]);
    }

    [SkippableFact]
    public async Task A_partition_whose_state_is_gone_stops_with_a_message()
    {
        await using var world = await WorldAsync();
        await world.AskAsync("MATCH (s:__PolySync {partition: 0}) DELETE s");
        var failure = await Should.ThrowAsync<PipelineFailure>(() => world.ApplyAsync(User(world, "1")));
        failure.Class.ShouldBe(FailureClass.Fatal);
        failure.Message.ShouldContain("shop.public.all/0");
    }

    [SkippableFact]
    public async Task A_poisonous_row_moves_no_partition_and_is_named()
    {
        await using var world = await WorldAsync();
        var set = world.Set(One, User(world, "1"), User(world, "x"));
        var failure = await Should.ThrowAsync<PipelineFailure>(() => world.ApplyAsync(set));
        failure.Class.ShouldBe(FailureClass.Poison);
        failure.Guilty.ShouldBe([1]);
        (await world.Graph.Target.ReadPartitionsAsync(GraphWorld.Pipeline, [One], default))[0].Offset.ShouldBe(PartitionState.Nothing);
        await world.ApplyAsync(set.Only([0], null, set.Partitions));
        (await world.Graph.Target.ReadPartitionsAsync(GraphWorld.Pipeline, [One], default))[0].Offset.ShouldBe(2);
    }
}
