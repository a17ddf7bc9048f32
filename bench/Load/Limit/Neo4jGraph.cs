using Neo4j.Driver;
using PolyglotSync.Bench.Scenarios;

namespace PolyglotSync.Bench.Limit;

/// <summary>Neo4j by the driver that the product uses: positional rows, properties named, explicit transactions.</summary>
internal sealed class Neo4jGraph(Uri address) : IBenchGraph
{
    private readonly IDriver _driver = GraphDatabase.Driver(address, AuthTokens.None);

    public Uri Address { get; } = address;

    public int BatchRows => 5_000;

    public async Task WipeAsync()
    {
        await RunAsync("MATCH ()-[x]->() CALL { WITH x DELETE x } IN TRANSACTIONS OF 20000 ROWS");
        await RunAsync("MATCH (n) CALL { WITH n DELETE n } IN TRANSACTIONS OF 20000 ROWS");
        foreach (var name in await ReadAsync("SHOW CONSTRAINTS YIELD name RETURN name")) await RunAsync($"DROP CONSTRAINT `{name[0]}`");
        foreach (var name in await ReadAsync("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name")) await RunAsync($"DROP INDEX `{name[0]}`");
    }

    public async Task PrepareAsync()
    {
        await RunAsync("CREATE CONSTRAINT users_key FOR (u:User) REQUIRE u.id IS UNIQUE");
        await RunAsync("CALL db.awaitIndexes(300)");
    }

    public Task CreateUsersAsync(int from, int to) =>
        WriteAsync("UNWIND $rows AS r CREATE (:User {id: r[0], name: r[1], email: r[2], age: r[3], city: r[4]})", Rows(from, to, id =>
        {
            var (name, email, age, city) = BenchData.User(id);
            return [(long)id, name, email, (long)age, city];
        }));

    public Task CreateFollowsAsync(BenchData data, int from, int to) =>
        WriteAsync("UNWIND $rows AS r MATCH (a:User {id: r[0]}) MATCH (b:User {id: r[1]}) CREATE (a)-[:FOLLOWS {weight: r[2]}]->(b)",
            Rows(from, to, i => [(long)data.Followers[i], (long)data.Followees[i], (long)(data.Followees[i] % 10)], i => data.Followers[i]));

    public Task UpdateUsersAsync(BenchData data, int from, int to) =>
        WriteAsync("UNWIND $rows AS r MATCH (u:User {id: r[0]}) SET u.name = r[1], u.email = r[2], u.age = r[3], u.city = r[4]", Rows(from, to, i =>
        {
            var id = data.Updated[i];
            var (name, email, _, city) = BenchData.User(id);
            return [(long)id, name, email, (long)data.Ages[i], city];
        }, i => data.Updated[i]));

    public async Task<(long Users, long Follows, long Ages)> CountAsync()
    {
        var nodes = (await ReadAsync("MATCH (u:User) RETURN count(u), sum(u.age)"))[0];
        var follows = (await ReadAsync("MATCH (:User)-[f:FOLLOWS]->(:User) RETURN count(f)"))[0];
        return ((long)nodes[0]!, (long)follows[0]!, (long)nodes[1]!);
    }

    public async Task<long?> AgeAsync(int id) =>
        await ReadAsync("MATCH (u:User {id: $id}) RETURN u.age", ("id", (long)id)) is [[long age]] ? age : null;

    public ValueTask DisposeAsync() => _driver.DisposeAsync();

    /// <param name="order">The node that a row is about: rows in its order are taken faster. The order of rows about one node stays.</param>
    private static List<object> Rows(int from, int to, Func<int, object[]> row, Func<int, int>? order = null)
    {
        var rows = new List<object>(to - from + 1);
        var indexes = Enumerable.Range(from, to - from + 1);
        foreach (var i in order is null ? indexes : indexes.OrderBy(order)) rows.Add(row(i));
        return rows;
    }

    private async Task WriteAsync(string cypher, List<object> rows)
    {
        await using var session = _driver.AsyncSession(o => o.WithDefaultAccessMode(AccessMode.Write));
        await using var transaction = await session.BeginTransactionAsync();
        await (await transaction.RunAsync(cypher, new Dictionary<string, object> { ["rows"] = rows })).ConsumeAsync();
        await transaction.CommitAsync();
    }

    private async Task RunAsync(string cypher)
    {
        await using var session = _driver.AsyncSession();
        await (await session.RunAsync(cypher)).ConsumeAsync();
    }

    private async Task<List<object?[]>> ReadAsync(string cypher, params (string Name, object Value)[] parameters)
    {
        await using var session = _driver.AsyncSession();
        var cursor = await session.RunAsync(cypher, parameters.ToDictionary(p => p.Name, p => p.Value));
        var rows = new List<object?[]>();
        while (await cursor.FetchAsync()) rows.Add([.. cursor.Current.Keys.Select(k => cursor.Current[k])]);
        return rows;
    }
}
