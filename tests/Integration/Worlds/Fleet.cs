using PolyglotSync.Contracts;
using PolyglotSync.Testing.Node;

namespace PolyglotSync.Integration.Worlds;

/// <summary>Three nodes that run the same four manifests, and a capture for all of them: two pipelines by whole cuts, of which one node writes each, two whose partitions the nodes share.</summary>
public sealed class Fleet : IAsyncDisposable
{
    private readonly World _world;
    private readonly string _folder = Directory.CreateTempSubdirectory("polysync-fleet-").FullName;
    private readonly Dictionary<string, SyncNodeProcess> _nodes = [];
    private readonly List<string> _said = [];
    private SyncNodeProcess? _capture;

    private Fleet(World world) => _world = world;

    public static IReadOnlyList<string> Whole { get; } = ["bank", "crm"];

    public static IReadOnlyList<string> Shared { get; } = ["shop", "feed"];

    public static IReadOnlyList<string> Pipelines { get; } = [.. Whole, .. Shared];

    /// <summary>Names of the nodes that run.</summary>
    public IReadOnlyCollection<string> Running => _nodes.Keys;

    public SyncNodeProcess this[string node] => _nodes[node];

    /// <summary>What all processes have said, those that are gone too.</summary>
    public string Says => string.Join('\n', [.. _said, .. _nodes.Select(n => $"== {n.Key}\n{Tail(n.Value.Error)}"), $"== capture\n{Tail(_capture?.Error ?? "")}"]);

    /// <param name="world">With a schema for each pipeline.</param>
    /// <param name="broker"><c>host:port</c>.</param>
    public static async Task<Fleet> StartAsync(World world, string broker)
    {
        var fleet = new Fleet(world);
        foreach (var pipeline in Pipelines) await fleet.WriteAsync(pipeline, broker);
        fleet._capture = SyncNodeProcess.Capture(new Dictionary<string, string>(), [.. Pipelines.Select(fleet.FileOf), "--node", "capture"]);
        foreach (var node in (string[])["node-1", "node-2", "node-3"]) fleet.Start(node);
        return fleet;
    }

    public void Start(string node) => _nodes.Add(node, SyncNodeProcess.Run(ArgumentsOf(node)));

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync(string node)
    {
        await _nodes[node].KillAsync();
        await ForgetAsync(node);
    }

    /// <summary>SIGTERM, which must end it in good order.</summary>
    public async Task TerminateAsync(string node)
    {
        var code = await _nodes[node].TerminateAsync(TimeSpan.FromSeconds(30));
        var error = _nodes[node].Error;
        await ForgetAsync(node);
        code.ShouldBe(0, error);
    }

    public Task<PipelineStatus?> StatusAsync(string node, string pipeline) => StatusAsync(_nodes[node], pipeline);

    /// <summary>Waits until all nodes that run say the same of each pipeline: that nodes that run do its work, the shared ones' every one of them, and that whoever does it streams.</summary>
    public Task UntilSharedAsync(TimeSpan within, string what) => Eventually.AsyncTrue(async () =>
    {
        foreach (var pipeline in Pipelines)
        {
            var seen = new Dictionary<string, PipelineStatus>();
            foreach (var (name, node) in _nodes)
            {
                if (await StatusAsync(node, pipeline) is not { } status) return false;
                seen.Add(name, status);
            }
            if (!(Shared.Contains(pipeline) ? AllShare(seen) : OneWrites(seen))) return false;
        }
        return true;
    }, within, what, () => Says);

    /// <summary>Waits until a pipeline's graph holds all that is committed now, as any node sees it that does its work.</summary>
    public async Task CatchUpAsync(string pipeline, TimeSpan within)
    {
        var now = (await _world.ScalarAsync<string>("select pg_logical_emit_message(true, 'polysync-test', 'now')::text"))!;
        await Eventually.AsyncTrue(async () =>
        {
            foreach (var node in _nodes.Values)
                if (await StatusAsync(node, pipeline) is { } status && Lsn.Parse(status.Watermark) >= Lsn.Parse(now)) return true;
            return false;
        }, within, $"{pipeline} goes on to {now}", () => Says);
    }

    /// <summary>Dead letters of a pipeline, where its work is done.</summary>
    public async Task<long> DeadLettersAsync(string pipeline)
    {
        var letters = 0L;
        foreach (var node in _nodes.Values) letters += (await StatusAsync(node, pipeline))!.DeadLetters;
        return letters;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.Values) await node.DisposeAsync();
        if (_capture is not null) await _capture.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static bool OneWrites(Dictionary<string, PipelineStatus> seen)
    {
        if (seen.Values.Select(s => s.ActiveNode).Distinct().ToList() is not [{ } active] || !seen.TryGetValue(active, out var writer)) return false;
        return writer.State == PipelineState.Streaming && seen.All(s => s.Key == active || s.Value.State == PipelineState.Standby);
    }

    private static bool AllShare(Dictionary<string, PipelineStatus> seen) => seen.Values.All(s => s.State == PipelineState.Streaming && s.Partitions.Count > 0 && s.Partitions.All(p => p.Node is not null)
        && s.Partitions.Select(p => p.Node!).Distinct().Order(StringComparer.Ordinal).SequenceEqual(seen.Keys.Order(StringComparer.Ordinal)));

    private static async Task<PipelineStatus?> StatusAsync(SyncNodeProcess node, string pipeline) =>
        node.HasExited ? throw new InvalidOperationException($"a node ended with {node.ExitCode}:\n{node.Error}") : (await node.Api.StatusAsync(pipeline))?.Pipeline;

    private async Task ForgetAsync(string node)
    {
        _said.Add($"== {node}, which ended\n{Tail(_nodes[node].Error)}");
        await _nodes[node].DisposeAsync();
        _nodes.Remove(node);
    }

    private string FileOf(string pipeline) => Path.Combine(_folder, $"{pipeline}.yaml");

    private string[] ArgumentsOf(string node) => [_folder, "--node", node];

    private Task WriteAsync(string pipeline, string broker) => File.WriteAllTextAsync(FileOf(pipeline), $"""
        pipeline: {pipeline}
        source:
          dsn: "{_world.Source}"
          schemas: [{pipeline}]
        target:
          uri: "{_world.Target}"
        consistency: {(Shared.Contains(pipeline) ? "parallel" : "transactional")}
        kafka:
          capture: separate
          bootstrap_servers: ["{broker}"]
          prefix: "{_world.Database}-{pipeline}"
          group_id: "{_world.Database}-{pipeline}"
          session_timeout_ms: 6000
        """);

    private static string Tail(string text) => text.Length <= 6_000 ? text : "…" + text[^6_000..];
}
