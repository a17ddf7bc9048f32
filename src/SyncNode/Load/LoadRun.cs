using System.Text.Json;
using PolyglotSync.Cli.Api;
using PolyglotSync.Cli.Terminal;
using PolyglotSync.Contracts;
using PolyglotSync.Postgres;
using PolyglotSync.SyncNode.Load.Choosing;
using PolyglotSync.SyncNode.Load.Pacing;
using PolyglotSync.SyncNode.Load.Report;
using PolyglotSync.SyncNode.Load.Watching;
using PolyglotSync.SyncNode.Load.Writing;

namespace PolyglotSync.SyncNode.Load;

/// <summary>A load from its schema to its report.</summary>
internal sealed class LoadRun(LoadSettings settings, TextWriter output, TextWriter messages, TimeProvider clock)
{
    private readonly LoadTally _tally = new();

    /// <exception cref="PipelineFailure">Why it could not begin. What happens later is in the report, and in the exit code.</exception>
    public async Task<ExitCode> RunAsync(CancellationToken stop)
    {
        var sessions = new LoadSessions(settings.Source, settings.Schema);
        await using var control = await sessions.OpenAsync(stop);
        await using var watch = settings.Watch is null ? null : new GraphWatch(settings.Watch, settings.World.ProbeLabel, $"{Guid.NewGuid():N}", settings.Connections, settings.WatchPatience, clock);
        if (watch is not null) await watch.OpenAsync(stop);
        await PrepareAsync(control, watch, sessions.Where, stop);

        var shared = new SharedLoad(settings, sessions, new TokenSchedule(settings.Rate, clock), new RowBudget(settings.Rows), _tally, watch?.Commits, clock);
        var connections = Enumerable.Range(0, settings.Connections).Select(number => new LoadConnection(shared, number)).ToList();
        try
        {
            foreach (var connection in connections) await connection.OpenAsync(stop);
            return await WriteAsync(connections, watch, stop);
        }
        finally
        {
            foreach (var connection in connections) await connection.DisposeAsync();
        }
    }

    private async Task PrepareAsync(Npgsql.NpgsqlConnection control, GraphWatch? watch, string where, CancellationToken stop)
    {
        var schema = new WorldSchema(control, settings.World, settings.Schema);
        try
        {
            await schema.LockAsync(stop);
            await messages.WriteLineAsync($"polysync: {await schema.PrepareAsync(settings.Fill, settings.Reset, stop)}");
            if (watch is not null) await schema.ResetProbesAsync(watch.Run, settings.Connections, stop);
        }
        catch (Exception e) when (LoadSessions.IsOfSource(e))
        {
            throw SourceFailure.Classify(e, where);
        }
        if (watch is null) return;
        await messages.WriteLineAsync($"polysync: waiting until {watch.Target} shows the probes of schema {settings.Schema} ...");
        await watch.UntilCarriedAsync(settings.Schema, stop);
    }

    private async Task<ExitCode> WriteAsync(IReadOnlyList<LoadConnection> connections, GraphWatch? watch, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var timer = settings.Duration is { } duration ? clock.CreateTimer(_ => ended.Cancel(), null, duration, Timeout.InfiniteTimeSpan) : null;
        using var written = new CancellationTokenSource();
        var started = clock.GetTimestamp();
        var watching = watch is null ? Task.FromResult<string?>(null) : Task.Run(() => watch.RunAsync(written.Token, stop), CancellationToken.None);
        var showing = new LoadProgress(messages, _tally, watch?.Commits.Latency, clock).RunAsync(written.Token);
        PipelineFailure? failure = null;
        try
        {
            await Task.WhenAll(connections.Select(c => Task.Run(() => EndsWithAsync(c.RunAsync(ended.Token), ended), CancellationToken.None)));
        }
        catch (PipelineFailure e)
        {
            failure = e;
        }
        var took = clock.GetElapsedTime(started);
        await written.CancelAsync();
        await showing;
        if (watch is { Commits.IsEmpty: false }) await messages.WriteLineAsync($"polysync: written; waiting for what {watch.Target} does not show yet ...");
        var lost = await watching;
        var report = Report(took, watch);
        Print(report);
        return await VerdictAsync(report, failure, lost, stop);
    }

    /// <summary>One connection that gives up ends them all.</summary>
    private static async Task EndsWithAsync(Task work, CancellationTokenSource ended)
    {
        try
        {
            await work;
        }
        catch
        {
            await ended.CancelAsync();
            throw;
        }
    }

    private async Task<ExitCode> VerdictAsync(LoadReport report, PipelineFailure? failure, string? lost, CancellationToken stop)
    {
        if (lost is not null) await messages.WriteLineAsync($"polysync: the graph was not asked to the end: {lost}");
        if (failure is not null) throw failure;
        if (report.FailedTransactions > 0) await messages.WriteLineAsync($"polysync: {Amounts.Count(report.FailedTransactions)} transactions failed; the report says of what");
        if (report.Graph is { Missing: > 0 } graph) await messages.WriteLineAsync($"polysync: {Amounts.Count(graph.Missing)} commits were not seen in the graph; 'polysync status' says how far the pipeline is");
        return stop.IsCancellationRequested ? ExitCode.Interrupted
            : report.FailedTransactions > 0 ? ExitCode.Failed
            : report.Graph is { Missing: > 0 } ? ExitCode.TimedOut
            : ExitCode.Success;
    }

    private void Print(LoadReport report)
    {
        if (settings.Json) output.WriteLine(JsonSerializer.Serialize(report, ApiJson.Indented));
        else Screen.On(output, Screen.IsTerminal(output)).Write(LoadTable.Render(report));
    }

    private LoadReport Report(TimeSpan took, GraphWatch? watch) => new(
        settings.World.Name, settings.Schema, settings.Mix.ToString(), settings.TransactionRows.ToString(), settings.Skew, settings.Seed, settings.Connections, settings.Rate,
        Math.Round(took.TotalSeconds, 3), _tally.Transactions, _tally.Failed, _tally.Reconnects,
        new RowFigures(_tally.Of(LoadKind.Insert), _tally.Of(LoadKind.Update), _tally.Of(LoadKind.Delete), _tally.Of(LoadKind.KeyChange), _tally.Rows),
        Math.Round(_tally.Rows / took.TotalSeconds, 1), Math.Round(_tally.Transactions / took.TotalSeconds, 1), _tally.Commits.Figures(), _tally.Whole.Figures(), _tally.Errors,
        watch is null ? null : new GraphFigures(watch.Target, watch.Commits.Latency.Figures(), watch.Commits.Missing, watch.Commits.Unwatched));
}
