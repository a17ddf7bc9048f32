using System.Diagnostics;
using Neo4j.Driver;
using PolyglotSync.Graph.State;
using PolyglotSync.Graph.Writing;

namespace PolyglotSync.Graph.Neo4j;

/// <summary>Small write sets, each as one query: one round trip in the place of four and more.</summary>
internal sealed partial class Neo4jTarget
{
    /// <summary>One text is planned at a time: the server has other work.</summary>
    private readonly SemaphoreSlim _planning = new(1);
    private readonly CancellationTokenSource _disposed = new();

    internal WholeQueries Whole { get; init; } = new();

    /// <summary>Sends a small set as one query.</summary>
    /// <returns>Null where it has to be written statement by statement: then nothing of it is in the graph.</returns>
    private async Task<WriteResult?> WriteWholeAsync(string pipeline, WriteSet set, RecordedState.Known known, CancellationToken cancellationToken)
    {
        if (set.State is not { } state || known.Position is null || !known.Holds(state.Copy) || state.Intent > state.Position
            || set.Operations.Count is 0 or > WholeQueries.MaxOperations || set.Truncated.Count > 0 || _waiting.Names.Count > 0) return null;
        var started = Stopwatch.GetTimestamp();
        var runner = new ForeseenRunner(_limits.BatchRows);
        var writer = new WriteSetWriter(Plan, set, runner, pipeline, _waiting);
        try
        {
            await writer.WriteAsync(cancellationToken);
        }
        catch (PipelineFailure failure) when (failure.Class == FailureClass.Poison)
        {
            // a row that cannot be encoded: whether it is for us to say so, the fence decides
            return null;
        }
        if (!runner.IsWhole || Whole.TextFor(runner.Statements, known.Concerns(state.Offsets)) is not { } text) return null;
        var parameters = Neo4jState.Parameters(pipeline, state, set.Generation, known.Position, known.Concerns(state.Offsets));
        for (var i = 0; i < runner.Statements.Count; i++) parameters[WholeQueries.RowsOf(i)] = runner.Statements[i].Rows;
        if (!text.IsPlanned)
        {
            if (text.TryTake()) _ = PlanAsync(text, pipeline, parameters, runner.Statements);
            return null;
        }
        return await SendWholeAsync(pipeline, text.Text, parameters, runner.Statements, cancellationToken) ? writer.Result(started) : null;
    }

    /// <summary>
    /// Has the server plan a text, beside the writes, by running it for a pipeline that cannot be: it finds no state node, so it locks nothing and changes nothing. Neo4j keeps a plan for the types of the
    /// parameters and the powers of ten of their lengths: the name is as long as the pipeline's, and the rest is what the set itself would have sent.
    /// </summary>
    private async Task PlanAsync(WholeText text, string pipeline, Dictionary<string, object> parameters, IReadOnlyList<ForeseenStatement> statements)
    {
        parameters["pipeline"] = new string('#', pipeline.Length);
        try
        {
            await _planning.WaitAsync(_disposed.Token);
            try
            {
                await _connections.WithinAsync(_connections.WriteTime, (session, token) => new Neo4jRunner(session, 0).RunAsync(text.Text, parameters, token), _disposed.Token);
                text.SetPlanned();
            }
            finally
            {
                _planning.Release();
            }
        }
        catch (Exception e)
        {
            // writes go on the long way; whether there is something to tell, they say
            Whole.Disappoint(statements, parameters.ContainsKey("offsets"));
            text.GiveBack();
            if (!_disposed.IsCancellationRequested) _log.NotPlanned(e.Message);
        }
    }

    /// <returns>False where the query was rolled back, or held off by the fence: going step by step shows why.</returns>
    private async Task<bool> SendWholeAsync(
        string pipeline, string text, Dictionary<string, object> parameters, IReadOnlyList<ForeseenStatement> statements, CancellationToken cancellationToken)
    {
        try
        {
            Failpoint.Reach(Failpoint.BeforeCommit);
            var passed = await _connections.WithinAsync(_connections.WriteTime, async (session, _) =>
            {
                var cursor = await session.RunAsync(text, parameters, t => t.WithTimeout(TimeSpan.FromMilliseconds(_settings.WriteTimeoutMs)));
                var found = false;
                while (await cursor.FetchAsync()) found = true;
                return found;
            }, cancellationToken);
            Failpoint.Reach(Failpoint.AfterCommit);
            return passed;
        }
        catch (Exception e) when (e is not (PipelineFailure or OperationCanceledException))
        {
            var failure = Neo4jFailures.Classify(e, Address, text, _settings.User);
            if (failure.Class == FailureClass.Poison && e is ClientException)
            {
                // an answer was another than foreseen, or a value is refused
                Whole.Disappoint(statements, parameters.ContainsKey("offsets"));
                return false;
            }
            _log.WriteFailed(pipeline, failure.Class, failure.Message);
            throw failure;
        }
    }
}
