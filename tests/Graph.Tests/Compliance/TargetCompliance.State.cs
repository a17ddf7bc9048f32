namespace PolyglotSync.Graph.Tests.Compliance;

public abstract partial class TargetCompliance
{
    [SkippableFact]
    public async Task The_position_is_written_with_the_data_and_read_back_whole()
    {
        await using var world = await WorldAsync();
        var copy = CopyState.Empty.With(new("public", "users"), new TableCopy(CopyPhase.Copying, ["7", "é"], 10, 100));
        var state = new TargetState(new Position(new Lsn(77), 3), new Lsn(80), Position.EndOf(new Lsn(90)), copy, world.State.Generation);
        await world.ApplyAsync(new WriteSet { Operations = [world.Rows.Insert("users", ("id", "1"))], Generation = world.State.Generation, State = state });
        var read = (await world.Target.ReadStateAsync(GraphWorld.Pipeline, default))!;
        (read.Position, read.Watermark, read.Intent, read.Generation).ShouldBe((state.Position, state.Watermark, state.Intent, state.Generation));
        var table = read.Copy[new("public", "users")]!;
        (table.Phase, table.Rows, table.EstimatedRows).ShouldBe((CopyPhase.Copying, 10L, 100L));
        table.Cursor.ShouldBe(["7", "é"]);
        (await world.Target.ReadStateAsync("another", default)).ShouldBeNull();
    }

    [SkippableFact]
    public async Task Offsets_are_written_with_the_data_and_go_with_the_first_write_that_has_none()
    {
        await using var world = await WorldAsync();
        var next = 0;
        await ApplyAsync(null);
        (await world.ValueAsync("MATCH (s:__PolySync {pipeline: 'test'}) RETURN 'offsets' IN keys(s)")).ShouldBe(false);
        for (var i = 0; i < 5; i++)
        {
            await ApplyAsync($"1;{i}");
            (await world.Target.ReadStateAsync(GraphWorld.Pipeline, default))!.Offsets.ShouldBe($"1;{i}");
        }
        var refused = world.Rows.Insert("users", ("id", "1"));
        var set = world.Set(refused);
        await Should.ThrowAsync<PipelineFailure>(() => world.ApplyAsync(new WriteSet { Operations = [refused], Generation = world.State.Generation - 1, State = set.State! with { Offsets = "2;7" } }));
        await world.RestartAsync();
        world.State.Offsets.ShouldBe("1;4");
        await ApplyAsync(null);
        (await world.Target.ReadStateAsync(GraphWorld.Pipeline, default))!.Offsets.ShouldBeNull();
        (await world.CountAsync("MATCH (u:User) RETURN count(u)")).ShouldBe(7);

        Task ApplyAsync(string? offsets)
        {
            var plain = world.Set(world.Rows.Insert("users", ("id", $"{++next}")));
            return world.ApplyAsync(new WriteSet { Operations = plain.Operations, Generation = plain.Generation, State = plain.State! with { Offsets = offsets } });
        }
    }

    [SkippableFact]
    public async Task The_copy_is_written_again_only_where_it_moved()
    {
        await using var world = await WorldAsync();
        var copy = CopyState.Empty.With(new("public", "users"), new TableCopy(CopyPhase.Copying, ["7"], 7, 100));
        await ApplyAsync(copy, world.Rows.Insert("users", ("id", "1")));
        // not by us: would be overwritten
        await world.AskAsync("MATCH (s:__PolySync {pipeline: 'test'}) SET s.copy = '{}'");
        await ApplyAsync(copy, world.Rows.Insert("users", ("id", "2")));
        (await StoredAsync()).ShouldBeNull();
        await ApplyAsync(copy.With(new("public", "users"), new TableCopy(CopyPhase.Done, ["9"], 9, 100)), world.Rows.Insert("users", ("id", "3")));
        (await StoredAsync())!.Phase.ShouldBe(CopyPhase.Done);

        Task ApplyAsync(CopyState copy, RowOperation operation) => world.ApplyAsync(With(world.Set(operation), copy));

        async Task<TableCopy?> StoredAsync() => (await world.Target.ReadStateAsync(GraphWorld.Pipeline, default))!.Copy[new("public", "users")];
    }

    [SkippableFact]
    public async Task A_write_that_failed_with_the_copy_carries_it_again()
    {
        await using var world = await WorldAsync(new Tables().Add("t", ["id int4", "b bytea"], ["id"]).Build(),
            new MappingSettings { Tables = [new TableOverride { Table = new("public", "t"), Properties = [new("b", "b", PropertyEncoding.Integer)] }] });
        var copy = CopyState.Empty.With(new("public", "t"), new TableCopy(CopyPhase.Copying, ["7"], 7, 100));
        var good = world.Rows.Insert("t", ("id", "1"));
        await Should.ThrowAsync<PipelineFailure>(() => world.ApplyAsync(With(world.Set(good, world.Rows.Insert("t", ("id", "2"), ("b", "x"))), copy)));
        (await world.Target.ReadStateAsync(GraphWorld.Pipeline, default))!.Copy.Tables.ShouldBeEmpty();
        await world.ApplyAsync(With(world.Set(good), copy));
        (await world.Target.ReadStateAsync(GraphWorld.Pipeline, default))!.Copy[new("public", "t")]!.Rows.ShouldBe(7);
    }

    private static WriteSet With(WriteSet set, CopyState copy) =>
        new() { Operations = set.Operations, Generation = set.Generation, State = set.State! with { Copy = copy } };

    [SkippableFact]
    public async Task A_claim_fences_the_owner_before_off()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "1")));
        var claimed = await world.Target.ClaimAsync(GraphWorld.Pipeline, default);
        claimed.Generation.ShouldBe(world.State.Generation + 1);
        claimed.Position.ShouldNotBe(Position.Start);
        (await Should.ThrowAsync<PipelineFailure>(() => world.ApplyAsync(world.Rows.Insert("users", ("id", "2"))))).Class.ShouldBe(FailureClass.Fenced);
        var part = new WriteSet { Operations = [world.Rows.Insert("users", ("id", "3"))], Generation = world.State.Generation, Steps = WriteSteps.Nodes };
        (await Should.ThrowAsync<PipelineFailure>(() => world.ApplyAsync(part))).Class.ShouldBe(FailureClass.Fenced);
        (await world.AskAsync("MATCH (u:User) RETURN u.id")).ShouldBe(["1"]);
    }

    [SkippableFact]
    public async Task Who_was_overtaken_while_it_started_claims_nothing()
    {
        await using var world = await WorldAsync();
        var seen = world.State.Generation;
        await world.RestartAsync();
        var failure = await Should.ThrowAsync<PipelineFailure>(() => world.Target.ClaimAsync(GraphWorld.Pipeline, default, onlyAfter: seen));
        failure.Class.ShouldBe(FailureClass.Fenced);
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "1")));
        (await world.Target.ClaimAsync(GraphWorld.Pipeline, default, onlyAfter: world.State.Generation)).Generation.ShouldBe(world.State.Generation + 1);
        (await world.Target.ClaimAsync("fresh", default, onlyAfter: 0)).Generation.ShouldBe(1);
    }

    [SkippableFact]
    public async Task Two_pipelines_keep_their_states_apart()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "1")));
        (await world.Target.ClaimAsync("other", default)).Position.ShouldBe(Position.Start);
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "2")));
        (await world.CountAsync("MATCH (u:User) RETURN count(u)")).ShouldBe(2);
    }

    [SkippableFact]
    public async Task Every_row_that_cannot_be_encoded_is_named_at_once()
    {
        var schema = new Tables().Add("t", ["id int4", "n int4", "b bytea"], ["id"]).Build();
        var settings = new MappingSettings { Tables = [new TableOverride { Table = new("public", "t"), Properties = [new("b", "b", PropertyEncoding.Integer)] }] };
        await using var world = await WorldAsync(schema, settings, batchRows: 2);
        var failure = await Should.ThrowAsync<PipelineFailure>(() => world.ApplyAsync(
            world.Rows.Insert("t", ("id", "1")), world.Rows.Insert("t", ("id", "2"), ("b", "x")), world.Rows.Insert("t", ("id", "3"), ("b", "5")),
            world.Rows.Insert("t", ("id", "4"), ("b", "5.5")), world.Rows.Insert("t", ("id", "5"), ("b", "5.00"))));
        failure.Class.ShouldBe(FailureClass.Poison);
        failure.Guilty.ShouldBe([1, 3]);
        failure.Message.ShouldContain("public.t.b");
        await world.ApplyAsync(world.Rows.Insert("t", ("id", "1")), world.Rows.Insert("t", ("id", "5"), ("b", "5.00")));
        (await world.AskAsync("MATCH (n:T) RETURN n.id, n.b")).ShouldBe(["1 -", "5 5"]);
    }

    [SkippableFact]
    public async Task Renamed_and_dropped_columns_take_effect_on_what_is_there()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "1"), ("name", "Ada"), ("email", "a@x")), world.Rows.Insert("users", ("id", "2"), ("name", "Bob")));
        var before = world.Rows["users"];
        var after = new Relation(before.Table,
            [before.Columns[0], new("full_name", before.Columns[1].Type), before.Columns[3], new("city", before.Columns[1].Type)], ["id"]);
        var change = new SchemaChange(before, after, [("name", "full_name")], ["email"], ["city"]);
        world.Rows["users"] = after;
        for (var i = 0; i < 2; i++)
        {
            var set = world.Set(world.Rows.Upsert("users", ("id", "3"), ("full_name", "Cy"), ("manager_id", "1"), ("city", "Rome")));
            await world.ApplyAsync(new WriteSet { Operations = set.Operations, Generation = set.Generation, State = set.State, SchemaChanges = [change] });
            (await world.AskAsync("MATCH (u:User) RETURN u.id, u.name, u.full_name, u.email, u.city")).ShouldBe(["1 - Ada - -", "2 - Bob - -", "3 - Cy - Rome"]);
        }
        (await world.AskAsync("MATCH (a:User)-[:MANAGER]->(b:User) RETURN a.id, b.id")).ShouldBe(["3 1"]);
    }

    [SkippableFact]
    public async Task A_dropped_key_column_stops_with_a_message()
    {
        await using var world = await WorldAsync();
        var before = world.Rows["users"];
        var after = new Relation(before.Table, [new("uid", before.Columns[0].Type), .. before.Columns[1..]], ["uid"]);
        var failure = await Should.ThrowAsync<PipelineFailure>(() => world.ApplyAsync(new WriteSet
        { Operations = [], Generation = world.State.Generation, SchemaChanges = [new SchemaChange(before, after, [("id", "uid")], [], [])] }));
        failure.Class.ShouldBe(FailureClass.Fatal);
        failure.Message.ShouldContain("key column 'id'");
    }

    [SkippableFact]
    public async Task Names_with_quotes_blanks_and_other_scripts_are_kept()
    {
        var schema = new Tables().Add("Ünïcode täble", ["key 'one' text", "名前 text", "it's \"x\" int4"], ["key 'one'"]).Build();
        var settings = new MappingSettings { Tables = [new TableOverride { Table = schema.Tables[0].Name, Label = "weird label", Properties = [new("名前", "n am'e")] }] };
        await using var world = await WorldAsync(schema, settings);
        await world.ApplyAsync(world.Rows.Insert("Ünïcode täble", ("key 'one'", "a'b\\c\n\"d`"), ("名前", "日本\t語"), ("it's \"x\"", "5")));
        await world.ApplyAsync(world.Rows.Update("Ünïcode täble", ("key 'one'", "a'b\\c\n\"d`"), ("名前", "名\r\n"), ("it's \"x\"", "6")));
        (await world.ValueAsync("MATCH (n:`weird label`) RETURN n.`n am'e` + n.`key 'one'`")).ShouldBe("名\r\na'b\\c\n\"d`");
    }

    [SkippableFact]
    public async Task Batches_part_a_set_without_losing_a_row()
    {
        await using var world = await WorldAsync(batchRows: 7);
        await world.ApplyAsync([.. Enumerable.Range(0, 2_500).SelectMany(i => new[]
        {
            world.Rows.Insert("users", ("id", $"{i}"), ("manager_id", $"{i / 2}")), world.Rows.Insert("follows", ("follower_id", $"{i}"), ("followee_id", $"{(i + 1) % 2_500}")),
        })]);
        (await world.CountAsync("MATCH (u:User) RETURN count(u)")).ShouldBe(2_500);
        (await world.CountAsync("MATCH ()-[r:MANAGER]->() RETURN count(r)")).ShouldBe(2_500);
        (await world.CountAsync("MATCH ()-[r:FOLLOWS]->() RETURN count(r)")).ShouldBe(2_500);
    }

    [SkippableFact]
    public async Task A_relationship_whose_parent_is_missing_is_counted_and_leaves_no_ghost()
    {
        await using var world = await WorldAsync();
        var result = await world.ApplyAsync(world.Rows.Insert("posts", ("id", "1"), ("author_id", "99")), world.Rows.Insert("follows", ("follower_id", "1"), ("followee_id", "2")));
        result.UnmatchedRelationships.ShouldBe(2);
        (await world.CountAsync("MATCH (u:User) RETURN count(u)")).ShouldBe(0);
    }
}
