using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using PolyglotSync.Contracts;
using PolyglotSync.Integration.Servers;
using PolyglotSync.Integration.Worlds;
using PolyglotSync.Testing;
using PolyglotSync.Testing.Node;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Scenarios;

/// <summary>Three processes of role cluster and four pipelines: they share them out, and what a node that dies or leaves had goes on elsewhere.</summary>
[Collection(Lane.Falkor)]
[Trait("Category", "Integration")]
[Trait("Length", "Long")]
public sealed class ClusterTests(RealServers servers) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };
    private readonly string _folder = Directory.CreateTempSubdirectory("polysync-cluster-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public async Task Pipelines_are_shared_out_and_move_from_nodes_that_die_or_leave()
    {
        Skip.If(!File.Exists(Path.Combine(Path.GetDirectoryName(NodeProgram.Path)!, "Akka.Remote.dll")), "the program was built on stand-ins: Akka.Cluster's is one node (the real packages are not in this feed)");
        var worlds = new List<World>();
        var nodes = new List<SyncNodeProcess>();
        try
        {
            for (var i = 0; i < 4; i++) worlds.Add(await WithRowsAsync());
            var ports = new[] { FreePort.Next(), FreePort.Next(), FreePort.Next() };
            foreach (var port in ports) nodes.Add(await StartAsync(worlds, port, ports));
            var (first, second, third) = (nodes[0], nodes[1], nodes[2]);
            await UntilAsync(first, 4, ports);
            (await StatusAsync(first)).GroupBy(p => p.Node).Select(g => g.Count()).Order().ShouldBe([1, 1, 2]);

            // a pause from a node that does not run it, and it stays so when it moves
            var moving = (await StatusAsync(first)).First(p => p.Node!.EndsWith(ports[2].ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)).Name;
            var pause = await SyncNodeProcess.CommandAsync(Eventually.Patience, "pause", "-p", moving, "--reason", "night", "--api", Api(second), "--token-file", TokenFile);
            pause.ExitCode.ShouldBe(0, pause.Error);
            await third.KillAsync();
            foreach (var world in worlds) await world.SqlAsync("insert into t select i, 'while one is dead' from generate_series(2000, 2100) i");
            await UntilAsync(first, 3, ports[..2], paused: moving);
            (await SyncNodeProcess.CommandAsync(Eventually.Patience, "resume", "-p", moving, "--api", Api(first), "--token-file", TokenFile)).ExitCode.ShouldBe(0);
            await UntilAsync(first, 4, ports[..2]);

            (await second.TerminateAsync(TimeSpan.FromSeconds(60))).ShouldBe(0, second.Error);
            foreach (var world in worlds) await world.SqlAsync("update t set name = 'one has left'; delete from t where id % 7 = 0");
            await UntilAsync(first, 4, ports[..1]);
            foreach (var world in worlds) await Eventually.AsyncTrue(async () => (await world.DifferencesAsync()).Count == 0, what: $"the graph of {world.Database} agrees", otherwise: () => first.Error);
        }
        finally
        {
            foreach (var node in nodes) await node.DisposeAsync();
            foreach (var world in worlds) await world.DisposeAsync();
        }
    }

    private string TokenFile => Path.Combine(_folder, "token");

    private async Task<World> WithRowsAsync()
    {
        var world = await World.NewAsync(servers, GraphKind.Falkor);
        await world.SqlAsync("create table t (id int primary key, name text); insert into t select i, 'a' from generate_series(1, 1000) i");
        return world;
    }

    /// <summary>Each with a folder of its own with the same manifests.</summary>
    private async Task<SyncNodeProcess> StartAsync(List<World> worlds, int port, int[] ports)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, port.ToString(CultureInfo.InvariantCulture))).FullName;
        foreach (var world in worlds)
            await File.WriteAllTextAsync(Path.Combine(folder, $"{world.Database}.yaml"), $"pipeline: {world.Database.Replace('_', '-')}\nsource: {{ dsn: \"{world.Source}\" }}\ntarget: {{ uri: \"{world.Target}\" }}\n");
        await File.WriteAllTextAsync(TokenFile, "a token of sixteen characters and more");
        var environment = new Dictionary<string, string> { ["POLYSYNC_API_TOKEN_FILE"] = TokenFile };
        return SyncNodeProcess.Run(environment, folder, "--role", "cluster", "--journal", worlds[0].Source, "--cluster-port", port.ToString(CultureInfo.InvariantCulture),
            "--cluster-seeds", string.Join(',', ports.Select(p => $"127.0.0.1:{p}")), "--cluster-min-members", "3", "--cluster-stable-after", "3s");
    }

    /// <summary>Waits until so many stream, all on these nodes.</summary>
    private static Task UntilAsync(SyncNodeProcess asked, int streaming, int[] ports, string? paused = null) => Eventually.AsyncTrue(async () =>
    {
        if (asked.HasExited) throw new InvalidOperationException($"the node ended with {asked.ExitCode}:\n{asked.Error}");
        var all = await StatusAsync(asked);
        return all.Count(p => p.State == PipelineState.Streaming) == streaming && all.All(p => p.Node is { } node && ports.Any(port => node.EndsWith($":{port}", StringComparison.Ordinal)))
            && all.All(p => p.Name != paused || p.State == PipelineState.Paused);
    }, TimeSpan.FromSeconds(120), $"{streaming} pipelines stream on {string.Join(", ", ports)}", () => asked.Error);

    private static async Task<IReadOnlyList<PipelineStatus>> StatusAsync(SyncNodeProcess node)
    {
        using var http = new HttpClient { BaseAddress = node.Api.Address, Timeout = TimeSpan.FromSeconds(20) };
        try
        {
            using var response = await http.GetAsync("/api/pipelines");
            return response.IsSuccessStatusCode ? JsonSerializer.Deserialize<List<PipelineStatus>>(await response.Content.ReadAsStringAsync(), Json) ?? [] : [];
        }
        catch (HttpRequestException)
        {
            return [];
        }
    }

    private static string Api(SyncNodeProcess node) => node.Api.Address.GetLeftPart(UriPartial.Authority);
}
