namespace PolyglotSync.Graph.Tests.Compliance;

public abstract partial class TargetCompliance
{
    [SkippableFact]
    public async Task Rounds_applied_at_once_make_the_same_graph_as_the_whole()
    {
        string[] whole = [];
        for (var parted = 0; parted < 2; parted++)
        {
            await using var world = await WorldAsync();
            var random = new Random(7);
            foreach (var set in new[] { First(world, random), Second(world, random) })
            {
                if (parted == 0)
                {
                    await world.ApplyAsync(set);
                    continue;
                }
                // an intent goes ahead
                await world.ApplyAsync(new WriteSet { Operations = [], Generation = set.Generation, State = set.State! with { Position = Position.Start } });
                foreach (var round in world.Target.Rounds(set, 16)) await Task.WhenAll(round.Select(world.ApplyAgainAsync));
            }
            string[] graph =
            [
                .. await world.AskAsync("MATCH (n) WHERE n.id IS NOT NULL RETURN labels(n), n.id, n.name, n.title, n.author_id"),
                .. await world.AskAsync("MATCH (a)-[r]->(b) RETURN a.id, type(r), r.note, b.id"),
            ];
            (await world.Target.ReadStateAsync(GraphWorld.Pipeline, default))!.Position.ShouldBe(Position.EndOf(new Lsn(3)));
            if (parted == 0) whole = graph;
            else graph.ShouldBe(whole);
        }
        whole.Length.ShouldBeGreaterThan(500);
    }

    [SkippableFact]
    public async Task Sets_of_a_round_share_no_bucket_and_only_the_last_carries_the_state()
    {
        await using var world = await WorldAsync();
        var set = First(world, new Random(1));
        var rounds = world.Target.Rounds(set, 16);
        rounds.SelectMany(r => r).Count(s => s.State is not null).ShouldBe(1);
        rounds[^1].Count.ShouldBe(1);
        rounds[^1][0].State.ShouldBe(set.State);
        foreach (var round in rounds.Where(r => r.Count > 1))
        {
            var seen = new HashSet<int>();
            foreach (var part in round)
            {
                var groups = new HashSet<int>(part.Operations.SelectMany(o => Groups(o, part)));
                groups.ShouldAllBe(g => seen.Add(g));
            }
        }

        static IEnumerable<int> Groups(RowOperation operation, WriteSet part)
        {
            // 16 buckets in 8 groups: two for each of four writers
            if (operation.Relation.Table.Name != "follows") return [operation.Bucket % 8];
            var image = operation.New.Image;
            return [(int)(RowKey.Hash(image, operation.Relation, [0]) % 16) % 8, (int)(RowKey.Hash(image, operation.Relation, [1]) % 16) % 8];
        }
    }

    private static WriteSet First(GraphWorld world, Random random) => world.Set(
    [
        .. Enumerable.Range(1, 200).Select(i => world.Rows.Insert("users", ("id", $"{i}"), ("name", $"n{i}"), ("email", $"{i}@x"), ("manager_id", i % 7 == 0 ? null : $"{random.Next(1, 201)}"))),
        .. Enumerable.Range(1, 300).Select(i => world.Rows.Insert("posts", ("id", $"{i}"), ("author_id", $"{random.Next(1, 201)}"), ("title", $"t{i}"), ("editor_email", $"{random.Next(1, 201)}@x"))),
        .. Enumerable.Range(1, 200).Select(i => world.Rows.Insert("follows", ("follower_id", $"{i}"), ("followee_id", $"{random.Next(1, 201)}"), ("note", $"{i}"))),
    ]);

    private static WriteSet Second(GraphWorld world, Random random) => world.Set(
    [
        .. Enumerable.Range(1, 50).Select(i => world.Rows.Delete("posts", ("id", $"{i}"))),
        .. Enumerable.Range(51, 100).Select(i => world.Rows.Update("posts", ("id", $"{i}"), ("author_id", i % 5 == 0 ? null : $"{random.Next(1, 201)}"), ("title", "new"), ("editor_email", null))),
        .. Enumerable.Range(301, 100).Select(i => world.Rows.Upsert("posts", ("id", $"{i}"), ("author_id", $"{random.Next(1, 201)}"), ("title", "up"), ("body", null), ("editor_email", null))),
    ]);
}
