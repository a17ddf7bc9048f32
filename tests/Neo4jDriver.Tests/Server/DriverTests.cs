using Neo4j.Driver;
using Shouldly;
using Xunit;

namespace PolyglotSync.Neo4jDriver.Tests.Server;

public sealed class DriverTests(OpenServer server) : IClassFixture<OpenServer>, IAsyncLifetime
{
    private IDriver _driver = null!;

    public Task InitializeAsync()
    {
        if (server.Missing == null) _driver = GraphDatabase.Driver($"bolt://{server.Address}", AuthTokens.None);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        if (_driver != null) await _driver.DisposeAsync();
    }

    [SkippableTheory]
    [InlineData("bolt")]
    [InlineData("neo4j")]
    public async Task A_driver_finds_the_server_directly_and_by_routing(string scheme)
    {
        Skip.If(server.Missing != null, server.Missing);
        await using var driver = GraphDatabase.Driver($"{scheme}://{server.Address}", AuthTokens.None);
        (await driver.GetServerInfoAsync()).Agent.ShouldStartWith("Neo4j/");
        await using var session = driver.AsyncSession(s => s.WithDatabase("neo4j"));
        (await session.ExecuteWriteAsync(async r => (await (await r.RunAsync("RETURN 1 AS one")).SingleAsync())["one"].As<int>())).ShouldBe(1);
        (await session.ExecuteReadAsync(async r => (await (await r.RunAsync("RETURN 1 AS one")).SingleAsync()).Get<long>("one"))).ShouldBe(1);
        session.LastBookmarks.Values.ShouldNotBeEmpty();
    }

    public static TheoryData<object?> Values() => new()
    {
        null, true, -1L, long.MinValue, 1.5, double.NaN, "text 漢😀", new byte[] { 1, 2, 255 }, new string('x', 300_000), new byte[100_000],
        new LocalDate(2024, 2, 29), new LocalDate(-4000, 1, 1), new LocalTime(1, 2, 3, 4), new OffsetTime(1, 2, 3, 4, -3_600),
        new LocalDateTime(1969, 12, 31, 23, 59, 59, 999_999_999), new ZonedDateTime(1_700_000_000, 5, Zone.Of(7_200)),
        new ZonedDateTime(1_700_000_000, 5, Zone.Of("Europe/London")), new Duration(14, 3, -5, 6), new Point(4326, 1, 2), new Point(9157, 1, 2, 3),
    };

    [SkippableTheory]
    [MemberData(nameof(Values))]
    public async Task A_value_goes_to_the_server_and_back(object? value)
    {
        Skip.If(server.Missing != null, server.Missing);
        await using var session = _driver.AsyncSession();
        var cursor = await session.RunAsync("RETURN $value AS value, [$value] AS list, {key: $value} AS map", new Dictionary<string, object?> { ["value"] = value }!);
        var record = await cursor.SingleAsync();
        record["value"].ShouldBe(value);
        record["list"].As<List<object>>().ShouldHaveSingleItem().ShouldBe(value);
        record["map"].As<Dictionary<string, object>>()["key"].ShouldBe(value);
    }

    [SkippableFact]
    public async Task Nodes_relationships_and_paths_come_whole()
    {
        Skip.If(server.Missing != null, server.Missing);
        await using var session = _driver.AsyncSession();
        var cursor = await session.RunAsync("CREATE p = (a:A:B {x: 1})-[r:KNOWS {since: 2}]->(b)<-[s:LIKES]-(c {z: 3}) RETURN a, r, b, p");
        var record = await cursor.SingleAsync();
        var (a, r, b) = (record.Get<INode>("a"), record.Get<IRelationship>("r"), record.Get<INode>("b"));
        a.Labels.ShouldBe(["A", "B"], ignoreOrder: true);
        a.Get<int>("x").ShouldBe(1);
        (r.Type, r.StartNodeElementId, r.EndNodeElementId, r.Get<long>("since")).ShouldBe(("KNOWS", a.ElementId, b.ElementId, 2L));
        var path = record.Get<IPath>("p");
        path.Start.ShouldBe(a);
        path.End["z"].ShouldBe(3L);
        path.Nodes.Count.ShouldBe(3);
        path.Relationships.Select(x => x.Type).ShouldBe(["KNOWS", "LIKES"]);
        path.Relationships[1].EndNodeElementId.ShouldBe(b.ElementId);
    }

    [SkippableFact]
    public async Task Thousands_of_positional_rows_are_one_parameter_and_are_counted()
    {
        Skip.If(server.Missing != null, server.Missing);
        await using var session = _driver.AsyncSession();
        var rows = Enumerable.Range(0, 5_000).Select(i => new object?[] { (long)i, $"user {i}", null, i * 0.5, true }).ToList();
        var summary = await session.ExecuteWriteAsync(async runner =>
        {
            var cursor = await runner.RunAsync(
                "UNWIND $rows AS r CREATE (:Row {id: r[0], name: r[1], none: r[2], half: r[3], flag: r[4]})", new Dictionary<string, object> { ["rows"] = rows });
            return await cursor.ConsumeAsync();
        });
        (summary.Counters.NodesCreated, summary.Counters.PropertiesSet, summary.QueryType).ShouldBe((5_000, 20_000, QueryType.WriteOnly));
        var back = await (await session.RunAsync("MATCH (r:Row) RETURN r.id AS id ORDER BY id")).ToListAsync(r => r["id"].As<int>());
        back.ShouldBe(Enumerable.Range(0, 5_000));
    }

    [SkippableFact]
    public async Task A_result_read_in_part_leaves_the_session_usable()
    {
        Skip.If(server.Missing != null, server.Missing);
        await using var session = _driver.AsyncSession(s => s.WithFetchSize(10));
        var cursor = await session.RunAsync("UNWIND range(1, 100000) AS i RETURN i");
        (await cursor.FetchAsync()).ShouldBeTrue();
        (await cursor.PeekAsync())["i"].ShouldBe(2L);
        cursor.Current["i"].ShouldBe(1L);
        await cursor.ConsumeAsync();
        await Should.ThrowAsync<ResultConsumedException>(() => cursor.FetchAsync());
        (await (await session.RunAsync("UNWIND range(1, 95) AS i RETURN i")).ToListAsync()).Count.ShouldBe(95);
    }

    [SkippableFact]
    public async Task Results_of_one_transaction_may_be_read_in_turns()
    {
        Skip.If(server.Missing != null, server.Missing);
        await using var session = _driver.AsyncSession(s => s.WithFetchSize(5));
        await using var transaction = await session.BeginTransactionAsync();
        var first = await transaction.RunAsync("UNWIND range(1, 50) AS i RETURN i");
        var second = await transaction.RunAsync("UNWIND range(51, 100) AS i RETURN i");
        var read = new List<long>();
        while (await first.FetchAsync() && await second.FetchAsync()) read.AddRange([first.Current["i"].As<long>(), second.Current["i"].As<long>()]);
        read.Order().ShouldBe(Enumerable.Range(1, 100).Select(i => (long)i));
        await transaction.CommitAsync();
    }

    [SkippableFact]
    public async Task Rolled_back_work_leaves_nothing_and_a_commit_everything()
    {
        Skip.If(server.Missing != null, server.Missing);
        await using var session = _driver.AsyncSession();
        await using (var dropped = await session.BeginTransactionAsync()) await dropped.RunAsync("CREATE (:Trial)");
        await using (var kept = await session.BeginTransactionAsync())
        {
            await kept.RunAsync("CREATE (:Trial {kept: true})");
            await kept.CommitAsync();
            await Should.ThrowAsync<TransactionClosedException>(kept.CommitAsync());
        }

        (await (await session.RunAsync("MATCH (t:Trial) RETURN t.kept AS kept")).ToListAsync(r => r["kept"])).ShouldBe([true]);
    }

    [SkippableFact]
    public async Task A_violated_constraint_is_told_by_code_and_the_session_goes_on()
    {
        Skip.If(server.Missing != null, server.Missing);
        await using var session = _driver.AsyncSession();
        await (await session.RunAsync("CREATE CONSTRAINT one IF NOT EXISTS FOR (n:One) REQUIRE n.id IS UNIQUE")).ConsumeAsync();
        var error = await Should.ThrowAsync<ClientException>(session.ExecuteWriteAsync(
            async r => await (await r.RunAsync("UNWIND [1, 1] AS id CREATE (:One {id: id})")).ConsumeAsync()));
        error.Code.ShouldBe("Neo.ClientError.Schema.ConstraintValidationFailed");
        (await Should.ThrowAsync<ClientException>(async () => await (await session.RunAsync("RETRN 1")).FetchAsync())).Code
            .ShouldBe("Neo.ClientError.Statement.SyntaxError");
        (await (await session.RunAsync("MATCH (n:One) RETURN count(n) AS n")).SingleAsync())["n"].ShouldBe(0L);
    }

    [SkippableFact]
    public async Task An_error_in_a_result_nobody_read_comes_out_at_the_commit()
    {
        Skip.If(server.Missing != null, server.Missing);
        await using var session = _driver.AsyncSession();
        var transaction = await session.BeginTransactionAsync();
        await transaction.RunAsync("RETURN 1 / 0 AS x");
        (await Should.ThrowAsync<ClientException>(transaction.CommitAsync())).Code.ShouldBe("Neo.ClientError.Statement.ArithmeticError");
    }

    [SkippableFact]
    public async Task A_transaction_longer_than_its_timeout_is_ended_by_the_server()
    {
        Skip.If(server.Missing != null, server.Missing);
        await using var session = _driver.AsyncSession();
        var cursor = await session.RunAsync(
            "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN count(a * b) AS n", t => t.WithTimeout(TimeSpan.FromMilliseconds(300)));
        (await Should.ThrowAsync<Neo4jException>(cursor.SingleAsync())).Code.ShouldContain("TransactionTimedOut");
    }

    [SkippableFact]
    public async Task An_anonymous_object_and_an_executable_query_serve_as_well()
    {
        Skip.If(server.Missing != null, server.Missing);
        var (result, summary, keys) = await _driver.ExecutableQuery("UNWIND $people AS p RETURN p.name AS name, p.age AS age")
            .WithParameters(new { people = new[] { new { name = "Ada", age = 36 }, new { name = "Alan", age = 41 } } })
            .WithFilter(r => r["age"].As<int>() > 40)
            .WithMap(r => r["name"].As<string>())
            .ExecuteAsync();
        result.ShouldBe(["Alan"]);
        keys.ShouldBe(["name", "age"]);
        summary.QueryType.ShouldBe(QueryType.ReadOnly);
    }

    [SkippableFact]
    public async Task Sessions_at_work_at_once_each_have_their_own_connection()
    {
        Skip.If(server.Missing != null, server.Missing);
        var sums = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            await using var session = _driver.AsyncSession();
            return await session.ExecuteReadAsync(async r => (await (await r.RunAsync("UNWIND range(1, 2000) AS x RETURN sum(x) + $i AS s", new { i })).SingleAsync())["s"].As<int>());
        }));
        sums.ShouldBe(Enumerable.Range(0, 20).Select(i => 2_001_000 + i));
    }
}

public sealed class AuthenticationTests(LockedServer server) : IClassFixture<LockedServer>
{
    [SkippableTheory]
    [InlineData("bolt")]
    [InlineData("neo4j")]
    public async Task The_right_password_opens_and_a_wrong_one_or_none_is_an_authentication_error(string scheme)
    {
        Skip.If(server.Missing != null, server.Missing);
        await using var right = GraphDatabase.Driver($"{scheme}://{server.Address}", AuthTokens.Basic("neo4j", LockedServer.Password));
        await right.VerifyConnectivityAsync();
        await using var wrong = GraphDatabase.Driver($"{scheme}://{server.Address}", AuthTokens.Basic("neo4j", "wrong"));
        await Should.ThrowAsync<AuthenticationException>(wrong.VerifyConnectivityAsync());
        await using var none = GraphDatabase.Driver($"{scheme}://{server.Address}", AuthTokens.None);
        await Should.ThrowAsync<SecurityException>(none.VerifyConnectivityAsync());
    }

    [SkippableFact]
    public async Task A_database_that_is_not_there_is_named_by_its_code()
    {
        Skip.If(server.Missing != null, server.Missing);
        await using var driver = GraphDatabase.Driver($"bolt://{server.Address}", AuthTokens.Basic("neo4j", LockedServer.Password));
        await using var session = driver.AsyncSession(SessionConfigBuilder.ForDatabase("nowhere"));
        (await Should.ThrowAsync<FatalDiscoveryException>(session.BeginTransactionAsync())).Code.ShouldBe("Neo.ClientError.Database.DatabaseNotFound");
    }
}
