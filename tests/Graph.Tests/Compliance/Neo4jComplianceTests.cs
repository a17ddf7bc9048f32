namespace PolyglotSync.Graph.Tests.Compliance;

[Collection(Neo4jFixture.Shared)]
public sealed class Neo4jComplianceTests(Neo4jFixture neo4j) : Neo4jCompliance(neo4j);

/// <summary>What only Neo4j must do.</summary>
public abstract class Neo4jCompliance(Neo4jFixture neo4j) : TargetCompliance
{
    private protected override Task<Uri> NewGraphAsync() => neo4j.EmptyAsync();

    private protected override Task PreparedAsync() => neo4j.RememberSchemaAsync();

    [SkippableFact]
    public async Task Names_may_hold_backticks()
    {
        var schema = new Tables().Add("t", ["k`1 text"], ["k`1"]).Build();
        await using var world = await WorldAsync(schema, new MappingSettings { Tables = [new TableOverride { Table = schema.Tables[0].Name, Label = "L`1" }] });
        await world.ApplyAsync(world.Rows.Insert("t", ("k`1", "v")));
        (await world.ValueAsync("MATCH (n:`L``1`) RETURN n.`k``1`")).ShouldBe("v");
    }

    [SkippableFact]
    public async Task A_key_is_unique_by_constraint_before_the_first_write()
    {
        await using var world = await WorldAsync();
        (await world.AskAsync("SHOW CONSTRAINTS YIELD type, labelsOrTypes, properties WHERE type = 'UNIQUENESS' RETURN labelsOrTypes, properties")).ShouldBe(
            ["[OrderLine] [tenant,order_no,line]", "[Order] [tenant,no]", "[Post] [id]", "[User] [id]", "[__PolySync] [pipeline]"]);
    }

    [SkippableFact]
    public async Task Nodes_that_start_together_make_the_constraints_of_an_empty_graph_and_none_fails()
    {
        var graph = await NewGraphAsync();
        var tables = new Tables();
        for (var i = 0; i < 8; i++) tables.Add($"t{i}", ["id text"], ["id"]);
        var schema = tables.Build();
        var (mapping, _) = PolyglotSync.Graph.Inference.MappingInference.Infer(schema, new MappingSettings());
        var nodes = Enumerable.Range(0, 4).Select(_ => Connect(graph)).ToList();
        await Task.WhenAll(nodes.Select(async node =>
        {
            await using var one = node;
            await one.ConnectAsync(default);
            await one.PrepareAsync(mapping, schema, default, ChangeOrder.PerKey);
            await one.ClaimPartitionsAsync("test", [new SourcePartition("t", 0)], default);
        }));
        await using var target = Connect(graph);
        (await ((ICypherQueries)target).QueryAsync("SHOW CONSTRAINTS YIELD name WHERE name STARTS WITH 'polysync_T' RETURN name", default)).Count.ShouldBe(8);
    }

    [SkippableFact]
    public async Task An_index_that_a_constraint_left_behind_when_its_making_was_cut_short_makes_way_for_it()
    {
        await using var world = await WorldAsync();
        await world.AskAsync("DROP CONSTRAINT polysync_User_id_key");
        await world.AskAsync("CREATE INDEX polysync_User_id_key FOR (n:User) ON (n.leftover)");
        await world.Target.PrepareAsync(world.Mapping, world.Schema, default);
        (await world.AskAsync("SHOW CONSTRAINTS YIELD name, properties WHERE name = 'polysync_User_id_key' RETURN properties")).ShouldBe(["[id]"]);
    }

    [SkippableFact]
    public async Task A_write_after_one_that_came_late_writes_nothing_until_the_state_is_read_again()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "1")));
        // as a write does whose connection broke, and whose message was delivered long after
        await world.AskAsync("MATCH (s:__PolySync {pipeline: 'test'}) SET s.position = '0/99:end'");
        var set = world.Set(world.Rows.Insert("users", ("id", "2")));
        var failure = await Should.ThrowAsync<PipelineFailure>(() => world.ApplyAsync(set));
        failure.Class.ShouldBe(FailureClass.Transient);
        failure.Message.ShouldContain("has come late");
        (await world.AskAsync("MATCH (u:User) RETURN u.id")).ShouldBe(["1"]);
        (await world.Target.ReadStateAsync(GraphWorld.Pipeline, default))!.Position.ShouldBe(Position.EndOf(new Lsn(0x99)));
        await world.ApplyAsync(set);
        (await world.AskAsync("MATCH (u:User) RETURN u.id")).ShouldBe(["1", "2"]);
    }

    [SkippableFact]
    public async Task A_value_that_Neo4j_itself_refuses_is_poison_with_its_statement()
    {
        await using var world = await WorldAsync();
        await world.AskAsync("CREATE CONSTRAINT taken FOR (u:User) REQUIRE u.name IS UNIQUE");
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "1"), ("name", "Ada")));
        var failure = await Should.ThrowAsync<PipelineFailure>(() => world.ApplyAsync(world.Rows.Insert("users", ("id", "2"), ("name", "Ada"))));
        failure.Class.ShouldBe(FailureClass.Poison);
        failure.Cypher.ShouldNotBeNull().ShouldContain("CREATE (n:`User`");
        (await world.AskAsync("MATCH (u:User) RETURN u.id")).ShouldBe(["1"]);
    }

    [SkippableFact]
    public async Task A_state_is_read_once_the_write_under_way_has_ended()
    {
        await using var world = await WorldAsync();
        await world.ApplyAsync(world.Rows.Insert("users", ("id", "1")));
        await using var session = ((Graph.Neo4j.Neo4jTarget)world.Target).Session();
        await using var transaction = await session.BeginTransactionAsync();
        var written = await transaction.RunAsync($"MATCH (s:__PolySync {{pipeline: '{GraphWorld.Pipeline}'}}) SET s.position = '{Position.EndOf(new Lsn(99))}'");
        await written.ConsumeAsync();
        var reading = world.Target.ReadStateAsync(GraphWorld.Pipeline, default);
        await Should.ThrowAsync<TimeoutException>(() => reading.WaitAsync(TimeSpan.FromMilliseconds(500)));

        await transaction.CommitAsync();

        (await reading)!.Position.ShouldBe(Position.EndOf(new Lsn(99)));
    }
}
