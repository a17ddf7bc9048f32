namespace PolyglotSync.Graph.Tests.Compliance;

/// <summary>Values of every type through a real graph and back, by each kind of write.</summary>
public abstract partial class TargetCompliance
{
    private static readonly (string Type, string Text)[] Written =
    [
        ("bool", "t"), ("int2", "-32768"), ("int4", "2147483647"), ("int8", "-9223372036854775808"), ("float4", "0.1"), ("float8", "1.7976931348623157e+308"), ("float8", "-0"),
        ("float8", "5e-324"), ("numeric", "-0.10000000000000000000000000001"), ("numeric", "NaN"), ("numeric(10,0)", "9999999999"), ("numeric(10,2)", "0.50"),
        ("text", ""), ("text", "  blanks  "), ("text", "quotes ' \" ` \\ $x {y} \n\t\r \u0001 é 日本 😀"), ("char(5)", "ab   "), ("bytea", "\\x00ff10"), ("bytea", "\\x"), ("uuid", "0b6c1f0e-8f0a-4b8e-9d1c-2f3a4b5c6d7e"),
        ("date", "2024-02-29"), ("date", "infinity"), ("date", "0001-01-01 BC"), ("date", "5874897-12-31"), ("time", "00:00:00.000001"), ("time", "24:00:00"), ("timetz", "12:00:00-05:30"),
        ("timestamp", "1969-12-31 23:59:59.999999"), ("timestamp", "-infinity"), ("timestamptz", "2024-02-29 12:00:00.5+00"), ("timestamptz", "4714-11-24 00:00:00+00 BC"),
        ("interval", "P1Y2M3DT4H5M6.7S"), ("interval", "PT-0.000001S"), ("interval", "P-1Y10M-5DT-1H"), ("json", "{\"a\": [1, null, \"x\\u0000\"]}"), ("other", "'a':1 'b':2"),
        ("int4[]", "{1,-2,3}"), ("int4[]", "{}"), ("int4[]", "{1,NULL}"), ("int4[]", "{{1},{2}}"), ("text[]", "{a,\"b, \\\"c\\\"\",\"\",\"NULL\"}"), ("date[]", "{2024-01-01,1999-12-31}"),
        ("date[]", "{2024-01-01,infinity}"), ("json[]", "{\"{}\"}"), ("float8[]", "{1,2.5}"), ("bool[]", "{t,f}"),
    ];

    [SkippableFact]
    public async Task Values_of_every_type_are_the_same_by_every_kind_of_write()
    {
        var columns = Written.Select((w, i) => $"c{i} {w.Type}").Prepend("id int4").ToArray();
        var schema = new Tables().Add("t", columns, ["id"]).Add("ends", ["id int4"], ["id"])
            .Add("j", [.. columns.Skip(1).Prepend("b int4").Prepend("a int4")], ["a", "b"], "a > ends(id)", "b > ends(id)").Build();
        await using var world = await WorldAsync(schema);
        var values = Written.Select((w, i) => ($"c{i}", (string?)w.Text)).ToArray();
        var none = Written.Select((_, i) => ($"c{i}", (string?)null)).ToArray();
        (string, string?)[] Row(string id) => [("id", id), .. values];
        await world.ApplyAsync(world.Rows.Insert("t", Row("1")), world.Rows.Upsert("t", Row("2")), world.Rows.Insert("t", ("id", "3")), world.Rows.Insert("t", ("id", "5")),
            world.Rows.Insert("ends", ("id", "1")), world.Rows.Insert("ends", ("id", "2")),
            world.Rows.Insert("j", [("a", "1"), ("b", "1"), .. values]), world.Rows.Upsert("j", [("a", "1"), ("b", "2"), .. values]), world.Rows.Insert("j", ("a", "2"), ("b", "1")),
            world.Rows.Insert("j", [("a", "9"), ("b", "2"), .. values]));
        await world.ApplyAsync(world.Rows.Update("t", Row("3")), world.Rows.Update("t", [("id", "5")], Row("4")), world.Rows.Update("j", [("a", "2"), ("b", "1"), .. values]), world.Rows.Insert("ends", ("id", "9")));
        var wanted = Written.Select((w, i) => $"c{i} {w.Type}").ToList();
        for (var i = 0; i < Written.Length; i++)
        {
            var distinct = await world.AskAsync($"MATCH (n:T) RETURN n.c{i}, n.id IS NULL");
            distinct.Length.ShouldBe(4);
            distinct.Distinct().Count().ShouldBe(1, wanted[i]);
            var onRelationships = await world.AskAsync($"MATCH ()-[r:J]->() RETURN r.c{i}, r IS NULL");
            onRelationships.Length.ShouldBe(4);
            onRelationships.Distinct().ShouldBe([distinct[0]], wanted[i]);
        }
        await world.ApplyAsync([.. Enumerable.Range(1, 4).Select(i => world.Rows.Update("t", [("id", $"{i}"), .. none]))]);
        (await world.AskAsync("MATCH (n:T) RETURN size(keys(n))")).ShouldBe(["1", "1", "1", "1"]);
    }

    [SkippableFact]
    public async Task Keys_of_every_type_find_their_rows()
    {
        (string Type, string One, string Other)[] keys =
        [
            ("int8", "9223372036854775807", "9223372036854775806"), ("text", "a", "A"), ("text", "é", "e\u0301"), ("uuid", "0b6c1f0e-8f0a-4b8e-9d1c-2f3a4b5c6d7e", "0b6c1f0e-8f0a-4b8e-9d1c-2f3a4b5c6d7f"),
            ("numeric", "1.10", "1.01"), ("date", "2024-01-01", "2024-01-02"), ("timestamptz", "2024-01-01 00:00:00.000001+00", "2024-01-01 00:00:00.000002+00"),
            ("timestamp", "infinity", "-infinity"), ("bool", "t", "f"), ("char(5)", "a    ", "b    "), ("bytea", "\\x00", "\\x01"), ("time", "24:00:00", "00:00:00"), ("float8", "0.1", "0.2"),
        ];
        foreach (var (type, one, other) in keys)
        {
            var schema = new Tables().Add("t", [$"k {type}", "n int4"], ["k"]).Add("u", ["id int4", $"t_k {type}"], ["id"], "t_k > t(k)").Build();
            await using var world = await WorldAsync(schema);
            await world.ApplyAsync(world.Rows.Insert("t", ("k", one), ("n", "1")), world.Rows.Insert("t", ("k", other), ("n", "2")), world.Rows.Insert("u", ("id", "1"), ("t_k", one)));
            await world.ApplyAsync(world.Rows.Update("t", ("k", one), ("n", "3")), world.Rows.Upsert("t", ("k", one), ("n", "4")), world.Rows.Update("u", ("id", "1"), ("t_k", other)));
            (await world.AskAsync("MATCH (t:T) RETURN t.n")).ShouldBe(["2", "4"], type);
            (await world.AskAsync("MATCH (u:U)-[:T_K]->(t:T) RETURN t.n")).ShouldBe(["2"], type);
            await world.ApplyAsync(world.Rows.Delete("t", ("k", one)));
            (await world.AskAsync("MATCH (t:T) RETURN t.n")).ShouldBe(["2"], type);
        }
    }

    [SkippableFact]
    public async Task What_others_have_in_the_graph_is_untouched()
    {
        await using var world = await WorldAsync();
        await world.AskAsync("CREATE (a:Mine {id: 1, name: 'x'})-[:KNOWS {since: 1}]->(b:Mine {id: 2}), (a)-[:FOLLOWS]->(b)");
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "1")), world.Rows.Insert("users", ("id", "2")), world.Rows.Insert("follows", ("follower_id", "1"), ("followee_id", "2")));
        var set = world.Set(world.Rows.Delete("users", ("id", "1")));
        await world.ApplyAsync(new WriteSet { Operations = set.Operations, Generation = set.Generation, State = set.State, Truncated = [new("public", "follows"), new("public", "posts"), new("public", "users")] });
        (await world.AskAsync("MATCH (a:Mine)-[r]->(b:Mine) RETURN a.id, a.name, type(r), r.since, b.id")).ShouldBe(["1 x FOLLOWS - 2", "1 x KNOWS 1 2"]);
        (await world.CountAsync("MATCH (n) WHERE NOT n:Mine AND NOT n:__PolySync RETURN count(n)")).ShouldBe(0);
    }

    [SkippableFact]
    public async Task A_zombie_that_comes_back_writes_nothing()
    {
        await using var world = await WorldAsync();
        var late = world.Set(world.Rows.Insert("users", ("id", "1")), world.Rows.Upsert("users", ("id", "2")));
        await world.RestartAsync();
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "3")));
        (await Should.ThrowAsync<PipelineFailure>(() => world.ApplyAsync(late))).Class.ShouldBe(FailureClass.Fenced);
        (await world.AskAsync("MATCH (u:User) RETURN u.id")).ShouldBe(["3"]);
        (await world.Target.ReadStateAsync(GraphWorld.Pipeline, default))!.Generation.ShouldBe(world.State.Generation);
    }

    [SkippableFact]
    public async Task A_write_whose_answer_was_lost_is_seen_in_the_state_and_may_be_repeated_as_upserts()
    {
        await using var world = await WorldAsync();
        var set = world.Set(world.Rows.Insert("users", ("id", "1"), ("name", "Ada")), world.Rows.Insert("posts", ("id", "1"), ("author_id", "1")));
        await world.ApplyAsync(set);
        // whoever lost the answer reads the state back, and knows
        (await world.Target.ReadStateAsync(GraphWorld.Pipeline, default))!.Position.ShouldBe(set.State!.Position);
        await world.ApplyAsync(new WriteSet { Operations = [.. set.Operations.Select(o => o with { Kind = RowOperationKind.Upsert })], Generation = set.Generation, State = set.State });
        (await world.AskAsync("MATCH (p:Post)-[:AUTHOR]->(u:User) RETURN p.id, u.id, u.name")).ShouldBe(["1 1 Ada"]);
    }

    [SkippableFact]
    public async Task A_refused_write_leaves_the_position_where_it_was()
    {
        var schema = new Tables().Add("t", ["id int4", "n int4"], ["id"]).Build();
        await using var world = await WorldAsync(schema, batchRows: 1);
        await world.ApplyAsync(world.Rows.Insert("t", ("id", "1"), ("n", "1")));
        var before = (await world.Target.ReadStateAsync(GraphWorld.Pipeline, default))!.Position;
        var failure = await Should.ThrowAsync<PipelineFailure>(() => world.ApplyAsync(world.Rows.Insert("t", ("id", "2"), ("n", "2")), world.Rows.Insert("t", ("id", "3"), ("n", "not a number"))));
        (failure.Class, failure.Guilty.Single()).ShouldBe((FailureClass.Poison, 1));
        (await world.Target.ReadStateAsync(GraphWorld.Pipeline, default))!.Position.ShouldBe(before);
        await world.ApplyAsync(world.Rows.Upsert("t", ("id", "2"), ("n", "2")));
        (await world.AskAsync("MATCH (n:T) RETURN n.id, n.n")).ShouldBe(["1 1", "2 2"]);
    }

    [SkippableFact]
    public async Task Preparing_again_harms_nothing()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "1")));
        await world.RestartAsync();
        await world.RestartAsync();
        (await world.CountAsync("MATCH (u:User) RETURN count(u)")).ShouldBe(1);
    }
}
