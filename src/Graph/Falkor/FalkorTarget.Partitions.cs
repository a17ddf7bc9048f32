using System.Collections.Concurrent;
using System.Diagnostics;
using PolyglotSync.Graph.PerKey;
using PolyglotSync.Graph.State;
using PolyglotSync.Graph.Writing;

namespace PolyglotSync.Graph.Falkor;

/// <summary>
/// Partitions, each with an owner and an offset of its own. A set's statements are idempotent, each by itself leaves what the rows known so far make, and the offsets move last: what was cut short
/// is written again. A set is known to be in doubt for as long as one of its partitions has not opened another session, so what it delivers late is older than nothing.
/// </summary>
internal sealed partial class FalkorTarget
{
    private const string ClaimPartitions = "UNWIND $held AS h MERGE (s:__PolySync {pipeline: h[0]}) SET s.generation = coalesce(s.generation, 0) + 1, s.session = 0, s.offset = coalesce(s.offset, -1), "
        + $"s.source = split(h[0], '/')[1], s.partition = h[4], s.node = $node, s.updated_at = timestamp() RETURN {PartitionText.Returned}";

    private const string ReadPartitions = $"MATCH (s:__PolySync) WHERE s.pipeline STARTS WITH $prefix RETURN {PartitionText.Returned}";
    private const string ReadTheirs = $"UNWIND $held AS h MATCH (s:__PolySync {{pipeline: h[0]}}) RETURN {PartitionText.Returned}";
    private const string OpenSessions = "UNWIND $held AS h MATCH (s:__PolySync {pipeline: h[0]}) WHERE s.generation = h[1] AND s.session <= h[2] SET s.session = h[2] RETURN count(s)";
    private const string CheckPartitions = $"UNWIND $held AS h MATCH (s:__PolySync {{pipeline: h[0]}}) WHERE {FalkorRunner.OwnedPartition} AND s.offset = h[3] RETURN count(s)";

    private const string MovePartitions = $"UNWIND $held AS h MATCH (s:__PolySync {{pipeline: h[0]}}) WHERE {FalkorRunner.OwnedPartition} AND s.offset = h[3] WITH count(s) AS held WHERE held = size($held) "
        + "UNWIND $held AS h MATCH (s:__PolySync {pipeline: h[0]}) SET s.offset = h[4], s.updated_at = timestamp() WITH count(s) AS moved";

    private const string Moved = " RETURN max(moved)";

    private const string MarkPartitions = "UNWIND $held AS h MATCH (s:__PolySync {pipeline: h[0]}) WHERE s.generation = h[1] WITH count(s) AS held WHERE held = size($held) "
        + "UNWIND $held AS h MATCH (s:__PolySync {pipeline: h[0]}) SET s.barrier = $mark RETURN count(s)";

    private readonly ConcurrentDictionary<string, (long Session, bool IsDoubtful)> _sessions = new();

    public async Task<IReadOnlyList<PartitionState>> ClaimPartitionsAsync(string pipeline, IReadOnlyCollection<SourcePartition> partitions, CancellationToken cancellationToken)
    {
        await IndexAsync([FalkorSchema.State], cancellationToken);
        if (partitions.Count == 0) return [];
        var claimed = PartitionText.Read(await PartitionsAsync(ClaimPartitions, pipeline, partitions, cancellationToken)).ToDictionary(p => p.Partition);
        foreach (var partition in partitions) _sessions[PartitionText.Name(pipeline, partition)] = (0, false);
        _carried.Begin(await StateAsync(CarriedLog.Load, pipeline, cancellationToken), intent: null);
        return [.. partitions.Select(p => claimed[p])];
    }

    public async Task<IReadOnlyList<PartitionState>> ReadPartitionsAsync(string pipeline, IReadOnlyCollection<SourcePartition>? partitions, CancellationToken cancellationToken) =>
        partitions is { Count: 0 } ? [] : PartitionText.Read(await PartitionsAsync(partitions is null ? ReadPartitions : ReadTheirs, pipeline, partitions ?? [], cancellationToken));

    public async Task MarkPartitionsAsync(string pipeline, IReadOnlyCollection<PartitionState> partitions, BarrierMark mark, CancellationToken cancellationToken)
    {
        if (partitions.Count == 0) return;
        var moves = partitions.Select(PartitionText.Standing).ToList();
        var marked = await GuardAsync(async () =>
        {
            using var runner = new FalkorRunner(_client, pipeline, [.. moves.Select(m => new PartitionHold(PartitionText.Name(pipeline, m.Partition), 0, m))]);
            return await runner.RunAsync(MarkPartitions, new Dictionary<string, string> { ["mark"] = mark.ToString() }, cancellationToken);
        });
        if (marked is [long count] && count == partitions.Count) return;
        throw PartitionText.WhyRefused(pipeline, Address, moves, await ReadPartitionsAsync(pipeline, [.. partitions.Select(p => p.Partition)], cancellationToken));
    }

    private Task<IReadOnlyList<object?>> PartitionsAsync(string cypher, string pipeline, IEnumerable<SourcePartition> partitions, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        using var runner = new FalkorRunner(_client, pipeline, [.. partitions.Select(p => new PartitionHold(PartitionText.Name(pipeline, p), 0, new PartitionMove(p, 0, p.Partition, 0)))]);
        return await runner.RunAsync(cypher, new Dictionary<string, string> { ["prefix"] = PartitionText.Prefix(pipeline), ["node"] = Node ?? "" }, cancellationToken);
    });

    private async Task<WriteResult> ApplyKeyedAsync(string pipeline, WriteSet set, CancellationToken cancellationToken)
    {
        var held = set.Partitions.Select(move => Hold(pipeline, move)).ToList();
        using var runner = new FalkorRunner(_client, pipeline, held);
        var started = Stopwatch.GetTimestamp();
        try
        {
            if (held.Exists(h => _sessions[h.Name].IsDoubtful)) await RequireAllAsync(OpenSessions);
            foreach (var hold in held) _sessions[hold.Name] = (hold.Session, false);
            await RequireAllAsync(CheckPartitions);
            foreach (var change in set.SchemaChanges) await SchemaWriter.ApplyAsync(Plan, change, runner.RunAsync, cancellationToken);
            var writer = new KeyedWriter(Plan, set, runner, pipeline, _carried);
            await writer.WriteAsync(cancellationToken);
            Failpoint.Reach(Failpoint.BeforeCommit);
            // what is tried by itself comes again with the rest
            IReadOnlyList<string> done = set.IsPart ? [] : _carried.Done(null);
            await RequireAllAsync(done.Count == 0 ? MovePartitions + Moved : MovePartitions + CarriedLog.Forgetting("moved") + Moved, ("done", string.Join(',', done)));
            _carried.Forget(done);
            Failpoint.Reach(Failpoint.AfterCommit);
            return writer.Result(started);
        }
        catch (Exception e) when (e is not PipelineFailure)
        {
            // a statement whose answer did not come may still be on its way
            if (e is not RespException)
                foreach (var hold in held) _sessions.AddOrUpdate(hold.Name, (hold.Session, true), (_, known) => (known.Session, true));
            if (e is OperationCanceledException) throw;
            var failure = FalkorFailures.Classify(e, Address, runner.LastCypher);
            _log.WriteFailed(pipeline, failure.Class, failure.Message);
            throw failure;
        }

        async Task RequireAllAsync(string cypher, params (string Name, string Value)[] parameters)
        {
            if (await runner.RunAsync(cypher, parameters.ToDictionary(p => p.Name, p => p.Value), cancellationToken) is [long count] && count == held.Count) return;
            throw PartitionText.WhyRefused(pipeline, Address, set, PartitionText.Read(await runner.RunAsync(ReadTheirs, new Dictionary<string, string>(), cancellationToken)));
        }
    }

    /// <summary>In doubt, the next session: it is opened before anything is written.</summary>
    private PartitionHold Hold(string pipeline, PartitionMove move)
    {
        var name = PartitionText.Name(pipeline, move.Partition);
        var (session, isDoubtful) = _sessions.GetOrAdd(name, (0, false));
        return new PartitionHold(name, isDoubtful ? session + 1 : session, move);
    }
}
