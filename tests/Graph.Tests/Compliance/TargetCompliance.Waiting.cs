namespace PolyglotSync.Graph.Tests.Compliance;

/// <summary>Foreign keys that are not enforced: a parent may come in a later transaction than its child.</summary>
public abstract partial class TargetCompliance
{
    [SkippableFact]
    public async Task A_relationship_waits_for_a_parent_that_comes_later()
    {
        await using var world = await WorldAsync();
        var result = await world.ApplyAsync(world.Rows.Insert("posts", ("id", "1"), ("author_id", "7"), ("editor_email", "e@x")), world.Rows.Insert("posts", ("id", "2"), ("author_id", "8")));
        result.UnmatchedRelationships.ShouldBe(3);
        (await world.CountAsync("MATCH (n) WHERE NOT n:__PolySync RETURN count(n)")).ShouldBe(2);
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "7"), ("email", "e@x")), world.Rows.Insert("users", ("id", "9")));
        (await world.AskAsync(Posts)).ShouldBe(["1 AUTHOR 7", "1 EDITOR_EMAIL 7"]);
        await world.ApplyAsync(world.Rows.Upsert("users", ("id", "8"), ("name", "late"), ("email", null), ("manager_id", null)));
        (await world.AskAsync(Posts)).ShouldBe(["1 AUTHOR 7", "1 EDITOR_EMAIL 7", "2 AUTHOR 8"]);
    }

    [SkippableFact]
    public async Task Waiting_holds_over_a_restart()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(world.Rows.Insert("posts", ("id", "1"), ("author_id", "7")),
            world.Rows.Insert("users", ("id", "1")), world.Rows.Insert("follows", ("follower_id", "1"), ("followee_id", "7"), ("note", "n")));
        await world.RestartAsync();
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "7")));
        (await world.AskAsync(Posts)).ShouldBe(["1 AUTHOR 7"]);
        (await world.AskAsync(Follows)).ShouldBe(["1 n - 7"]);
    }

    [SkippableFact]
    public async Task A_child_that_waits_may_change_its_mind()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "1")), world.Rows.Insert("posts", ("id", "1"), ("author_id", "7")),
            world.Rows.Insert("posts", ("id", "2"), ("author_id", "7")), world.Rows.Insert("posts", ("id", "3"), ("author_id", "7")), world.Rows.Insert("posts", ("id", "4"), ("author_id", "7")));
        await world.ApplyAsync(Post(world, "1", "1"), Post(world, "2", null), world.Rows.Delete("posts", ("id", "3")));
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "7")), Post(world, "4", "7"), world.Rows.Insert("posts", ("id", "5"), ("author_id", "7")));
        (await world.AskAsync(Posts)).ShouldBe(["1 AUTHOR 1", "4 AUTHOR 7", "5 AUTHOR 7"]);
    }

    [SkippableFact]
    public async Task A_row_that_waits_for_itself_or_for_a_moved_row_finds_it()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "1"), ("manager_id", "5")), world.Rows.Insert("users", ("id", "2"), ("manager_id", "6")), world.Rows.Insert("posts", ("id", "1"), ("editor_email", "late@x")));
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "5"), ("manager_id", "5")),
            world.Rows.Update("users", [("id", "2")], [("id", "6"), ("name", null), ("email", null), ("manager_id", "6")]));
        (await world.AskAsync("MATCH (a:User)-[:MANAGER]->(b:User) RETURN a.id, b.id")).ShouldBe(["1 5", "5 5", "6 6"]);
        await world.ApplyAsync(world.Rows.Update("users", ("id", "1"), ("name", null), ("email", "late@x"), ("manager_id", "5")));
        (await world.AskAsync(Posts)).ShouldBe(["1 EDITOR_EMAIL 1"]);
    }

    [SkippableFact]
    public async Task Composite_references_wait_too_and_one_with_a_null_does_not()
    {
        var schema = new Tables().Add("orders", ["tenant text", "no int4"], ["tenant", "no"])
            .Add("notes", ["id int8", "tenant text", "order_no int4"], ["id"], "tenant,order_no > orders(tenant,no)").Build();
        await using var world = await WorldAsync(schema);
        await world.ApplyAsync(world.Rows.Insert("notes", ("id", "1"), ("tenant", "a"), ("order_no", "1")), world.Rows.Insert("notes", ("id", "2"), ("tenant", "a")), world.Rows.Insert("notes", ("id", "3"), ("tenant", "b"), ("order_no", "1")));
        await world.ApplyAsync(world.Rows.Insert("orders", ("tenant", "a"), ("no", "1")), world.Rows.Insert("orders", ("tenant", "a"), ("no", "2")));
        (await world.AskAsync("MATCH (n:Note)-[r:TENANT_ORDER_NO]->(o:Order) RETURN n.id, o.tenant, o.no")).ShouldBe(["1 a 1"]);
    }

    [SkippableFact]
    public async Task A_numeric_key_is_waited_for_in_any_spelling()
    {
        var schema = new Tables().Add("prices", ["amount numeric", "code char(5)"], ["amount", "code"])
            .Add("sales", ["id int4", "amount numeric", "code char(5)"], ["id"], "amount,code > prices(amount,code)").Build();
        await using var world = await WorldAsync(schema);
        await world.ApplyAsync(world.Rows.Insert("sales", ("id", "1"), ("amount", "1.00"), ("code", "a    ")), world.Rows.Insert("sales", ("id", "2"), ("amount", "1"), ("code", "a")));
        await world.ApplyAsync(world.Rows.Insert("prices", ("amount", "1.00"), ("code", "a    ")));
        (await world.AskAsync("MATCH (s:Sale)-[:AMOUNT_CODE]->(p:Price) RETURN s.id, p.amount")).ShouldBe(["1 1", "2 1"]);
    }

    [SkippableFact]
    public async Task A_join_row_waits_for_both_of_its_ends()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(world.Rows.Insert("follows", ("follower_id", "1"), ("followee_id", "2"), ("since", "2020-01-01"), ("note", "first")),
            world.Rows.Insert("follows", ("follower_id", "2"), ("followee_id", "1")), world.Rows.Insert("follows", ("follower_id", "3"), ("followee_id", "3")), world.Rows.Insert("follows", ("follower_id", "1"), ("followee_id", "9")));
        await world.ApplyAsync(world.Rows.Update("follows", ("follower_id", "1"), ("followee_id", "2"), ("note", "second")),
            world.Rows.Delete("follows", ("follower_id", "2"), ("followee_id", "1")),
            world.Rows.Update("follows", [("follower_id", "1"), ("followee_id", "9")], [("follower_id", "1"), ("followee_id", "3"), ("note", "moved"), ("since", null)]));
        (await world.CountAsync("MATCH (n) WHERE NOT n:__PolySync RETURN count(n)")).ShouldBe(0);
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "1")));
        (await world.AskAsync(Follows)).ShouldBe([]);
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "2")), world.Rows.Insert("users", ("id", "3")), world.Rows.Update("follows", ("follower_id", "1"), ("followee_id", "2"), ("since", null)));
        (await world.AskAsync(Follows)).ShouldBe(["1 moved - 3", "1 second - 2", "3 - - 3"]);
        (await world.CountAsync("MATCH (n) WHERE NOT n:User AND n.pipeline IS NULL RETURN count(n)")).ShouldBe(0);
    }

    [SkippableFact]
    public async Task Join_rows_that_wait_go_with_a_truncation_and_follow_a_renamed_column()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "1")), world.Rows.Insert("follows", ("follower_id", "1"), ("followee_id", "2")));
        var set = world.Set(world.Rows.Insert("follows", ("follower_id", "1"), ("followee_id", "3"), ("note", "n")));
        await world.ApplyAsync(new WriteSet { Operations = set.Operations, Generation = set.Generation, State = set.State, Truncated = [new("public", "follows")] });
        var before = world.Rows["follows"];
        var after = new Relation(before.Table, [.. before.Columns[..3], new("remark", before.Columns[3].Type)], ["follower_id", "followee_id"]);
        await world.ApplyAsync(new WriteSet { Operations = [], Generation = world.State.Generation, SchemaChanges = [new SchemaChange(before, after, [("note", "remark")], [], [])] });
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "2")), world.Rows.Insert("users", ("id", "3")));
        (await world.AskAsync("MATCH (a:User)-[f:FOLLOWS]->(b:User) RETURN a.id, f.remark, f.note, b.id")).ShouldBe(["1 n - 3"]);
    }

    [SkippableFact]
    public async Task Nothing_waits_where_a_copy_reads_the_rows_again()
    {
        await using var world = await WorldAsync();
        var set = world.Set(world.Rows.Insert("users", ("id", "1"), ("manager_id", "2")));
        var copying = CopyState.Empty.With(new("public", "users"), new TableCopy(CopyPhase.Copying, ["1"], 1, 2));
        await world.ApplyAsync(new WriteSet { Operations = set.Operations, Generation = set.Generation, State = set.State! with { Copy = copying } });
        (await world.ValueAsync("MATCH (s:__PolySync {pipeline: 'test'}) RETURN s.waiting")).ShouldBeNull();
    }

    [SkippableFact]
    public async Task Parents_that_are_waited_for_find_their_children_in_parallel_mode_too()
    {
        await using var world = await WorldAsync();
        var children = world.Set([.. Enumerable.Range(1, 300).Select(i => world.Rows.Insert("posts", ("id", $"{i}"), ("author_id", $"{i}")))]);
        foreach (var round in world.Target.Rounds(children, 16)) await Task.WhenAll(round.Select(world.ApplyAsync));
        var parents = world.Set([.. Enumerable.Range(1, 300).Select(i => world.Rows.Insert("users", ("id", $"{i}"))), .. Enumerable.Range(301, 50).Select(i => world.Rows.Insert("posts", ("id", $"{i}"), ("author_id", $"{i - 300}")))]);
        foreach (var round in world.Target.Rounds(parents, 16)) await Task.WhenAll(round.Select(world.ApplyAsync));
        (await world.CountAsync("MATCH (p:Post)-[r:AUTHOR]->(u:User) WHERE p.author_id = u.id RETURN count(r)")).ShouldBe(350);
        (await world.CountAsync("MATCH ()-[r]->() RETURN count(r)")).ShouldBe(350);
    }

    private const string Posts = "MATCH (p:Post)-[r]->(u:User) RETURN p.id, type(r), u.id";

    private const string Follows = "MATCH (a:User)-[f:FOLLOWS]->(b:User) RETURN a.id, f.note, f.since, b.id";
}
