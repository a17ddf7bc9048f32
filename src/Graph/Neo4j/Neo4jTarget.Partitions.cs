using PolyglotSync.Graph.State;

namespace PolyglotSync.Graph.Neo4j;

/// <summary>Partitions, each with an owner and an offset of its own, as nodes like the pipeline's own: the same fence, one lock each.</summary>
internal sealed partial class Neo4jTarget
{
    private const string ClaimPartitions = "UNWIND $partitions AS p MERGE (s:__PolySync {pipeline: p[0]}) "
        + "ON CREATE SET s.source = p[1], s.partition = p[2], s.offset = -1, s.generation = 0 SET s.updated_at = datetime() "
        + $"WITH s SET s.generation = s.generation + 1, s.node = $node RETURN {PartitionText.Returned}";

    private const string ReadPartitions = $"MATCH (s:__PolySync) WHERE s.pipeline STARTS WITH $prefix RETURN {PartitionText.Returned}";

    private const string ReadSettledPartitions =
        $"UNWIND $partitions AS p MATCH (s:__PolySync {{pipeline: p[0]}}) SET s.lock = true REMOVE s.lock RETURN {PartitionText.Returned}";

    /// <summary>Moves all or none: where one is not its owner's any more, or not where the set moves on from, the others say still where they stand.</summary>
    private const string MovePartitions = "UNWIND $partitions AS p MATCH (s:__PolySync {pipeline: p[0]}) SET s.updated_at = datetime() WITH s, p WHERE s.generation = p[1] AND s.offset = p[2] "
        + "WITH count(s) AS held WHERE held = size($partitions) UNWIND $partitions AS p MATCH (s:__PolySync {pipeline: p[0]}) SET s.offset = p[3] RETURN count(s)";

    /// <summary>Marks all or none.</summary>
    private const string MarkPartitions = "UNWIND $partitions AS p MATCH (s:__PolySync {pipeline: p[0]}) SET s.updated_at = datetime() WITH s, p WHERE s.generation = p[1] "
        + "WITH collect(s) AS held WHERE size(held) = size($partitions) UNWIND held AS s SET s.barrier = $mark RETURN count(s)";

    public async Task<IReadOnlyList<PartitionState>> ClaimPartitionsAsync(string pipeline, IReadOnlyCollection<SourcePartition> partitions, CancellationToken cancellationToken)
    {
        await MakeAsync(Neo4jState.Constraint, cancellationToken);
        var claimed = PartitionText.Read(await AutoCommitAsync(ClaimPartitions, new Dictionary<string, object>(Named(pipeline, partitions)) { ["node"] = Node ?? "" }, cancellationToken)).ToDictionary(p => p.Partition);
        return [.. partitions.Select(p => claimed[p])];
    }

    public async Task<IReadOnlyList<PartitionState>> ReadPartitionsAsync(
        string pipeline, IReadOnlyCollection<SourcePartition>? partitions, CancellationToken cancellationToken) => PartitionText.Read(partitions is null
            ? await AutoCommitAsync(ReadPartitions, new Dictionary<string, object> { ["prefix"] = PartitionText.Prefix(pipeline) }, cancellationToken)
            : await AutoCommitAsync(ReadSettledPartitions, Named(pipeline, partitions), cancellationToken));

    public async Task MarkPartitionsAsync(string pipeline, IReadOnlyCollection<PartitionState> partitions, BarrierMark mark, CancellationToken cancellationToken)
    {
        if (partitions.Count == 0) return;
        var held = partitions.OrderBy(p => p.Partition).Select(object (p) => new object[] { PartitionText.Name(pipeline, p.Partition), p.Generation }).ToList();
        var marked = await AutoCommitAsync(MarkPartitions, new Dictionary<string, object> { ["partitions"] = held, ["mark"] = mark.ToString() }, cancellationToken);
        if (marked is [long count] && count == partitions.Count) return;
        throw PartitionText.WhyRefused(pipeline, Address, [.. partitions.Select(PartitionText.Standing)], await ReadPartitionsAsync(pipeline, [.. partitions.Select(p => p.Partition)], cancellationToken));
    }

    /// <summary>In the order of their names, as every other transaction locks them.</summary>
    private static Dictionary<string, object> Named(string pipeline, IEnumerable<SourcePartition> partitions) => new()
    {
        ["partitions"] = partitions.Order().Select(object (p) => new object[] { PartitionText.Name(pipeline, p), p.Source, (long)p.Partition }).ToList(),
    };

    private async Task FencePartitionsAsync(Neo4jRunner runner, string pipeline, WriteSet set, CancellationToken cancellationToken)
    {
        var moves = set.Partitions.OrderBy(m => m.Partition).Select(object (m) => new object[] { PartitionText.Name(pipeline, m.Partition), m.Generation, m.From, m.To }).ToList();
        var passed = await runner.RunAsync(MovePartitions, new Dictionary<string, object> { ["partitions"] = moves }, cancellationToken);
        if (passed is [long count] && count == moves.Count) return;
        var found = await runner.RunAsync(ReadSettledPartitions, Named(pipeline, set.Partitions.Select(m => m.Partition)), cancellationToken);
        throw PartitionText.WhyRefused(pipeline, Address, set, PartitionText.Read(found));
    }
}
