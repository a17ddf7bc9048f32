using System.Globalization;
using Neo4j.Driver;
using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Demo.Compare;

internal sealed class Neo4jReader(TargetSettings target) : IGraphReader
{
    private readonly IDriver _driver = GraphDatabase.Driver(target.Uri,
        target.User is null ? AuthTokens.None : AuthTokens.Basic(target.User, target.Password ?? ""));

    public async Task<IReadOnlyList<string?[]>> QueryAsync(string cypher, CancellationToken cancellationToken)
    {
        var rows = new List<string?[]>();
        await using var session = _driver.AsyncSession(o =>
        {
            if (target.Database is { } database) o.WithDatabase(database);
        });
        var cursor = await session.RunAsync(cypher);
        while (await cursor.FetchAsync())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var record = cursor.Current;
            rows.Add([.. Enumerable.Range(0, record.Keys.Count).Select(i => Text(record[i]))]);
        }
        return rows;
    }

    private static string? Text(object? value) => value switch
    {
        null => null,
        bool b => b ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    public ValueTask DisposeAsync() => _driver.DisposeAsync();
}
