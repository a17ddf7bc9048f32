using Microsoft.Extensions.Logging.Abstractions;

namespace PolyglotSync.Graph.Tests.Compliance;

/// <summary>What every target must do. A target's own class says how to get an empty one.</summary>
public abstract partial class TargetCompliance
{
    /// <summary>The address of an empty graph.</summary>
    private protected abstract Task<Uri> NewGraphAsync();

    /// <summary>Told once the standard schema is prepared.</summary>
    private protected virtual Task PreparedAsync() => Task.CompletedTask;

    private protected virtual IGraphTarget Connect(Uri graph, int batchRows = 5_000) =>
        GraphTargets.Create(new TargetSettings { Uri = graph }, new LimitSettings { BatchRows = batchRows }, NullLoggerFactory.Instance);

    private protected async Task<GraphWorld> WorldAsync(DatabaseSchema? schema = null, MappingSettings? settings = null, int batchRows = 5_000)
    {
        var graph = await NewGraphAsync();
        var world = await new GraphWorld(Connect(graph, batchRows), schema ?? Tables.Social(), () => Connect(graph, batchRows)).PrepareAsync(settings);
        if (schema is null && settings is null) await PreparedAsync();
        return world;
    }

    [SkippableFact]
    public async Task An_inserted_row_is_a_node_with_its_properties()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "7"), ("name", "Ada")));
        (await world.AskAsync("MATCH (u:User) RETURN u.id, u.name, u.email")).ShouldBe(["7 Ada -"]);
    }

    [SkippableFact]
    public async Task An_update_sets_what_was_sent_and_removes_what_became_null()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "7"), ("name", "Ada"), ("email", "a@x")));
        await world.ApplyAsync(world.Rows.Update("users", ("id", "7"), ("name", "Ada L."), ("email", null), ("manager_id", null)));
        (await world.AskAsync("MATCH (u:User) RETURN u.id, u.name, u.email")).ShouldBe(["7 Ada L. -"]);
        (await world.CountAsync("MATCH (u:User) WHERE u.email IS NULL RETURN count(u)")).ShouldBe(1);
    }

    [SkippableFact]
    public async Task Several_properties_may_go_while_others_change()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(world.Rows.Insert("posts", ("id", "1"), ("title", "t"), ("body", "b"), ("editor_email", "e")));
        await world.ApplyAsync(world.Rows.Update("posts", ("id", "1"), ("author_id", null), ("title", null), ("body", "c"), ("editor_email", null)));
        (await world.AskAsync("MATCH (p:Post) RETURN p.id, p.title, p.body, p.editor_email")).ShouldBe(["1 - c -"]);
    }

    [SkippableFact]
    public async Task A_column_that_was_not_sent_keeps_its_property()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(world.Rows.Insert("posts", ("id", "1"), ("title", "t"), ("body", "long")));
        await world.ApplyAsync(world.Rows.Update("posts", ("id", "1"), ("title", "u"), ("author_id", null), ("editor_email", null)));
        (await world.AskAsync("MATCH (p:Post) RETURN p.title, p.body")).ShouldBe(["u long"]);
    }

    [SkippableFact]
    public async Task An_upsert_makes_a_node_or_brings_it_up_to_date_and_may_be_repeated()
    {
        await using var world = await WorldAsync();
        for (var i = 0; i < 2; i++)
        {
            await world.ApplyAsync(
                world.Rows.Upsert("users", ("id", "1"), ("name", "Ada"), ("email", null), ("manager_id", null)),
                world.Rows.Upsert("posts", ("id", "1"), ("author_id", "1"), ("title", "t"), ("body", "b"), ("editor_email", null)),
                world.Rows.Upsert("follows", ("follower_id", "1"), ("followee_id", "1"), ("since", "2020-01-02"), ("note", null)));
        }
        (await world.AskAsync("MATCH (p:Post)-[:AUTHOR]->(u:User) RETURN p.id, u.id")).ShouldBe(["1 1"]);
        (await world.CountAsync("MATCH (:User)-[f:FOLLOWS]->(:User) RETURN count(f)")).ShouldBe(1);
    }

    [SkippableFact]
    public async Task A_foreign_key_is_a_relationship_whatever_the_order_of_the_rows()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(
            world.Rows.Insert("posts", ("id", "1"), ("author_id", "7"), ("title", "t")),
            world.Rows.Insert("posts", ("id", "2"), ("title", "none")),
            world.Rows.Insert("users", ("id", "7"), ("name", "Ada")));
        (await world.AskAsync("MATCH (p:Post)-[r]->(u:User) RETURN p.id, type(r), u.id")).ShouldBe(["1 AUTHOR 7"]);
        (await world.AskAsync("MATCH (p:Post) RETURN p.id, p.author_id")).ShouldBe(["1 7", "2 -"]);
    }

    [SkippableFact]
    public async Task A_changed_foreign_key_moves_the_relationship_and_null_removes_it()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(
            world.Rows.Insert("users", ("id", "1")), world.Rows.Insert("users", ("id", "2")),
            world.Rows.Insert("posts", ("id", "10"), ("author_id", "1")), world.Rows.Insert("posts", ("id", "11"), ("author_id", "1")),
            world.Rows.Insert("posts", ("id", "12")));
        await world.ApplyAsync(
            Post(world, "10", "2"), Post(world, "11", null), Post(world, "12", "1"));
        (await world.AskAsync("MATCH (p:Post)-[:AUTHOR]->(u:User) RETURN p.id, u.id")).ShouldBe(["10 2", "12 1"]);
        await world.ApplyAsync(Post(world, "10", "2"));
        (await world.AskAsync("MATCH (p:Post)-[:AUTHOR]->(u:User) RETURN p.id, u.id")).ShouldBe(["10 2", "12 1"]);
    }

    [SkippableFact]
    public async Task A_full_old_image_tells_that_a_foreign_key_moved()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "1")), world.Rows.Insert("users", ("id", "2")), world.Rows.Insert("posts", ("id", "10"), ("author_id", "1")));
        await world.ApplyAsync(world.Rows.Update("posts",
            [("id", "10"), ("author_id", "1"), ("title", null), ("body", null), ("editor_email", null)],
            [("id", "10"), ("author_id", "2"), ("title", "x"), ("body", null), ("editor_email", null)], OldImage.Full));
        (await world.AskAsync("MATCH (p:Post)-[:AUTHOR]->(u:User) RETURN p.id, p.title, u.id")).ShouldBe(["10 x 2"]);
    }

    [SkippableFact]
    public async Task A_self_reference_may_lead_to_the_row_itself()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "1"), ("manager_id", "1")), world.Rows.Insert("users", ("id", "2"), ("manager_id", "3")),
            world.Rows.Insert("users", ("id", "3"), ("manager_id", "1")));
        (await world.AskAsync("MATCH (a:User)-[:MANAGER]->(b:User) RETURN a.id, b.id")).ShouldBe(["1 1", "2 3", "3 1"]);
    }

    [SkippableFact]
    public async Task A_foreign_key_may_refer_to_a_unique_key_that_is_not_the_primary_one()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "1"), ("email", "a@x")), world.Rows.Insert("posts", ("id", "5"), ("editor_email", "a@x")));
        await world.ApplyAsync(world.Rows.Update("users", [("id", "1")], [("id", "9"), ("name", null), ("email", "a@x"), ("manager_id", null)]));
        (await world.AskAsync("MATCH (p:Post)-[:EDITOR_EMAIL]->(u:User) RETURN p.id, u.id")).ShouldBe(["5 9"]);
    }

    [SkippableFact]
    public async Task Composite_keys_are_found_and_a_null_in_one_column_means_no_relationship()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(
            world.Rows.Insert("orders", ("tenant", "a"), ("no", "1"), ("total", "5.00")), world.Rows.Insert("orders", ("tenant", "b"), ("no", "1")),
            world.Rows.Insert("order_lines", ("tenant", "b"), ("order_no", "1"), ("line", "1"), ("what", "nuts")));
        (await world.AskAsync("MATCH (l:OrderLine)-[r]->(o:Order) RETURN l.what, type(r), o.tenant, o.no")).ShouldBe(["nuts TENANT_ORDER_NO b 1"]);
    }

    [SkippableFact]
    public async Task A_join_row_is_a_relationship_with_the_other_columns_as_properties()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(
            world.Rows.Insert("follows", ("follower_id", "1"), ("followee_id", "2"), ("note", "n")),
            world.Rows.Insert("users", ("id", "1")), world.Rows.Insert("users", ("id", "2")));
        (await world.AskAsync("MATCH (a:User)-[f:FOLLOWS]->(b:User) RETURN a.id, f.note, b.id")).ShouldBe(["1 n 2"]);
        await world.ApplyAsync(world.Rows.Update("follows", ("follower_id", "1"), ("followee_id", "2"), ("since", null), ("note", "m")));
        (await world.AskAsync("MATCH (a:User)-[f:FOLLOWS]->(b:User) RETURN a.id, f.note, b.id")).ShouldBe(["1 m 2"]);
        await world.ApplyAsync(world.Rows.Delete("follows", ("follower_id", "1"), ("followee_id", "2")));
        (await world.CountAsync("MATCH ()-[f]->() RETURN count(f)")).ShouldBe(0);
    }

    [SkippableFact]
    public async Task Deletes_in_any_order_leave_nothing_behind()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(
            world.Rows.Insert("users", ("id", "1")), world.Rows.Insert("users", ("id", "2"), ("manager_id", "1")), world.Rows.Insert("posts", ("id", "1"), ("author_id", "2")),
            world.Rows.Insert("follows", ("follower_id", "1"), ("followee_id", "2")));
        await world.ApplyAsync(
            world.Rows.Delete("users", ("id", "2")), world.Rows.Delete("follows", ("follower_id", "1"), ("followee_id", "2")),
            world.Rows.Delete("posts", ("id", "1")), world.Rows.Delete("users", ("id", "1")), world.Rows.Delete("users", ("id", "99")));
        (await world.CountAsync("MATCH (n) WHERE NOT n:__PolySync RETURN count(n)")).ShouldBe(0);
    }

    private static RowOperation Post(GraphWorld world, string id, string? author) =>
        world.Rows.Update("posts", ("id", id), ("author_id", author), ("title", "t"), ("body", null), ("editor_email", null));
}
