using System.Collections;
using System.Globalization;
using Neo4j.Driver;
using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Query;

internal sealed class Neo4jReader(TargetSettings target) : IGraphReader
{
    private readonly IDriver _driver = GraphDatabase.Driver(target.Uri,
        target.User is null ? AuthTokens.None : AuthTokens.Basic(target.User, target.Password ?? ""),
        // the first is for TCP alone: a server that accepts and stays silent is given up after the second
        o => o.WithConnectionTimeout(TimeSpan.FromMilliseconds(target.ConnectTimeoutMs)).WithConnectionAcquisitionTimeout(TimeSpan.FromMilliseconds(target.ConnectTimeoutMs)));

    public async Task<GraphAnswer> QueryAsync(string cypher, CancellationToken cancellationToken)
    {
        try
        {
            var rows = new List<string?[]>();
            await using var session = _driver.AsyncSession(o =>
            {
                o.WithDefaultAccessMode(AccessMode.Read);
                if (target.Database is { } database) o.WithDatabase(database);
            });
            var cursor = await session.RunAsync(cypher);
            var columns = await cursor.KeysAsync();
            while (await cursor.FetchAsync())
            {
                cancellationToken.ThrowIfCancellationRequested();
                var record = cursor.Current;
                rows.Add([.. Enumerable.Range(0, record.Keys.Count).Select(i => Text(record[i]))]);
            }
            return new GraphAnswer(columns, rows);
        }
        catch (Neo4jException e) when (e is ServiceUnavailableException or SecurityException or ClientException { Code: null })
        {
            throw new PipelineFailure(FailureClass.Fatal, $"the target {target.Uri} cannot be asked: {e.Message}", e) { ExitCode = ExitCode.TargetUnavailable };
        }
        catch (Neo4jException e)
        {
            throw new PipelineFailure(FailureClass.Fatal, $"the target refused the question: {e.Message}", e);
        }
    }

    private static string? Text(object? value) => value switch
    {
        null => null,
        bool b => b ? "true" : "false",
        string s => s,
        byte[] bytes => $"\\x{Convert.ToHexStringLower(bytes)}",
        INode node => Patterns.Node(node.Labels, Texts(node.Properties)),
        IRelationship relationship => Patterns.Relationship(relationship.Type, Texts(relationship.Properties)),
        IReadOnlyDictionary<string, object> map => Patterns.Map(Texts(map)),
        IEnumerable list => Patterns.List(list.Cast<object?>().Select(Text)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static IEnumerable<KeyValuePair<string, string?>> Texts(IReadOnlyDictionary<string, object> values) =>
        values.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => KeyValuePair.Create(v.Key, Text(v.Value)));

    public ValueTask DisposeAsync() => _driver.DisposeAsync();
}
