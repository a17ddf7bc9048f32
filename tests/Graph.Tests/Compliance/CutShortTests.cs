using PolyglotSync.Testing;

namespace PolyglotSync.Graph.Tests.Compliance;

/// <summary>
/// FalkorDB, which has no transaction over several statements: a write whose rows take along what they do not send is cut short at each of its statements, and repeated by other processes, cut into other sets, of which some are
/// cut short too.
/// </summary>
public class CutShortTests(FalkorFixture falkor) : IClassFixture<FalkorFixture>
{
    private const int Changes = 14;

    private static readonly SourcePartition One = new("shop.public.all", 0);

    /// <summary>Seeds of which some lose values where nothing is kept; POLYSYNC_TEST_SEEDS says how many more.</summary>
    public static TheoryData<ChangeOrder, int> Seeds()
    {
        var data = new TheoryData<ChangeOrder, int>();
        foreach (var (order, first) in ((ChangeOrder, int)[])[(ChangeOrder.Whole, 27), (ChangeOrder.PerKey, 5)])
            for (var seed = first; seed < first + 2 + GraphWorld.MoreSeeds; seed++) data.Add(order, seed);
        return data;
    }

    [SkippableTheory]
    [MemberData(nameof(Seeds))]
    public async Task What_moved_rows_take_along_is_not_lost_wherever_their_write_is_cut_short(ChangeOrder order, int seed)
    {
        Skip.If(FalkorServer.Missing is not null, FalkorServer.Missing);
        var rows = new MovingRows(seed, Changes);
        var places = new Random(seed);
        var at = places.Next(rows.Count / 3);
        var to = places.Next(at + 5, rows.Count + 1);
        var cuts = 0;
        for (var isCut = true; isCut; cuts++)
        {
            var random = new Random((seed * 1_000) + cuts);
            var graph = falkor.NewGraph();
            await PassAsync(graph, order, rows, [at], cutAfter: null);
            isCut = await PassAsync(graph, order, rows, [to], cutAfter: cuts);
            for (var again = random.Next(3); again > 0; again--) await PassAsync(graph, order, rows, Places(at, rows.Count, random), cutAfter: random.Next(60));
            await PassAsync(graph, order, rows, Places(at, rows.Count, random), cutAfter: null);

            var where = $"seed {seed}, cut after {cuts}: from {at} to {to}";
            await using var world = await OpenAsync(graph, order);
            (await world.AskAsync(MovingRows.Asked.Items)).ShouldBe(rows.Items, where);
            (await world.AskAsync(MovingRows.Asked.Links)).ShouldBe(rows.Links, where);
            (await world.AskAsync($"MATCH (k:{Writing.CarriedLog.Label}) RETURN k.table, k.v0, k.v1")).ShouldBe([], where);
        }
        cuts.ShouldBeGreaterThan(3);
    }

    /// <summary>As rows that are refused are looked for: by halves, each with what was taken before it.</summary>
    [SkippableTheory]
    [InlineData(ChangeOrder.Whole)]
    [InlineData(ChangeOrder.PerKey)]
    public async Task A_set_that_was_tried_in_parts_takes_along_what_it_would_as_a_whole(ChangeOrder order)
    {
        Skip.If(FalkorServer.Missing is not null, FalkorServer.Missing);
        await using var world = await OpenAsync(falkor.NewGraph(), order);
        var (generation, reached, _) = await ClaimAsync(world, order);
        await world.ApplyAsync(Set(world, order, generation, reached, 0, [.. Enumerable.Range(1, 3).Select(i => world.Rows.Insert("items", ("id", $"{i}"), ("title", $"t{i}"), ("body", $"b{i}")))]));
        var set = Set(world, order, generation, 0, 1, [Move(3, 4), Move(2, 3), Move(1, 2)]);

        await world.ApplyAsync(set.Only([0], null));
        await world.ApplyAsync(set.Only([0, 1], null));
        await world.ApplyAsync(set.Only([0, 1, 2], null));
        await world.ApplyAsync(set);

        (await world.AskAsync(MovingRows.Asked.Items)).ShouldBe(["2 t1 b1", "3 t2 b2", "4 t3 b3"]);
        (await world.AskAsync($"MATCH (k:{Writing.CarriedLog.Label}) RETURN k.row")).ShouldBe([]);

        RowOperation Move(int from, int to) => world.Rows.Upsert("items", [("id", $"{from}")], [("id", $"{to}"), ("title", $"t{from}")]);
    }

    /// <summary>A process: claims, and writes what is left of the sets between the places.</summary>
    /// <param name="cutAfter">Its connection ends after so many requests of its writes; null: never.</param>
    /// <returns>True where that happened.</returns>
    private static async Task<bool> PassAsync(Uri graph, ChangeOrder order, MovingRows rows, IReadOnlyList<int> places, int? cutAfter)
    {
        await using var proxy = new CuttingProxy(graph.Port);
        await using var world = await OpenAsync(new UriBuilder(graph) { Port = proxy.Port }.Uri, order);
        var (generation, reached, seen) = await ClaimAsync(world, order);
        try
        {
            if (reached < 0) await WriteAsync(world, order, generation, reached, 0, MovingRows.Users(world.Rows));
            if (cutAfter is { } requests) proxy.CutAfter(requests);
            reached = Math.Max(reached, 0);
            foreach (var to in places.Where(p => p > reached))
            {
                await WriteAsync(world, order, generation, reached, to, rows.Operations(world.Rows, reached, to, seen));
                reached = to;
            }
            return false;
        }
        catch (PipelineFailure failure) when (cutAfter is not null && failure.Class == FailureClass.Transient)
        {
            proxy.HasCut.ShouldBeTrue();
            return true;
        }
    }

    /// <summary>Where the log is cut into sets: nowhere, everywhere, or somewhere.</summary>
    private static IReadOnlyList<int> Places(int from, int to, Random random)
    {
        var chances = random.Next(3) switch { 0 => 0, 1 => 1, _ => 3 };
        return [.. Enumerable.Range(from + 1, to - from - 1).Where(_ => chances > 0 && random.Next(chances) == 0), to];
    }

    private static async Task<GraphWorld> OpenAsync(Uri graph, ChangeOrder order)
    {
        var world = new GraphWorld(Connect(), MovingRows.Schema, Connect);
        return order == ChangeOrder.PerKey ? await world.PreparePerKeyAsync() : await world.PrepareAsync();

        IGraphTarget Connect() => GraphWorld.Connect(graph);
    }

    /// <returns>Seen: changes before this one may be in the graph.</returns>
    private static async Task<(long Generation, int Reached, int Seen)> ClaimAsync(GraphWorld world, ChangeOrder order)
    {
        if (order == ChangeOrder.Whole) return (world.State.Generation, world.State.Position.Index, world.State.Intent.Index);
        var claimed = (await world.Target.ClaimPartitionsAsync(GraphWorld.Pipeline, [One], default))[0];
        return (claimed.Generation, (int)claimed.Offset, int.MaxValue);
    }

    private static Task WriteAsync(GraphWorld world, ChangeOrder order, long generation, int from, int to, RowOperation[] operations) => world.ApplyAsync(Set(world, order, generation, from, to, operations));

    private static WriteSet Set(GraphWorld world, ChangeOrder order, long generation, int from, int to, RowOperation[] operations) => order == ChangeOrder.PerKey
        ? new WriteSet { Operations = operations, Generation = 0, Partitions = [new PartitionMove(One, from, to, generation)] }
        : new WriteSet { Operations = operations, Generation = generation, State = world.State with { Position = At(to), Intent = At(to) > world.State.Intent ? At(to) : world.State.Intent } };

    private static Position At(int change) => new(new Lsn(1), change);
}
