namespace PolyglotSync.Graph.Tests.Compliance;

public abstract partial class TargetCompliance
{
    [SkippableFact]
    public async Task A_new_key_moves_the_node_with_its_relationships_and_what_was_not_sent()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(
            world.Rows.Insert("users", ("id", "1")), world.Rows.Insert("posts", ("id", "1"), ("author_id", "1"), ("body", "long"), ("title", "t")));
        await world.ApplyAsync(
            world.Rows.Update("users", [("id", "1")], [("id", "5"), ("name", "Ada"), ("email", null), ("manager_id", null)]),
            world.Rows.Update("posts", [("id", "1")], [("id", "2"), ("author_id", "5"), ("title", "u"), ("editor_email", null)]));
        (await world.AskAsync("MATCH (p:Post)-[:AUTHOR]->(u:User) RETURN p.id, p.title, p.body, u.id, u.name")).ShouldBe(["2 u long 5 Ada"]);
        (await world.CountAsync("MATCH (u:User) RETURN count(u)")).ShouldBe(1);
    }

    [SkippableFact]
    public async Task Keys_shift_and_swap_within_a_set()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync([.. Enumerable.Range(1, 5).Select(i => world.Rows.Insert("posts", ("id", $"{i}"), ("title", $"t{i}"), ("body", $"b{i}")))]);
        // the body is not sent: it must travel along
        await world.ApplyAsync([.. Enumerable.Range(1, 5).Select(i => world.Rows.Update("posts", [("id", $"{i}")],
            [("id", $"{i + 1}"), ("title", $"t{i}"), ("author_id", null), ("editor_email", null)]))]);
        (await world.AskAsync("MATCH (p:Post) RETURN p.id, p.title, p.body")).ShouldBe(["2 t1 b1", "3 t2 b2", "4 t3 b3", "5 t4 b4", "6 t5 b5"]);
        await world.ApplyAsync(
            world.Rows.Update("posts", [("id", "2")], [("id", "3"), ("title", "t1"), ("author_id", null), ("editor_email", null)]),
            world.Rows.Update("posts", [("id", "3")], [("id", "2"), ("title", "t2"), ("author_id", null), ("editor_email", null)]));
        (await world.AskAsync("MATCH (p:Post) WHERE p.id < 4 RETURN p.id, p.title, p.body")).ShouldBe(["2 t2 b2", "3 t1 b1"]);
    }

    [SkippableFact]
    public async Task A_row_that_takes_the_key_of_a_deleted_one_takes_its_children()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "1"), ("name", "old")), world.Rows.Insert("users", ("id", "2"), ("name", "new")),
            world.Rows.Insert("posts", ("id", "9"), ("author_id", "1")), world.Rows.Insert("follows", ("follower_id", "1"), ("followee_id", "1"), ("note", "n")));
        // deferred foreign keys: the post and the join row are not touched
        await world.ApplyAsync(world.Rows.Delete("users", ("id", "1")),
            world.Rows.Update("users", [("id", "2")], [("id", "1"), ("name", "new"), ("email", null), ("manager_id", null)]));
        (await world.AskAsync("MATCH (u:User) RETURN u.id, u.name")).ShouldBe(["1 new"]);
        (await world.AskAsync("MATCH (a)-[r]->(u:User) RETURN a.id, type(r), r.note, u.name")).ShouldBe(["1 FOLLOWS n new", "9 AUTHOR - new"]);
    }

    [SkippableFact]
    public async Task A_key_that_is_left_may_be_taken_by_a_new_row()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(world.Rows.Insert("posts", ("id", "1"), ("title", "first"), ("body", "b")));
        await world.ApplyAsync(
            world.Rows.Update("posts", [("id", "1")], [("id", "2"), ("title", "first"), ("author_id", null), ("editor_email", null)]),
            world.Rows.Insert("posts", ("id", "1"), ("title", "second")));
        (await world.AskAsync("MATCH (p:Post) RETURN p.id, p.title, p.body")).ShouldBe(["1 second -", "2 first b"]);
    }

    [SkippableFact]
    public async Task An_upsert_with_an_old_key_may_be_repeated()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(world.Rows.Insert("posts", ("id", "1"), ("title", "t"), ("body", "b")));
        for (var i = 0; i < 2; i++)
        {
            await world.ApplyAsync(world.Rows.Upsert("posts", [("id", "1")], [("id", "2"), ("title", "u"), ("author_id", null), ("editor_email", null)]));
            (await world.AskAsync("MATCH (p:Post) RETURN p.id, p.title, p.body")).ShouldBe(["2 u b"]);
        }
    }

    [SkippableFact]
    public async Task A_join_row_that_stays_where_another_leaves_keeps_what_was_not_sent()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync([.. Enumerable.Range(1, 3).Select(i => world.Rows.Insert("users", ("id", $"{i}"))), world.Rows.Insert("follows", ("follower_id", "1"), ("followee_id", "2"), ("note", "long"))]);
        // the first went away and came back; meanwhile the other was inserted under its key, and went on: what was inserted may be there
        await world.ApplyAsync(
            world.Rows.Upsert("follows", [("follower_id", "1"), ("followee_id", "2")], [("follower_id", "1"), ("followee_id", "2"), ("since", "2020-01-01")]),
            world.Rows.Upsert("follows", [("follower_id", "1"), ("followee_id", "2")], [("follower_id", "1"), ("followee_id", "3"), ("since", null), ("note", "other")]));
        (await world.AskAsync("MATCH (a:User)-[f:FOLLOWS]->(b:User) RETURN a.id, b.id, f.since, f.note")).ShouldBe(["1 2 2020-01-01 long", "1 3 - other"]);
    }

    [SkippableFact]
    public async Task A_row_that_takes_anothers_key_and_is_not_found_where_it_was_keeps_what_a_copy_read()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(world.Rows.Insert("posts", ("id", "2"), ("title", "t2"), ("body", "b2")));
        await world.ApplyAsync(
            world.Rows.Update("posts", [("id", "2")], [("id", "3"), ("title", "t2"), ("body", "b2"), ("author_id", null), ("editor_email", null)]),
            world.Rows.Upsert("posts", ("id", "2"), ("title", "t1"), ("body", "b1"), ("author_id", null), ("editor_email", null)),
            world.Rows.Upsert("posts", [("id", "1")], [("id", "2"), ("title", "t1"), ("author_id", null), ("editor_email", null)]));
        (await world.AskAsync("MATCH (p:Post) RETURN p.id, p.title, p.body")).ShouldBe(["2 t1 b1", "3 t2 b2"]);
    }

    [SkippableFact]
    public async Task A_join_row_with_a_new_key_takes_its_properties_along()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync([.. Enumerable.Range(1, 3).Select(i => world.Rows.Insert("users", ("id", $"{i}"))),
            world.Rows.Insert("follows", ("follower_id", "1"), ("followee_id", "2"), ("since", "2020-01-01"), ("note", "long"))]);
        await world.ApplyAsync(world.Rows.Update("follows", [("follower_id", "1"), ("followee_id", "2")], [("follower_id", "1"), ("followee_id", "3"), ("since", null)]));
        (await world.AskAsync("MATCH (a:User)-[f:FOLLOWS]->(b:User) RETURN a.id, b.id, f.since, f.note")).ShouldBe(["1 3 - long"]);
    }

    [SkippableFact]
    public async Task A_join_row_follows_a_parent_whose_key_cascades()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "1")), world.Rows.Insert("users", ("id", "2")),
            world.Rows.Insert("follows", ("follower_id", "1"), ("followee_id", "2"), ("note", "n")));
        await world.ApplyAsync(
            world.Rows.Update("users", [("id", "1")], [("id", "7"), ("name", null), ("email", null), ("manager_id", null)]),
            world.Rows.Update("follows", [("follower_id", "1"), ("followee_id", "2")], [("follower_id", "7"), ("followee_id", "2"), ("since", null)]));
        (await world.AskAsync("MATCH (a:User)-[f:FOLLOWS]->(b:User) RETURN a.id, b.id, f.note")).ShouldBe(["7 2 n"]);
    }

    [SkippableFact]
    public async Task Truncated_tables_are_emptied_before_what_came_after()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "1")), world.Rows.Insert("posts", ("id", "1"), ("author_id", "1")),
            world.Rows.Insert("follows", ("follower_id", "1"), ("followee_id", "1")));
        var set = world.Set(world.Rows.Insert("posts", ("id", "1"), ("title", "again")));
        await world.ApplyAsync(new WriteSet { Operations = set.Operations, Generation = set.Generation, State = set.State, Truncated = [new("public", "posts"), new("public", "follows")] });
        (await world.AskAsync("MATCH (p:Post) RETURN p.id, p.title")).ShouldBe(["1 again"]);
        (await world.CountAsync("MATCH ()-[r]->() RETURN count(r)")).ShouldBe(0);
    }

    [SkippableFact]
    public async Task Numeric_and_blank_padded_keys_find_each_other_in_any_spelling()
    {
        var schema = new Tables().Add("prices", ["amount numeric", "code char(5)", "note text"], ["amount", "code"])
            .Add("sales", ["id int4", "amount numeric", "code char(5)"], ["id"], "amount,code > prices(amount,code)").Build();
        await using var world = await WorldAsync(schema);
        await world.ApplyAsync(world.Rows.Insert("prices", ("amount", "1.0"), ("code", "a    ")), world.Rows.Insert("sales", ("id", "1"), ("amount", "1.00"), ("code", "a")));
        await world.ApplyAsync(world.Rows.Update("prices", ("amount", "1.000"), ("code", "a    "), ("note", "n")));
        (await world.AskAsync("MATCH (s:Sale)-[:AMOUNT_CODE]->(p:Price) RETURN s.amount, s.code, p.amount, p.code, p.note")).ShouldBe(["1.00 a 1 a n"]);
    }

    [SkippableFact]
    public async Task Two_operations_that_end_at_one_key_make_one_relationship()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "1")), world.Rows.Insert("users", ("id", "2")));
        // a copied row, and the change that gave it its key
        await world.ApplyAsync(
            world.Rows.Upsert("posts", ("id", "7"), ("author_id", "1"), ("title", "t"), ("body", null), ("editor_email", null)),
            world.Rows.Upsert("posts", [("id", "6")], [("id", "7"), ("author_id", "1"), ("title", "t"), ("body", null), ("editor_email", null)]));
        (await world.AskAsync("MATCH (p:Post)-[:AUTHOR]->(u:User) RETURN p.id, u.id")).ShouldBe(["7 1"]);
    }
}
