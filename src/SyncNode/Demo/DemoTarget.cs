using System.Globalization;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Demo.Servers;
using PolyglotSync.SyncNode.Demo.World;
using PolyglotSync.SyncNode.Query;

namespace PolyglotSync.SyncNode.Demo;

/// <summary>The graph of a demo: its own embedded one, or one that a person named.</summary>
internal sealed class DemoTarget(TargetSettings settings, string description, string byHand, EmbeddedGraph? own) : IAsyncDisposable
{
    private const string Question = "MATCH (u:User {handle: 'me'}) RETURN u.id, u.name";

    public TargetSettings Settings { get; } = settings;

    public string Description { get; } = description;

    /// <summary>How a person asks it: a command for a shell.</summary>
    public string ByHand { get; } = byHand;

    /// <summary>What a person should know of a graph that is theirs; null for the embedded one, which is gone.</summary>
    public string? Stays => own is not null ? null : $"The copy stays in {Settings.Uri.ToString().TrimEnd('/')}; before the next demo empty it with MATCH (n) DETACH DELETE n";

    /// <param name="uri">null: an embedded graph.</param>
    /// <exception cref="PipelineFailure">It cannot be started, reached, or holds something already: the demo would compare with what is not its own.</exception>
    public static async Task<DemoTarget> StartAsync(string? uri, ScratchFolder scratch, CancellationToken cancellationToken)
    {
        if (uri is not null) return await NamedAsync(uri, cancellationToken);
        var graph = await EmbeddedGraph.StartAsync(scratch, cancellationToken);
        var settings = new TargetSettings { Uri = new Uri(string.Create(CultureInfo.InvariantCulture, $"falkor://127.0.0.1:{graph.Port}/{SocialSchema.Database}")) };
        var byHand = graph.Client is { } client
            ? string.Create(CultureInfo.InvariantCulture, $"{Programs.Typed(client)} -p {graph.Port} GRAPH.QUERY {SocialSchema.Database} \"{Question}\"")
            : Ask(settings.Uri);
        return new DemoTarget(settings, string.Create(CultureInfo.InvariantCulture, $"embedded, in memory, port {graph.Port}"), byHand, graph);
    }

    public Task<IGraphReader> OpenReaderAsync(CancellationToken cancellationToken) => GraphReaders.OpenAsync(Settings, cancellationToken);

    public ValueTask DisposeAsync() => own?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<DemoTarget> NamedAsync(string uri, CancellationToken cancellationToken)
    {
        var named = QueryCommand.Address(uri);
        await using var reader = await GraphReaders.OpenAsync(named, cancellationToken);
        var count = (await reader.QueryAsync("MATCH (n) RETURN count(n)", cancellationToken)).Rows.FirstOrDefault()?[0] ?? "0";
        if (count != "0")
        {
            throw new PipelineFailure(FailureClass.Fatal,
                $"the graph at {named.Uri} holds {count} nodes; the demo needs an empty one: name another, or empty it with MATCH (n) DETACH DELETE n");
        }
        if (GraphReaders.IsFalkor(named.Uri)) return new DemoTarget(named, $"FalkorDB at {named.Uri}", Ask(named.Uri), null);
        var version = (await reader.QueryAsync("CALL dbms.components() YIELD versions RETURN versions[0]", cancellationToken)).Rows[0][0];
        var shell = Programs.OnPath("cypher-shell") is null ? Ask(named.Uri)
            : $"cypher-shell -a {named.Uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)} \"{Question}\"";
        return new DemoTarget(named, $"Neo4j {version} at {named.Uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)}", shell, null);
    }

    private static string Ask(Uri uri) => $"./polysync query --target {uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/')} \"{Question}\"";
}
