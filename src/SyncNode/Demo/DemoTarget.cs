using System.Globalization;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Demo.Compare;
using PolyglotSync.SyncNode.Demo.Servers;
using PolyglotSync.SyncNode.Demo.World;
using PolyglotSync.SyncNode.Manifests;

namespace PolyglotSync.SyncNode.Demo;

/// <summary>The graph of a demo: its own embedded one, or one that a person named.</summary>
internal sealed class DemoTarget(TargetSettings settings, string byHand, EmbeddedGraph? own) : IAsyncDisposable
{
    public const string Question = "MATCH (u:User {handle: 'me'}) RETURN u.id, u.name";

    public TargetSettings Settings { get; } = settings;

    /// <summary>How a person asks it.</summary>
    public string ByHand { get; } = byHand;

    /// <param name="uri">null: an embedded graph.</param>
    public static async Task<DemoTarget> StartAsync(string? uri, ScratchFolder scratch, CancellationToken cancellationToken)
    {
        if (uri is not null)
        {
            var named = Named(uri);
            return new DemoTarget(named, IsFalkor(named.Uri) ? $"GRAPH.QUERY {named.Uri.AbsolutePath.Trim('/')} \"{Question}\"" : Question, null);
        }
        var graph = await EmbeddedGraph.StartAsync(scratch, cancellationToken);
        var settings = new TargetSettings { Uri = new Uri(string.Create(CultureInfo.InvariantCulture, $"falkor://127.0.0.1:{graph.Port}/{SocialSchema.Database}")) };
        var client = Path.GetFileName(graph.Client) ?? "redis-cli";
        return new DemoTarget(settings,
            string.Create(CultureInfo.InvariantCulture, $"{client} -p {graph.Port} GRAPH.QUERY {SocialSchema.Database} \"{Question}\""), graph);
    }

    public async Task<IGraphReader> OpenReaderAsync() => IsFalkor(Settings.Uri)
        ? await FalkorReader.ConnectAsync(Settings.Uri, Settings.User, Settings.Password)
        : new Neo4jReader(Settings);

    /// <exception cref="PipelineFailure">It holds something already: the demo would compare with what is not its own.</exception>
    public async Task RequireEmptyAsync(CancellationToken cancellationToken)
    {
        if (own is not null) return;
        await using var reader = await OpenReaderAsync();
        var count = (await reader.QueryAsync("MATCH (n) RETURN count(n)", cancellationToken))[0][0];
        if (count == "0") return;
        throw new PipelineFailure(FailureClass.Fatal,
            $"the graph at {Settings.Uri} holds {count} nodes; the demo needs an empty one: name another, or empty it with MATCH (n) DETACH DELETE n");
    }

    public ValueTask DisposeAsync() => own?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static bool IsFalkor(Uri uri) => uri.Scheme is "falkor" or "redis" or "rediss";

    private static TargetSettings Named(string uri)
    {
        try
        {
            return TargetAddress.Parse(uri, null, null, null, Environment.GetEnvironmentVariable);
        }
        catch (FormatException e)
        {
            throw new PipelineFailure(FailureClass.Fatal, $"--target: {e.Message}", e) { ExitCode = ExitCode.Usage };
        }
    }
}
