using System.Diagnostics;
using Microsoft.Extensions.Logging;
using PolyglotSync.Graph.Neo4j;
using PolyglotSync.Graph.Plans;
using PolyglotSync.Graph.Rounds;
using PolyglotSync.Graph.State;
using PolyglotSync.Graph.Values;
using PolyglotSync.Graph.Waiting;
using PolyglotSync.Graph.Writing;

namespace PolyglotSync.Graph.Falkor;

/// <summary>
/// FalkorDB over the Redis protocol. There is no rollback over several queries: every statement is idempotent, and the position is written last. What a crash left half
/// done is done again by the same changes as upserts.
/// </summary>
internal sealed partial class FalkorTarget : IGraphTarget, ICypherQueries
{
    private const string ReadState = $"MATCH (s:__PolySync {{pipeline: $pipeline}}) RETURN {StateText.Returned}";
    private const string CheckFence = $"MATCH (s:__PolySync {{pipeline: $pipeline}}) WHERE {FalkorRunner.Owned} RETURN s.generation";
    private const string WriteIntent = $"MATCH (s:__PolySync {{pipeline: $pipeline}}) WHERE {FalkorRunner.Owned} SET s.intent = $intent RETURN s.generation";
    private const string Move = $"MATCH (s:__PolySync {{pipeline: $pipeline}}) WHERE {FalkorRunner.Owned} SET s.position = $position, "
        + "s.watermark = $watermark, s.intent = $intent, s.updated_at = timestamp()";
    private const string Claim = "MERGE (s:__PolySync {pipeline: $pipeline}) WITH s WHERE $generation < 0 OR coalesce(s.generation, 0) = $generation "
        + "SET s.generation = coalesce(s.generation, 0) + 1, s.session = 0, s.node = $node, s.updated_at = timestamp() "
        + $"RETURN {StateText.Returned}";
    private const string OpenSession =
        "MATCH (s:__PolySync {pipeline: $pipeline}) WHERE s.generation = $generation AND s.session <= $session SET s.session = $session RETURN s.session";

    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    private readonly FalkorClient _client;
    private readonly LimitSettings _limits;
    private readonly ILogger _log;
    private readonly WaitingRelationships _waiting = new();
    private readonly RecordedState _recorded = new();
    private readonly CarriedLog _carried = new();
    private GraphPlan? _plan;
    private long _session;
    private bool _isDoubtful;

    public FalkorTarget(TargetSettings settings, LimitSettings limits, ILogger log)
    {
        var graph = Uri.UnescapeDataString(settings.Uri.AbsolutePath.Trim('/'));
        if (graph.Length == 0) graph = "polysync";
        _client = new FalkorClient(settings, graph);
        _limits = limits;
        _log = log;
        Address = $"{settings.Uri.Scheme}://{_client.Host}:{_client.Port}/{graph}";
    }

    public string Address { get; }

    /// <summary>What claims are signed with.</summary>
    public string? Node { get; init; }

    public bool IsAtomic => false;

    private GraphPlan Plan => _plan ?? throw new InvalidOperationException("the target is not prepared");

    public Task ConnectAsync(CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            await _client.PingAsync(cancellationToken);
            // answers 'unknown command' where the module is missing
            return await _client.QueryAsync("RETURN 1", cancellationToken);
        });

    public async Task PrepareAsync(GraphMapping mapping, DatabaseSchema schema, CancellationToken cancellationToken, ChangeOrder order = ChangeOrder.Whole)
    {
        Inference.MappingChecks.Require(mapping, schema);
        FalkorSchema.RequireNames(mapping);
        _plan = new GraphPlan(mapping, schema, GraphDialect.Falkor, order);
        await PerKey.OrderChecks.RequireAsync(this, Address, mapping, order, cancellationToken);
        await IndexAsync(FalkorSchema.Statements(_plan, schema), cancellationToken);
    }

    public async Task<TargetState> ClaimAsync(string pipeline, CancellationToken cancellationToken, long? onlyAfter = null)
    {
        await IndexAsync([FalkorSchema.State], cancellationToken);
        var values = await StateAsync(Claim, pipeline, cancellationToken, onlyAfter ?? -1);
        if (values.Count == 0) throw PipelineFailure.Fenced(pipeline, onlyAfter!.Value, Address);
        (_session, _isDoubtful) = (0, false);
        var state = StateText.Read(values);
        _waiting.Load(StateText.Waiting(values));
        _waiting.Copy = state.Copy;
        _recorded.Is(_recorded.Begin().Turn, state);
        _carried.Begin(await StateAsync(CarriedLog.Load, pipeline, cancellationToken), state.Intent);
        return state;
    }

    public async Task<TargetState?> ReadStateAsync(string pipeline, CancellationToken cancellationToken) =>
        await StateAsync(ReadState, pipeline, cancellationToken) is { Count: > 0 } values ? StateText.Read(values) : null;

    public async Task<WriteResult> ApplyAsync(string pipeline, WriteSet set, CancellationToken cancellationToken)
    {
        if (set.Partitions.Count > 0) return await ApplyKeyedAsync(pipeline, set, cancellationToken);
        using var runner = new FalkorRunner(_client, pipeline, set.Generation, _isDoubtful ? ++_session : _session);
        var started = Stopwatch.GetTimestamp();
        try
        {
            if (_isDoubtful) await RequireOwnerAsync(OpenSession, new Dictionary<string, string>());
            _isDoubtful = false;
            // what a crash leaves half written is known by this: the next run takes changes up to there for ones that may be in the graph
            if (set.State is { } wanted) await RequireOwnerAsync(WriteIntent, new Dictionary<string, string> { ["intent"] = wanted.Intent.ToString() });
            else await RequireOwnerAsync(CheckFence, new Dictionary<string, string>());
            foreach (var change in set.SchemaChanges) await SchemaWriter.ApplyAsync(Plan, change, runner.RunAsync, cancellationToken);
            if (set.State is { } known) _waiting.Copy = known.Copy;
            await IndexWaitingAsync(set, cancellationToken);
            StatementWriter writer = Plan.Order == ChangeOrder.PerKey
                ? new PerKey.KeyedWriter(Plan, set, runner, pipeline, _carried) : new WriteSetWriter(Plan, set, runner, pipeline, _waiting, _carried);
            await writer.WriteAsync(cancellationToken);
            if (writer is WriteSetWriter whole) _waiting.Add(whole.Found);
            Failpoint.Reach(Failpoint.BeforeCommit);
            if (set.State is { } state)
            {
                var values = new Dictionary<string, string>
                {
                    ["position"] = state.Position.ToString(), ["watermark"] = state.Watermark.ToString(), ["intent"] = state.Intent.ToString(),
                };
                var before = _recorded.Begin();
                var carriesCopy = !before.Holds(state.Copy);
                if (carriesCopy) values["copy"] = StateText.Copy(state.Copy);
                if (state.Offsets is not null) values["offsets"] = state.Offsets;
                var done = _carried.Done(state.Position);
                if (done.Count > 0) values["done"] = string.Join(',', done);
                await RequireOwnerAsync(WriteState(carriesCopy, before.Concerns(state.Offsets), state.Offsets is null, done.Count > 0), values);
                _recorded.Is(before.Turn, state);
                _carried.Forget(done);
            }
            else await RequireOwnerAsync(CheckFence, new Dictionary<string, string>());
            Failpoint.Reach(Failpoint.AfterCommit);
            return writer.Result(started);
        }
        catch (Exception e) when (e is not (PipelineFailure or OperationCanceledException))
        {
            // a statement whose answer did not come may still be on its way
            _isDoubtful |= e is not RespException;
            var failure = FalkorFailures.Classify(e, Address, runner.LastCypher);
            _log.WriteFailed(pipeline, failure.Class, failure.Message);
            throw failure;
        }

        async Task RequireOwnerAsync(string cypher, Dictionary<string, string> parameters)
        {
            if ((await runner.RunAsync(cypher, parameters, cancellationToken)).Count > 0) return;
            throw (await runner.RunAsync(ReadState, new Dictionary<string, string>(), cancellationToken)).Count == 0
                ? Neo4jState.Gone(pipeline, Address) : PipelineFailure.Fenced(pipeline, set.Generation, Address);
        }
    }

    public Task ProbeAsync(string pipeline, WriteSet set, CancellationToken cancellationToken) =>
        throw new NotSupportedException("FalkorDB cannot roll a write back: apply the halves of the set instead");

    public IReadOnlyList<IReadOnlyList<WriteSet>> Rounds(WriteSet set, int buckets) => Plan.Order == ChangeOrder.PerKey ? [[set]] : WriteRounds.Part(Plan, set, buckets, _limits.Writers, _waiting.Names);

    public Task<IReadOnlyList<IReadOnlyList<object?>>> QueryAsync(string cypher, CancellationToken cancellationToken) =>
        GuardAsync<IReadOnlyList<IReadOnlyList<object?>>>(async () => [.. await _client.QueryAsync(cypher, cancellationToken)]);

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string WriteState(bool carriesCopy, bool carriesOffsets, bool removesOffsets, bool forgets) => string.Concat(
        Move, carriesCopy ? ", s.copy = $copy" : "", !carriesOffsets ? "" : removesOffsets ? ", s.offsets = null" : ", s.offsets = $offsets",
        forgets ? CarriedLog.Forgetting("s") : "", " RETURN s.generation");

    private Task<IReadOnlyList<object?>> StateAsync(string cypher, string pipeline, CancellationToken cancellationToken, long generation = 0) =>
        GuardAsync(async () =>
        {
            using var runner = new FalkorRunner(_client, pipeline, generation, 0);
            return await runner.RunAsync(cypher, new Dictionary<string, string> { ["node"] = Node ?? "" }, cancellationToken);
        });

    private async Task IndexWaitingAsync(WriteSet set, CancellationToken cancellationToken)
    {
        foreach (var name in WriteSetWriter.Awaited(Plan, set.Operations, _waiting.Names).Where(n => !_waiting.IsIndexed(n)))
        {
            await IndexAsync(FalkorSchema.ForWaiting(Plan, name), cancellationToken);
            _waiting.SetIndexed(name);
        }
    }

    /// <summary>
    /// Indexes are filled in the background and take the place of the label's former one; a MERGE in that moment misses a node that was just given another key
    /// and makes it twice, so nothing is written before they are whole.
    /// </summary>
    private Task<bool> IndexAsync(IEnumerable<string> statements, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            foreach (var statement in statements) await IndexAsync(statement, cancellationToken);
            for (var pause = TimeSpan.FromMilliseconds(1); (await _client.QueryAsync(FalkorSchema.Unfinished, cancellationToken)).Count > 0;)
            {
                await Task.Delay(pause, cancellationToken);
                if (pause < LongestPause) pause *= 2;
            }
            return true;
        });

    private async Task IndexAsync(string statement, CancellationToken cancellationToken)
    {
        try
        {
            await _client.QueryAsync(statement, cancellationToken);
        }
        catch (RespException e) when (e.Message.Contains("already indexed", StringComparison.OrdinalIgnoreCase))
        {
            // there is no IF NOT EXISTS
        }
    }

    private async Task<T> GuardAsync<T>(Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception e) when (e is not (PipelineFailure or OperationCanceledException))
        {
            throw FalkorFailures.Classify(e, Address);
        }
    }
}
