using System.Globalization;

namespace PolyglotSync.Graph.State;

/// <summary>A partition's state as the properties of its node <c>:__PolySync</c>: beside others of the pipeline, under a name that no pipeline can have.</summary>
internal static class PartitionText
{
    /// <summary>What is collected for <see cref="Read"/>.</summary>
    public const string Returned = "collect([s.source, s.partition, s.offset, s.generation, s.barrier, s.node])";

    /// <summary>Begins the names of all partitions of a pipeline.</summary>
    public static string Prefix(string pipeline) => $"{pipeline}/";

    public static string Name(string pipeline, SourcePartition partition) => Prefix(pipeline) + partition;

    public static IReadOnlyList<PartitionState> Read(IReadOnlyList<object?> record) => record is not [System.Collections.IEnumerable found] ? [] :
        [.. found.Cast<System.Collections.IEnumerable>().Select(f => f.Cast<object?>().ToList()).Select(f => new PartitionState(
            new SourcePartition((string)f[0]!, (int)(long)f[1]!), (long)f[2]!, (long)f[3]!) { Mark = BarrierMark.Parse(f[4] as string), Node = f[5] is string { Length: > 0 } node ? node : null }).OrderBy(p => p.Partition)];

    /// <summary>For a statement that only has to be the owner's.</summary>
    public static PartitionMove Standing(PartitionState state) => new(state.Partition, state.Offset, state.Offset, state.Generation);

    /// <summary>Why the fence held a set off.</summary>
    /// <param name="found">What the target holds of the set's partitions.</param>
    public static PipelineFailure WhyRefused(string pipeline, string address, WriteSet set, IReadOnlyList<PartitionState> found) => WhyRefused(pipeline, address, set.Partitions, found);

    /// <inheritdoc cref="WhyRefused(string, string, WriteSet, IReadOnlyList{PartitionState})"/>
    /// <param name="moves">What it was to do with its partitions.</param>
    public static PipelineFailure WhyRefused(string pipeline, string address, IReadOnlyList<PartitionMove> moves, IReadOnlyList<PartitionState> found)
    {
        foreach (var move in moves)
        {
            var state = found.FirstOrDefault(f => f.Partition == move.Partition);
            if (state.Generation == 0)
            {
                return new PipelineFailure(FailureClass.Fatal, $"the graph at {address} does not hold how far partition {move.Partition} of pipeline '{pipeline}' is (:__PolySync): it was deleted, or "
                    + "its server lost it; delete what is left of the pipeline's data there and start again from the beginning of the topics")
                { ExitCode = ExitCode.TargetUnavailable };
            }
            if (state.Generation != move.Generation)
            {
                return new PipelineFailure(FailureClass.Fenced, string.Create(CultureInfo.InvariantCulture,
                    $"another node has taken partition {move.Partition} of pipeline '{pipeline}' over at {address} (this one's generation was {move.Generation}, now it is {state.Generation})"))
                { ExitCode = ExitCode.Fenced };
            }
        }
        var elsewhere = found.Where(f => moves.Any(m => m.Partition == f.Partition && m.From != f.Offset)).Select(f => $"{f.Partition} stands at {f.Offset}");
        return new PipelineFailure(FailureClass.Transient,
            $"{address}: an earlier write of pipeline '{pipeline}', whose answer was lost, has come late ({string.Join(", ", elsewhere)}); its partitions are read again")
        { ExitCode = ExitCode.TargetUnavailable };
    }
}
