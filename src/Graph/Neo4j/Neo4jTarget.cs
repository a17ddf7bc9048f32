using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Neo4j.Driver;
using PolyglotSync.Graph.PerKey;
using PolyglotSync.Graph.Plans;
using PolyglotSync.Graph.Rounds;
using PolyglotSync.Graph.State;
using PolyglotSync.Graph.Values;
using PolyglotSync.Graph.Waiting;
using PolyglotSync.Graph.Writing;

namespace PolyglotSync.Graph.Neo4j;

/// <summary>Neo4j over Bolt. A write set is one transaction without the driver's own retries: the pipeline decides what is tried again.</summary>
internal sealed partial class Neo4jTarget : IGraphTarget, ICypherQueries
{
    private const int MakeTries = 10;
    private static readonly TimeSpan MakeAgainAfter = TimeSpan.FromMilliseconds(50);

    private readonly TargetSettings _settings;
    private readonly LimitSettings _limits;
    private readonly Neo4jConnections _connections;
    private readonly Microsoft.Extensions.Logging.ILogger _log;
    private readonly WaitingRelationships _waiting = new();
    private readonly ConcurrentDictionary<string, RecordedState> _recorded = new();
    private GraphPlan? _plan;
    private int _nextSlot;

    public Neo4jTarget(TargetSettings settings, LimitSettings limits, Microsoft.Extensions.Logging.ILogger log)
    {
        _settings = settings;
        _limits = limits;
        _log = log;
        Address = Neo4jConnections.Describe(settings);
        try
        {
            _connections = new Neo4jConnections(settings, limits, log);
        }
        catch (Exception e) when (e is not PipelineFailure)
        {
            throw Neo4jFailures.Classify(e, Address);
        }
    }

    public string Address { get; }

    /// <summary>What claims are signed with.</summary>
    public string? Node { get; init; }

    public bool IsAtomic => true;

    private GraphPlan Plan => _plan ?? throw new InvalidOperationException("the target is not prepared");

    public Task ConnectAsync(CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            await _connections.VerifyAsync(cancellationToken);
            return true;
        });

    public async Task PrepareAsync(GraphMapping mapping, DatabaseSchema schema, CancellationToken cancellationToken, ChangeOrder order = ChangeOrder.Whole)
    {
        Inference.MappingChecks.Require(mapping, schema);
        _plan = new GraphPlan(mapping, schema, GraphDialect.Neo4j, order);
        await OrderChecks.RequireAsync(this, Address, mapping, order, cancellationToken);
        foreach (var statement in Neo4jSchema.Statements(_plan, schema)) await MakeAsync(statement, cancellationToken);
        await AwaitIndexesAsync(cancellationToken);
    }

    public async Task<TargetState> ClaimAsync(string pipeline, CancellationToken cancellationToken, long? onlyAfter = null)
    {
        await MakeAsync(Neo4jState.Constraint, cancellationToken);
        var values = await StateAsync(Neo4jState.Claim, pipeline, cancellationToken, onlyAfter ?? -1);
        if (values.Count == 0) throw PipelineFailure.Fenced(pipeline, onlyAfter!.Value, Address);
        var state = StateText.Read(values);
        _waiting.Load(StateText.Waiting(values));
        _waiting.Copy = state.Copy;
        var recorded = Recorded(pipeline);
        recorded.Is(recorded.Begin().Turn, state);
        return state;
    }

    public async Task<TargetState?> ReadStateAsync(string pipeline, CancellationToken cancellationToken)
    {
        var recorded = Recorded(pipeline);
        var known = recorded.Look();
        if (await StateAsync(Neo4jState.ReadSettled, pipeline, cancellationToken) is not { Count: > 0 } values) return null;
        var state = StateText.Read(values);
        if (known.Position is null && state.Generation == known.Generation) recorded.Is(known.Turn, state);
        return state;
    }

    public async Task<TargetState?> LookAsync(string pipeline, CancellationToken cancellationToken) =>
        await StateAsync(Neo4jState.Read, pipeline, cancellationToken) is { Count: > 0 } values ? StateText.Read(values) : null;

    public async Task<WriteResult> ApplyAsync(string pipeline, WriteSet set, CancellationToken cancellationToken)
    {
        if (set.SchemaChanges.Count > 0)
        {
            foreach (var change in set.SchemaChanges)
                await SchemaWriter.ApplyAsync(Plan, change, (cypher, token) => AutoCommitAsync(cypher, [], token), cancellationToken);
        }
        if (set.State is { } state) _waiting.Copy = state.Copy;
        await IndexWaitingAsync(set, cancellationToken);
        var recorded = Recorded(pipeline);
        var known = set.State is null ? default : recorded.Begin();
        var result = await WriteWholeAsync(pipeline, set, known, cancellationToken) ?? await TransactAsync(pipeline, set, known, isProbe: false, cancellationToken);
        if (set.State is { } committed) recorded.Is(known.Turn, committed);
        return result;
    }

    public Task ProbeAsync(string pipeline, WriteSet set, CancellationToken cancellationToken) =>
        TransactAsync(pipeline, set, default, isProbe: true, cancellationToken);

    public IReadOnlyList<IReadOnlyList<WriteSet>> Rounds(WriteSet set, int buckets) => Plan.Order == ChangeOrder.PerKey ? [[set]] : WriteRounds.Part(Plan, set, buckets, _limits.Writers, _waiting.Names);

    public Task<IReadOnlyList<IReadOnlyList<object?>>> QueryAsync(string cypher, CancellationToken cancellationToken) =>
        GuardAsync<IReadOnlyList<IReadOnlyList<object?>>>(async () =>
        {
            await using var session = _connections.Session();
            var cursor = await session.RunAsync(cypher);
            var records = new List<IReadOnlyList<object?>>();
            while (await cursor.FetchAsync()) records.Add([.. cursor.Current.Keys.Select(k => cursor.Current[k])]);
            return records;
        }, cypher);

    public async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync();
        await _connections.DisposeAsync();
        _disposed.Dispose();
    }

    internal IAsyncSession Session() => _connections.Session();

    internal Task<IReadOnlyList<object?>> AutoCommitAsync(string cypher, Dictionary<string, object> parameters, CancellationToken cancellationToken) =>
        GuardAsync(() => _connections.WithinAsync(Neo4jConnections.SchemaTime, async (session, token) =>
        {
            token.ThrowIfCancellationRequested();
            return await new Neo4jRunner(session, 0).RunAsync(cypher, parameters, token);
        }, cancellationToken), cypher);

    private RecordedState Recorded(string pipeline) => _recorded.GetOrAdd(pipeline, static _ => new RecordedState());

    private Task<IReadOnlyList<object?>> StateAsync(string cypher, string pipeline, CancellationToken cancellationToken, long after = -1) =>
        GuardAsync(() => _connections.WithinAsync(_connections.WriteTime,
            (session, token) => new Neo4jRunner(session, 0).RunAsync(cypher, new Dictionary<string, object> { ["pipeline"] = pipeline, ["after"] = after, ["node"] = Node ?? "" }, token), cancellationToken),
            cypher);

    private async Task<WriteResult> TransactAsync(
        string pipeline, WriteSet set, RecordedState.Known known, bool isProbe, CancellationToken cancellationToken)
    {
        Neo4jRunner? runner = null;
        var started = Stopwatch.GetTimestamp();
        try
        {
            return await _connections.WithinAsync(_connections.WriteTime, async (session, token) =>
            {
                await using var transaction = await session.BeginTransactionAsync(t => t.WithTimeout(TimeSpan.FromMilliseconds(_settings.WriteTimeoutMs)));
                runner = new Neo4jRunner(transaction, _limits.BatchRows);
                if (!isProbe) await FenceAsync(runner, pipeline, set, known, token);
                StatementWriter writer = Plan.Order == ChangeOrder.PerKey
                    ? new KeyedWriter(Plan, set, runner, pipeline) : new WriteSetWriter(Plan, set, runner, pipeline, _waiting);
                await writer.WriteAsync(token);
                token.ThrowIfCancellationRequested();
                if (isProbe)
                {
                    await transaction.RollbackAsync();
                    return writer.Result(started);
                }
                Failpoint.Reach(Failpoint.BeforeCommit);
                await transaction.CommitAsync();
                Failpoint.Reach(Failpoint.AfterCommit);
                if (writer is WriteSetWriter whole) _waiting.Add(whole.Found);
                return writer.Result(started);
            }, cancellationToken);
        }
        catch (Exception e) when (e is not (PipelineFailure or OperationCanceledException))
        {
            var failure = Neo4jFailures.Classify(e, Address, runner?.LastCypher, _settings.User);
            _log.WriteFailed(pipeline, failure.Class, failure.Message);
            throw failure;
        }
    }

    /// <summary>Children that wait are found by their foreign key's properties: these get an index when the first node comes that some may wait for.</summary>
    private async Task IndexWaitingAsync(WriteSet set, CancellationToken cancellationToken)
    {
        foreach (var name in WriteSetWriter.Awaited(Plan, set.Operations, _waiting.Names).Where(n => !_waiting.IsIndexed(n)))
        {
            foreach (var statement in Neo4jSchema.ForWaiting(Plan, name)) await MakeAsync(statement, cancellationToken);
            await AwaitIndexesAsync(cancellationToken);
            _waiting.SetIndexed(name);
        }
    }

    /// <summary>Until the server has filled its indexes. Asked again and again: one transaction that waits in the server may keep it from finishing what another node, or another pipeline, is having made.</summary>
    private async Task AwaitIndexesAsync(CancellationToken cancellationToken)
    {
        var since = Environment.TickCount64;
        while (await AutoCommitAsync("SHOW INDEXES YIELD state WHERE state = 'POPULATING' RETURN count(*) AS n", [], cancellationToken) is [long and > 0])
        {
            if (Environment.TickCount64 - since > Neo4jConnections.SchemaTime.TotalMilliseconds)
                throw new PipelineFailure(FailureClass.Transient, $"{Address}: indexes are still being filled (SHOW INDEXES says which)") { ExitCode = ExitCode.TargetUnavailable };
            await Task.Delay(MakeAgainAfter, cancellationToken);
        }
    }

    /// <summary>
    /// Nodes that start together make the same constraints and indexes of an empty graph: they wait for each other's locks in a circle, or meet what another has made between the server's look whether it is there
    /// and its making.
    /// </summary>
    private async Task MakeAsync(string statement, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await MakeOnceAsync(statement, cancellationToken);
                return;
            }
            catch (PipelineFailure failure) when (tries < MakeTries && (failure.IsContention || Neo4jFailures.IsMadeMeanwhile(failure)))
            {
                await Task.Delay(MakeAgainAfter * tries, cancellationToken);
            }
        }
    }

    /// <summary>
    /// The server makes a constraint in two steps, its index first. Whoever was cut off between them has left an index behind that belongs to no constraint and bars the way of the one it was made for.
    /// </summary>
    private async Task MakeOnceAsync(string statement, CancellationToken cancellationToken)
    {
        try
        {
            await AutoCommitAsync(statement, [], cancellationToken);
        }
        catch (PipelineFailure failure) when (Neo4jFailures.IsNameTaken(failure) && Neo4jSchema.ConstraintName(statement) is { } name)
        {
            _log.IndexLeftBehind(name);
            try
            {
                await AutoCommitAsync($"DROP INDEX {name} IF EXISTS", [], cancellationToken);
            }
            catch (PipelineFailure inUse) when (inUse.Class != FailureClass.Transient)
            {
                throw new PipelineFailure(FailureClass.Transient, $"{Address}: constraint {name} is still being made: {inUse.Message}", inUse) { ExitCode = ExitCode.TargetUnavailable };
            }
            await AutoCommitAsync(statement, [], cancellationToken);
        }
    }

    private async Task FenceAsync(Neo4jRunner runner, string pipeline, WriteSet set, RecordedState.Known known, CancellationToken cancellationToken)
    {
        if (set.Partitions.Count > 0)
        {
            await FencePartitionsAsync(runner, pipeline, set, cancellationToken);
            return;
        }
        IReadOnlyList<object?> passed;
        if (set.State is { } state)
        {
            var parameters = Neo4jState.Parameters(pipeline, state, set.Generation, known.Position, known.Concerns(state.Offsets));
            var carriesCopy = !known.Holds(state.Copy);
            if (carriesCopy) parameters["copy"] = StateText.Copy(state.Copy);
            passed = await runner.RunAsync(Neo4jState.Write(known.Position is not null, known.Concerns(state.Offsets), carriesCopy), parameters, cancellationToken);
            if (passed.Count > 0 && state.Intent > state.Position)
                await runner.RunAsync(Neo4jState.MakeSlots, new Dictionary<string, object> { ["pipeline"] = pipeline }, cancellationToken);
        }
        else
        {
            var slot = (uint)Interlocked.Increment(ref _nextSlot) % Neo4jState.Slots;
            passed = await runner.RunAsync(Neo4jState.CheckPart,
                new Dictionary<string, object> { ["pipeline"] = pipeline, ["slot"] = $"{pipeline}#{slot}", ["generation"] = set.Generation }, cancellationToken);
        }
        if (passed.Count > 0) return;
        var found = await runner.RunAsync(Neo4jState.Read, new Dictionary<string, object> { ["pipeline"] = pipeline }, cancellationToken);
        throw found.Count == 0 ? Neo4jState.Gone(pipeline, Address)
            : StateText.Read(found).Generation != set.Generation ? PipelineFailure.Fenced(pipeline, set.Generation, Address)
            : Neo4jState.Late(pipeline, Address);
    }

    private async Task<T> GuardAsync<T>(Func<Task<T>> action, string? cypher = null)
    {
        try
        {
            return await action();
        }
        catch (Exception e) when (e is not (PipelineFailure or OperationCanceledException))
        {
            throw Neo4jFailures.Classify(e, Address, cypher, _settings.User);
        }
    }
}
