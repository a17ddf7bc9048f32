using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Neo4j.Driver;
using PolyglotSync.Graph.Plans;
using PolyglotSync.Graph.Rounds;
using PolyglotSync.Graph.State;
using PolyglotSync.Graph.Values;
using PolyglotSync.Graph.Waiting;
using PolyglotSync.Graph.Writing;

namespace PolyglotSync.Graph.Neo4j;

/// <summary>Neo4j over Bolt. A write set is one explicit transaction without the driver's own retries: the pipeline decides what is tried again.</summary>
internal sealed class Neo4jTarget : IGraphTarget, ICypherQueries
{
    private readonly TargetSettings _settings;
    private readonly LimitSettings _limits;
    private readonly IDriver _driver;
    private readonly Microsoft.Extensions.Logging.ILogger _log;
    private readonly WaitingRelationships _waiting = new();
    private readonly RecordedCopy _copy = new();
    private GraphPlan? _plan;
    private int _nextSlot;

    public Neo4jTarget(TargetSettings settings, LimitSettings limits, Microsoft.Extensions.Logging.ILogger log)
    {
        _settings = settings;
        _limits = limits;
        _log = log;
        var uri = settings.Uri;
        Address = $"{uri.Scheme}://{uri.Host}:{(uri.Port > 0 ? uri.Port : 7687)}{(settings.Database is { } database ? "/" + database : "")}";
        try
        {
            _driver = GraphDatabase.Driver(new Uri($"{uri.Scheme}://{uri.Host}:{(uri.Port > 0 ? uri.Port : 7687)}"),
                settings.User is { } user ? AuthTokens.Basic(user, settings.Password ?? "") : AuthTokens.None, Configure);
        }
        catch (Exception e) when (e is not PipelineFailure)
        {
            throw Neo4jFailures.Classify(e, Address);
        }
    }

    public string Address { get; }

    public bool IsAtomic => true;

    private GraphPlan Plan => _plan ?? throw new InvalidOperationException("the target is not prepared");

    public Task ConnectAsync(CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            await _driver.VerifyConnectivityAsync().WaitAsync(TimeSpan.FromMilliseconds(_settings.ConnectTimeoutMs), cancellationToken);
            return true;
        });

    public async Task PrepareAsync(GraphMapping mapping, DatabaseSchema schema, CancellationToken cancellationToken)
    {
        Inference.MappingChecks.Require(mapping, schema);
        _plan = new GraphPlan(mapping, schema, GraphDialect.Neo4j);
        foreach (var statement in Neo4jSchema.Statements(_plan, schema)) await AutoCommitAsync(statement, [], cancellationToken);
        await AutoCommitAsync("CALL db.awaitIndexes(300)", [], cancellationToken);
    }

    public async Task<TargetState> ClaimAsync(string pipeline, CancellationToken cancellationToken)
    {
        await AutoCommitAsync(Neo4jState.Constraint, [], cancellationToken);
        var values = await AutoCommitAsync(Neo4jState.Claim, new() { ["pipeline"] = pipeline }, cancellationToken);
        var state = StateText.Read(values);
        _waiting.Load(StateText.Waiting(values));
        _waiting.Copy = state.Copy;
        _copy.Is(state.Copy);
        return state;
    }

    public async Task<TargetState?> ReadStateAsync(string pipeline, CancellationToken cancellationToken) =>
        await AutoCommitAsync(Neo4jState.Read, new() { ["pipeline"] = pipeline }, cancellationToken) is { Count: > 0 } values ? StateText.Read(values) : null;

    public async Task<WriteResult> ApplyAsync(string pipeline, WriteSet set, CancellationToken cancellationToken)
    {
        if (set.SchemaChanges.Count > 0)
        {
            foreach (var change in set.SchemaChanges)
                await SchemaWriter.ApplyAsync(Plan, change, (cypher, token) => AutoCommitAsync(cypher, [], token), cancellationToken);
        }
        if (set.State is { } state) _waiting.Copy = state.Copy;
        await IndexWaitingAsync(set, cancellationToken);
        return await TransactAsync(pipeline, set, isProbe: false, cancellationToken);
    }

    public Task ProbeAsync(string pipeline, WriteSet set, CancellationToken cancellationToken) => TransactAsync(pipeline, set, isProbe: true, cancellationToken);

    public IReadOnlyList<IReadOnlyList<WriteSet>> Rounds(WriteSet set, int buckets) => WriteRounds.Part(Plan, set, buckets, _limits.Writers, _waiting.Names);

    public Task<IReadOnlyList<IReadOnlyList<object?>>> QueryAsync(string cypher, CancellationToken cancellationToken) =>
        GuardAsync<IReadOnlyList<IReadOnlyList<object?>>>(async () =>
        {
            await using var session = Session();
            var cursor = await session.RunAsync(cypher);
            var records = new List<IReadOnlyList<object?>>();
            while (await cursor.FetchAsync()) records.Add([.. cursor.Current.Keys.Select(k => cursor.Current[k])]);
            return records;
        }, cypher);

    public ValueTask DisposeAsync() => _driver.DisposeAsync();

    internal IAsyncSession Session() => _driver.AsyncSession(o =>
    {
        o.WithDefaultAccessMode(AccessMode.Write);
        if (_settings.Database is { } database) o.WithDatabase(database);
    });

    internal Task<IReadOnlyList<object?>> AutoCommitAsync(string cypher, Dictionary<string, object> parameters, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            await using var session = Session();
            return await new Neo4jRunner(session, 0).RunAsync(cypher, parameters, cancellationToken);
        }, cypher);

    private async Task<WriteResult> TransactAsync(string pipeline, WriteSet set, bool isProbe, CancellationToken cancellationToken)
    {
        Neo4jRunner? runner = null;
        var started = Stopwatch.GetTimestamp();
        try
        {
            await using var session = Session();
            await using var transaction = await session.BeginTransactionAsync(t => t.WithTimeout(TimeSpan.FromMilliseconds(_settings.WriteTimeoutMs)));
            runner = new Neo4jRunner(transaction, _limits.BatchRows);
            if (!isProbe) await FenceAsync(runner, pipeline, set, cancellationToken);
            var writer = new WriteSetWriter(Plan, set, runner, pipeline, _waiting);
            await writer.WriteAsync(cancellationToken);
            if (isProbe)
            {
                await transaction.RollbackAsync();
                return writer.Result(started);
            }
            await transaction.CommitAsync();
            if (set.State is { } state) _copy.Is(state.Copy);
            _waiting.Add(writer.Found);
            return writer.Result(started);
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
            foreach (var statement in Neo4jSchema.ForWaiting(Plan, name)) await AutoCommitAsync(statement, [], cancellationToken);
            await AutoCommitAsync("CALL db.awaitIndexes(300)", [], cancellationToken);
            _waiting.SetIndexed(name);
        }
    }

    private async Task FenceAsync(Neo4jRunner runner, string pipeline, WriteSet set, CancellationToken cancellationToken)
    {
        IReadOnlyList<object?> passed;
        if (set.State is { } state)
        {
            var parameters = Neo4jState.Parameters(pipeline, state, set.Generation);
            var moves = _copy.Moves(state.Copy);
            if (moves) parameters["copy"] = StateText.Copy(state.Copy);
            passed = await runner.RunAsync(moves ? Neo4jState.WriteWithCopy : Neo4jState.Write, parameters, cancellationToken);
            if (passed.Count > 0 && state.Intent > state.Position)
                await runner.RunAsync(Neo4jState.MakeSlots, new Dictionary<string, object> { ["pipeline"] = pipeline }, cancellationToken);
        }
        else
        {
            var slot = (uint)Interlocked.Increment(ref _nextSlot) % Neo4jState.Slots;
            passed = await runner.RunAsync(Neo4jState.CheckPart,
                new Dictionary<string, object> { ["pipeline"] = pipeline, ["slot"] = $"{pipeline}#{slot}", ["generation"] = set.Generation }, cancellationToken);
        }
        if (passed.Count == 0) throw Neo4jState.Fenced(pipeline, set.Generation, Address);
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

    private void Configure(ConfigBuilder config) => config
        .WithConnectionTimeout(TimeSpan.FromMilliseconds(_settings.ConnectTimeoutMs))
        .WithConnectionAcquisitionTimeout(TimeSpan.FromMilliseconds(_settings.ConnectTimeoutMs))
        .WithMaxConnectionPoolSize(Math.Max(8, _limits.Writers + 4));
}
