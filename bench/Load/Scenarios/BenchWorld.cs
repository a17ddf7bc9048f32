using PolyglotSync.Bench.Limit;
using PolyglotSync.Bench.Servers;

namespace PolyglotSync.Bench.Scenarios;

/// <summary>What a scenario works with.</summary>
/// <param name="Say">Tells a person what happens now; goes to stderr.</param>
internal sealed record BenchWorld(BenchSettings Settings, BenchServers Servers, BenchData Data, Action<string> Say)
{
    /// <summary>The limit of this run; scenarios that need none may run without.</summary>
    public LimitRates? Limit { get; set; }

    /// <summary>An empty graph and an empty database with the tables; the node is started on them once, so that the slot is there, and stopped.</summary>
    public async Task<BenchCase> FreshAsync(bool slotFirst, CancellationToken stop)
    {
        await Servers.Graph.WipeAsync();
        var dsn = await Servers.NewDatabaseAsync();
        var tables = await SourceTables.OpenAsync(dsn);
        await tables.CreateAsync();
        var made = new BenchCase(this, dsn, tables);
        if (!slotFirst) return made;
        await using var node = made.StartNode();
        await node.StreamAsync(stop);
        await node.StopAsync();
        return made;
    }
}

/// <summary>One scenario's database.</summary>
internal sealed record BenchCase(BenchWorld World, string Dsn, SourceTables Tables) : IAsyncDisposable
{
    private readonly string _prefix = $"bench_{Guid.NewGuid():N}";

    /// <summary>A node that takes changes from PostgreSQL to the graph, through Kafka where the run is of that.</summary>
    public NodeUnderLoad StartNode() => NodeUnderLoad.Run(Manifest("embedded"));

    /// <summary>One that takes them as far as the topics.</summary>
    public NodeUnderLoad StartCapture() => NodeUnderLoad.Capture(Manifest("separate"));

    /// <summary>One that takes them from there.</summary>
    public NodeUnderLoad StartReader() => NodeUnderLoad.Run(Manifest("separate"));

    private string Manifest(string capture) => $$"""
        pipeline: {{NodeUnderLoad.Pipeline}}
        consistency: {{World.Settings.Consistency.ToString().ToLowerInvariant()}}
        source: { dsn: "{{Dsn}}" }
        target: { uri: "{{World.Servers.Target.ToString().TrimEnd('/')}}" }
        limits: { {{World.Settings.Limits}} }
        {{Kafka(capture)}}
        """;

    private string Kafka(string capture) => World.Servers.Kafka is not { } broker ? ""
        : $$"""kafka: { bootstrap_servers: ["{{broker}}"], prefix: {{_prefix}}, partitions: 4, replication_factor: 1, capture: {{capture}} }""";

    /// <summary>The graph must hold exactly this, or the figures are worth nothing.</summary>
    public async Task VerifyAsync(long users, long follows, long ages)
    {
        var found = await World.Servers.Graph.CountAsync();
        if (found != (users, follows, ages))
            throw new InvalidOperationException($"the graph holds {found.Users} users, {found.Follows} follows and ages of {found.Ages} in sum, not {users}, {follows} and {ages}");
    }

    /// <summary>The same, with what the tables hold.</summary>
    public async Task VerifyAsync() => await VerifyAsync(
        await Tables.ScalarAsync("SELECT count(*) FROM users"), await Tables.ScalarAsync("SELECT count(*) FROM follows"), await Tables.ScalarAsync("SELECT coalesce(sum(age), 0) FROM users"));

    public async ValueTask DisposeAsync()
    {
        await Tables.DisposeAsync();
        await World.Servers.DropAsync(Dsn);
    }
}
