using System.Globalization;
using System.Text;
using PolyglotSync.Bench.Scenarios;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Bench.Limit;

/// <summary>FalkorDB by plain RESP: rows as one list literal. It has no transaction over several queries, so each batch is one query.</summary>
internal sealed class FalkorGraph(Uri address) : IBenchGraph
{
    private readonly FalkorResp _client = new(address.Host, address.Port);
    private readonly string _graph = address.AbsolutePath.TrimStart('/');

    public Uri Address { get; } = address;

    public int BatchRows => 5_000;

    public Task WipeAsync()
    {
        _client.Wipe(_graph);
        return Task.CompletedTask;
    }

    public Task PrepareAsync() => RunAsync("CREATE INDEX FOR (u:User) ON (u.id)");

    public Task CreateUsersAsync(int from, int to) =>
        RunAsync($"UNWIND {Rows(from, to, User)} AS r CREATE (:User {{id: r[0], name: r[1], email: r[2], age: r[3], city: r[4]}})");

    public Task CreateFollowsAsync(BenchData data, int from, int to) =>
        RunAsync($"UNWIND {Rows(from, to, (text, i) => Append(text, $"{data.Followers[i]},{data.Followees[i]},{data.Followees[i] % 10}"))} AS r "
            + "MATCH (a:User {id: r[0]}) MATCH (b:User {id: r[1]}) CREATE (a)-[:FOLLOWS {weight: r[2]}]->(b)");

    public Task UpdateUsersAsync(BenchData data, int from, int to) =>
        RunAsync($"UNWIND {Rows(from, to, (text, i) => User(text, data.Updated[i], data.Ages[i]))} AS r "
            + "MATCH (u:User {id: r[0]}) SET u.name = r[1], u.email = r[2], u.age = r[3], u.city = r[4]");

    public Task<(long Users, long Follows, long Ages)> CountAsync()
    {
        var nodes = _client.Query(_graph, "MATCH (u:User) RETURN count(u), sum(u.age)")[0];
        var follows = _client.Query(_graph, "MATCH (:User)-[f:FOLLOWS]->(:User) RETURN count(f)")[0];
        return Task.FromResult((Number(nodes[0]), Number(follows[0]), Number(nodes[1])));
    }

    public Task<long?> AgeAsync(int id) =>
        Task.FromResult(_client.Query(_graph, $"MATCH (u:User {{id: {id}}}) RETURN u.age") is [{ } row] ? Number(row[0]) : (long?)null);

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task RunAsync(string cypher)
    {
        _client.Query(_graph, cypher);
        return Task.CompletedTask;
    }

    private static string Rows(int from, int to, Action<StringBuilder, int> row)
    {
        var text = new StringBuilder("[");
        for (var i = from; i <= to; i++)
        {
            text.Append(i == from ? "[" : ",[");
            row(text, i);
            text.Append(']');
        }
        return text.Append(']').ToString();
    }

    private static void User(StringBuilder text, int id) => User(text, id, BenchData.User(id).Age);

    private static void User(StringBuilder text, int id, int age)
    {
        var (name, email, _, city) = BenchData.User(id);
        Append(text, $"{id},'{name}','{email}',{age},'{city}'");
    }

    private static void Append(StringBuilder text, FormattableString row) => text.AppendFormat(CultureInfo.InvariantCulture, row.Format, row.GetArguments());

    private static long Number(object? cell) => Convert.ToInt64(((List<object?>)cell!)[1], CultureInfo.InvariantCulture);
}
