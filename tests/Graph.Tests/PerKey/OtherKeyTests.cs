using PolyglotSync.Graph.Tests.Compliance;

namespace PolyglotSync.Graph.Tests.PerKey;

/// <summary>Foreign keys to a unique key that is not the one that nodes are told apart by: here posts to their editor's e-mail address.</summary>
public abstract partial class KeyedCompliance
{
    private const string Editors = "MATCH (p:Post)-[:EDITOR_EMAIL]->(u:User) RETURN p.id, u.id, u.email, u:__Placeholder";

    [SkippableFact]
    public async Task A_placeholder_by_another_key_hands_over_to_the_row_that_has_it()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(Post(world, "10", author: "1", editor: "a@x"), Post(world, "11", author: null, editor: "a@x"));
        (await world.PlaceholdersAsync()).ShouldBe(["- a@x - - 1 2", "1 - - - 1 2"]);
        // both stand for the same user
        await world.ApplyAsync(User(world, "1", "a@x"));
        (await world.AskAsync(Editors)).ShouldBe(["10 1 a@x False", "11 1 a@x False"]);
        (await world.AskAsync("MATCH (p:Post)-[:AUTHOR]->(u:User) RETURN p.id, u.id")).ShouldBe(["10 1"]);
        (await world.PlaceholdersAsync()).ShouldBe([]);
    }

    [SkippableFact]
    public async Task A_row_that_changes_its_other_key_leaves_a_placeholder_to_those_who_refer_to_the_old_one()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(User(world, "1", "a@x"), Post(world, "10", author: "1", editor: "a@x"), Post(world, "11", author: null, editor: "b@x"));
        await world.ApplyAsync(User(world, "1", "b@x"));
        (await world.AskAsync(Editors)).ShouldBe(["10 - a@x True", "11 1 b@x False"]);
        await world.ApplyAsync(Post(world, "10", author: "1", editor: "b@x"));
        (await world.AskAsync(Editors)).ShouldBe(["10 1 b@x False", "11 1 b@x False"]);
        (await world.PlaceholdersAsync()).ShouldBe([]);
    }

    [SkippableFact]
    public async Task Another_key_changes_hands_in_whichever_order_the_two_rows_are_read()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(User(world, "1", "a@x"), Post(world, "10", author: null, editor: "a@x"));
        // who takes it over is read first: for a while two rows have it
        await world.ApplyAsync(User(world, "2", "a@x"));
        await world.ApplyAsync(User(world, "1", "c@x"));
        (await world.AskAsync(Editors)).ShouldBe(["10 2 a@x False"]);
        // and who gives it up, first
        await world.ApplyAsync(User(world, "2", "d@x"));
        (await world.AskAsync(Editors)).ShouldBe(["10 - a@x True"]);
        await world.ApplyAsync(User(world, "3", "a@x"));
        (await world.AskAsync(Editors)).ShouldBe(["10 3 a@x False"]);
        // in one set, by a delete
        await world.ApplyAsync(User(world, "4", "a@x"), world.Rows.Delete("users", ("id", "3")));
        (await world.AskAsync(Editors)).ShouldBe(["10 4 a@x False"]);
        (await world.PlaceholdersAsync()).ShouldBe([]);
    }

    [SkippableFact]
    public async Task Of_two_rows_that_bring_the_same_other_key_in_one_set_one_takes_over()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(Post(world, "10", null, "a@x"));
        await world.ApplyAsync(User(world, "1", "a@x"), User(world, "2", "a@x"));
        (await world.AskAsync("MATCH (p:Post)-[:EDITOR_EMAIL]->(u:User) RETURN p.id, u.email")).ShouldBe(["10 a@x"]);
        await world.ApplyAsync(User(world, "1", "b@x"));
        (await world.AskAsync(Editors)).ShouldBe(["10 2 a@x False"]);
    }

    [SkippableFact]
    public async Task Two_rows_swap_their_other_keys_in_one_set()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(User(world, "1", "a@x"), User(world, "2", "b@x"), Post(world, "10", null, "a@x"), Post(world, "11", null, "b@x"));
        await world.ApplyAsync(User(world, "1", "b@x"), User(world, "2", "a@x"));
        (await world.AskAsync(Editors)).ShouldBe(["10 2 a@x False", "11 1 b@x False"]);
    }

    [SkippableFact]
    public async Task A_truncated_table_leaves_placeholders_by_the_other_key_too()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(User(world, "1", "a@x"), User(world, "2", "b@x"), Post(world, "10", "1", "a@x"), Post(world, "11", null, "a@x"));
        await world.ApplyAsync(Truncating(world, "users"));
        (await world.AskAsync(Editors)).ShouldBe(["10 - a@x True", "11 - a@x True"]);
        (await world.PlaceholdersAsync()).ShouldBe(["- a@x - - 1 2", "1 - - - 1 2"]);
        await world.ApplyAsync(User(world, "5", "a@x"));
        (await world.AskAsync(Editors)).ShouldBe(["10 5 a@x False", "11 5 a@x False"]);
    }

    [SkippableFact]
    public async Task A_join_table_may_end_at_another_key()
    {
        var schema = new Tables().Add("users", ["id int8", "email text"], ["id"]).Add("posts", ["id int8"], ["id"])
            .Add("mentions", ["post_id int8", "email text", "times int8"], ["post_id", "email"], "post_id > posts(id)", "email > users(email)").Build();
        const string Mentions = "MATCH (p:Post)-[m:MENTIONS]->(u:User) RETURN p.id, p:__Placeholder, m.times, u.id, u.email, u:__Placeholder";
        await using var world = await WorldAsync(schema);
        await world.ApplyAsync(world.Rows.Insert("mentions", ("post_id", "1"), ("email", "a"), ("times", "3")), world.Rows.Insert("mentions", ("post_id", "2"), ("email", "a"), ("times", "4")));
        (await world.AskAsync(Mentions)).ShouldBe(["1 True 3 - a True", "2 True 4 - a True"]);
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "7"), ("email", "a")), world.Rows.Update("mentions", ("post_id", "2"), ("email", "a"), ("times", "5")));
        (await world.AskAsync(Mentions)).ShouldBe(["1 True 3 7 a False", "2 True 5 7 a False"]);
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "8"), ("email", "a")), world.Rows.Upsert("users", ("id", "7"), ("email", "b")), world.Rows.Insert("posts", ("id", "1")));
        (await world.AskAsync(Mentions)).ShouldBe(["1 False 3 8 a False", "2 True 5 8 a False"]);
        await world.ApplyAsync(world.Rows.Delete("users", ("id", "8")), world.Rows.Delete("mentions", ("post_id", "2"), ("email", "a")));
        (await world.AskAsync(Mentions)).ShouldBe(["1 False 3 - a True"]);
        await world.ApplyAsync(world.Rows.Delete("mentions", ("post_id", "1"), ("email", "a")));
        (await world.AskAsync("MATCH (n) WHERE NOT n:__PolySync RETURN labels(n), n.id")).ShouldBe(["[Post] 1", "[User] 7"]);
    }

    /// <summary>As where each tenant's rows are referred to by tenant and id: a placeholder that had both would bar the way of one that has the id.</summary>
    [SkippableFact]
    public async Task A_foreign_key_to_more_than_the_key_finds_by_the_key()
    {
        var schema = new Tables().Add("orders", ["id int8", "tenant text"], ["id"]).Add("notes", ["id int8", "order_id int8"], ["id"], "order_id > orders(id)")
            .Add("lines", ["id int8", "tenant text", "order_id int8"], ["id"], "tenant,order_id > orders(tenant,id)").Build();
        await using var world = await WorldAsync(schema);
        await world.ApplyAsync(world.Rows.Insert("lines", ("id", "1"), ("tenant", "a"), ("order_id", "9")), world.Rows.Insert("lines", ("id", "2"), ("tenant", null), ("order_id", "9")),
            world.Rows.Insert("notes", ("id", "1"), ("order_id", "9")));
        (await world.AskAsync("MATCH (c)-[o]->(x:__Placeholder) RETURN labels(c), c.id, x.id, x.tenant")).ShouldBe(["[Line] 1 9 -", "[Note] 1 9 -"]);
        await world.ApplyAsync(world.Rows.Insert("orders", ("id", "9"), ("tenant", "a")));
        (await world.AskAsync("MATCH (c)-[o]->(x:Order) RETURN labels(c), c.id, x.id, x.tenant")).ShouldBe(["[Line] 1 9 a", "[Note] 1 9 a"]);
    }
}
