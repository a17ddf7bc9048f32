using PolyglotSync.Graph.Tests.Compliance;

namespace PolyglotSync.Graph.Tests.PerKey;

/// <summary>A graph and the partitions that this owner has of its topics.</summary>
internal sealed class KeyedWorld(GraphWorld graph) : IAsyncDisposable
{
    private readonly Dictionary<SourcePartition, PartitionState> _owned = [];

    public GraphWorld Graph { get; } = graph;

    public Rows Rows => Graph.Rows;

    public async Task<KeyedWorld> ClaimAsync(params SourcePartition[] partitions)
    {
        foreach (var state in await Graph.Target.ClaimPartitionsAsync(GraphWorld.Pipeline, partitions, default)) _owned[state.Partition] = state;
        return this;
    }

    public PartitionState StateOf(SourcePartition partition) => _owned[partition];

    /// <summary>A set that brings a partition on by its operations.</summary>
    public WriteSet Set(SourcePartition partition, params RowOperation[] operations) => Set(new Dictionary<SourcePartition, int> { [partition] = operations.Length }, operations);

    /// <param name="messages">How many are taken of each partition.</param>
    public WriteSet Set(IReadOnlyDictionary<SourcePartition, int> messages, params RowOperation[] operations) => new()
    {
        Operations = operations, Generation = 0,
        Partitions = [.. messages.Select(m => new PartitionMove(m.Key, _owned[m.Key].Offset, Math.Max(0, _owned[m.Key].Offset) + m.Value, _owned[m.Key].Generation))],
    };

    public async Task ApplyAsync(WriteSet set)
    {
        await Graph.Target.ApplyAsync(GraphWorld.Pipeline, set, default);
        foreach (var move in set.Partitions) _owned[move.Partition] = _owned[move.Partition] with { Offset = move.To };
    }

    public Task ApplyAsync(params RowOperation[] operations) => ApplyAsync(Set(Only, operations));

    public Task<string[]> AskAsync(string cypher) => Graph.AskAsync(cypher);

    /// <summary>Labels and keys of all placeholders that the social schema can have.</summary>
    public Task<string[]> PlaceholdersAsync() => AskAsync("MATCH (n:__Placeholder) RETURN n.id, n.email, n.tenant, n.no, size(keys(n)), size(labels(n))");

    public ValueTask DisposeAsync() => Graph.DisposeAsync();

    private static SourcePartition Only => new("shop.public.all", 0);
}
