using PolyglotSync.Graph.Tests.Compliance;

namespace PolyglotSync.Graph.Tests.PerKey;

/// <summary>Whatever the order in which partitions are read and the sets that they are cut into: the graph is that of the rows known so far, and in the end that of the tables.</summary>
public abstract partial class KeyedCompliance
{
    /// <summary>Seeds; POLYSYNC_TEST_SEEDS says how many more.</summary>
    public static TheoryData<int> Seeds()
    {
        return [.. Enumerable.Range(1, 1 + GraphWorld.MoreSeeds)];
    }

    [SkippableTheory]
    [MemberData(nameof(Seeds))]
    public async Task Topics_read_in_any_order_make_the_graph_of_the_tables(int seed)
    {
        var history = new History(seed).Run(150);
        await using var world = await WorldAsync(History.Schema);
        var reading = new Interleaving(history.Events, seed, _ => true);
        var known = new KnownRows(History.Schema, world.Graph.Mapping);
        await world.ClaimAsync(reading.Partitions);
        for (var set = 1; !reading.IsDone; set++)
        {
            if (reading.OneIn(6)) await WriteHalfAsync(world, reading, known);
            if (reading.OneIn(10)) await world.ClaimAsync(reading.Partitions);
            var messages = reading.Next();
            var operations = reading.Operations(world.Rows, known, messages.SelectMany(m => m.Value));
            var written = world.Set(messages.ToDictionary(m => m.Key, m => m.Value.Count), [.. operations.Select(o => o.Operation)]);
            await world.ApplyAsync(written);
            reading.Pass(messages);
            foreach (var (_, last) in operations) known.Take(last);
            if (reading.OneIn(5)) (await Should.ThrowAsync<PipelineFailure>(() => world.ApplyAsync(written))).Class.ShouldBe(FailureClass.Transient);
            if (reading.OneIn(5)) await AgainAsync(world, operations);
            if (set % 4 == 0) await known.ShouldBeAsync(world.Graph, $"after set {set} of seed {seed}");
        }
        await known.ShouldBeAsync(world.Graph, $"in the end of seed {seed}");
        (await world.PlaceholdersAsync()).ShouldBe([]);
    }

    /// <summary>Owners of a part of the partitions each, at once, as the nodes of a consumer group are.</summary>
    [SkippableTheory]
    [MemberData(nameof(Seeds))]
    public async Task Several_owners_who_write_at_once_make_the_graph_of_the_tables(int seed)
    {
        const int Owners = 3;
        var history = new History(1_000 + seed).Run(400);
        var graph = await NewGraphAsync();
        var worlds = new List<KeyedWorld>();
        for (var i = 0; i < Owners; i++) worlds.Add(new KeyedWorld(await new GraphWorld(Connect(graph), History.Schema, () => Connect(graph)).PreparePerKeyAsync()));
        await Task.WhenAll(worlds.Select((world, i) => Task.Run(() => ReadAsync(world, new Interleaving(history.Events, seed, p => Interleaving.NumberOf(p) % Owners == i)))));

        var known = new KnownRows(History.Schema, worlds[0].Graph.Mapping);
        foreach (var change in history.Events) known.Take(change);
        await known.ShouldBeAsync(worlds[0].Graph, $"in the end of seed {seed}");
        (await worlds[0].PlaceholdersAsync()).ShouldBe([]);
        foreach (var world in worlds) await world.DisposeAsync();
    }

    private static async Task ReadAsync(KeyedWorld world, Interleaving reading)
    {
        var known = new KnownRows(History.Schema, world.Graph.Mapping);
        await world.ClaimAsync(reading.Partitions);
        while (!reading.IsDone)
        {
            var messages = reading.Next();
            var operations = reading.Operations(world.Rows, known, messages.SelectMany(m => m.Value));
            var set = world.Set(messages.ToDictionary(m => m.Key, m => m.Value.Count), [.. operations.Select(o => o.Operation)]);
            for (var tries = 1; ; tries++)
            {
                try
                {
                    await world.ApplyAsync(set);
                    break;
                }
                catch (PipelineFailure failure) when (failure.Class == FailureClass.Transient && tries < 200)
                {
                    // a deadlock, or a node that another owner's transaction has taken away
                }
            }
            reading.Pass(messages);
            foreach (var (_, last) in operations) known.Take(last);
        }
    }

    /// <summary>As a crash leaves it where nothing is rolled back: some operations are in the graph, the offsets have not moved, and the next cut is another.</summary>
    private static async Task WriteHalfAsync(KeyedWorld world, Interleaving reading, KnownRows known)
    {
        var messages = reading.Next();
        var half = reading.Operations(world.Rows, known, messages.SelectMany(m => m.Value)).Where(_ => reading.OneIn(2)).ToList();
        var set = world.Set(messages.ToDictionary(m => m.Key, _ => 0), [.. half.Select(o => o.Operation)]);
        await world.ApplyAsync(set.Only([.. Enumerable.Range(0, half.Count)], null));
        // of a key that goes and comes again, only one half may have been written
        foreach (var (operation, last) in half)
            known.Take(operation.Kind == RowOperationKind.Delete && !half.Exists(o => o.Last == last && o.Operation.Kind != RowOperationKind.Delete) ? last with { Row = null } : last);
    }

    private static async Task AgainAsync(KeyedWorld world, List<(RowOperation Operation, RowEvent Last)> operations)
    {
        var set = world.Set(new Dictionary<SourcePartition, int> { [One] = 0 }, [.. operations.Select(o => o.Operation)]);
        await world.ApplyAsync(set.Only([.. Enumerable.Range(0, operations.Count)], null));
    }
}
