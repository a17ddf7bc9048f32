using System.Data;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using PolyglotSync.Actors.Measures;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Load.Pacing;
using PolyglotSync.SyncNode.Load.Report;
using PolyglotSync.SyncNode.Load.Statements;
using PolyglotSync.SyncNode.Load.Watching;

namespace PolyglotSync.SyncNode.Load.Writing;

/// <summary>What the connections of a load share.</summary>
/// <param name="Watched">Told of each commit; null where no graph is watched, and then no probe is written.</param>
internal sealed record SharedLoad(LoadSettings Settings, LoadSessions Sessions, TokenSchedule Schedule, RowBudget Budget, LoadTally Tally, PendingCommits? Watched, TimeProvider Clock);

/// <summary>
/// One session that writes transactions. An error is counted and its transaction is not tried again; the connection then reads its rows anew, since what it thought to have written is not
/// there, and goes on with the next one.
/// </summary>
/// <param name="number">From 0.</param>
internal sealed class LoadConnection(SharedLoad shared, int number) : IAsyncDisposable
{
    /// <summary>After so many failures without a commit in between it gives up.</summary>
    public const int MostFailuresInARow = 10;
    /// <summary>
    /// Each row is found by an index. Plans are made while the tables are small, where a whole table is read as quickly, and are kept while they grow: the statements' and those
    /// of the foreign keys alike.
    /// </summary>
    private const string ByIndex = "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off";
    /// <summary>A server that is not back by then is given up.</summary>
    public static readonly TimeSpan ReconnectTime = TimeSpan.FromSeconds(30);

    private readonly LoadSettings _settings = shared.Settings;
    private readonly Random _random = TransactionGenerator.RandomOf(shared.Settings.Seed, number);
    private NpgsqlConnection _session = null!;
    private TransactionGenerator _transactions = null!;
    private long _tried;

    /// <exception cref="PipelineFailure">The source cannot be reached, or its tables cannot be read.</exception>
    public async Task OpenAsync(CancellationToken stop)
    {
        _session = await shared.Sessions.OpenAsync(stop);
        var known = await KnownRowsReader.ReadAsync(_session, _settings.World, number, _settings.Connections);
        await using var plans = new NpgsqlCommand(ByIndex, _session);
        await plans.ExecuteNonQueryAsync(stop);
        _transactions = new TransactionGenerator(_settings.World, known, _settings.Mix, _settings.TransactionRows, _settings.Skew, number, _settings.Connections, _random);
    }

    /// <summary>Writes until the rows or the time are over; the transaction under way is finished.</summary>
    /// <exception cref="PipelineFailure">It gave up.</exception>
    public async Task RunAsync(CancellationToken ended)
    {
        var failures = 0;
        while (!ended.IsCancellationRequested)
        {
            var rows = shared.Budget.Take(_transactions.NextSize());
            if (rows == 0) return;
            if (shared.Schedule.Take(rows) is var wait && wait > TimeSpan.Zero) await Task.Delay(wait, shared.Clock, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ended.IsCancellationRequested) return;
            try
            {
                await WriteAsync(_transactions.Next(rows));
                failures = 0;
            }
            catch (Exception e) when (LoadSessions.IsOfSource(e))
            {
                shared.Tally.FailedWith(e is PostgresException known ? $"{known.SqlState} {known.MessageText}" : e.GetBaseException().Message);
                if (++failures == MostFailuresInARow) throw GivenUp(e);
                await GoOnAsync(ended);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_session is { } session) await session.DisposeAsync();
    }

    private async Task WriteAsync(IReadOnlyList<RowStatement> statements)
    {
        var started = shared.Clock.GetTimestamp();
        _tried++;
        await using var transaction = await _session.BeginTransactionAsync();
        await using var batch = new NpgsqlBatch(_session, transaction);
        foreach (var statement in statements) batch.BatchCommands.Add(Command(statement));
        if (shared.Watched is not null) batch.BatchCommands.Add(Probe());
        await batch.ExecuteNonQueryAsync();
        var written = shared.Clock.GetTimestamp();
        await transaction.CommitAsync();
        var done = shared.Clock.GetTimestamp();
        shared.Watched?.Committed(number, _tried);

        var rows = new long[4];
        for (var i = 0; i < statements.Count; i++) rows[(int)statements[i].Action.Kind] += batch.BatchCommands[i].RecordsAffected;
        shared.Tally.Committed(rows, shared.Clock.GetElapsedTime(written, done), shared.Clock.GetElapsedTime(started, done));
    }

    private static NpgsqlBatchCommand Command(RowStatement statement)
    {
        var command = new NpgsqlBatchCommand(statement.Action.Sql);
        for (var i = 0; i < statement.Action.Arguments; i++)
            command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = statement.Column(i), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        return command;
    }

    private NpgsqlBatchCommand Probe()
    {
        var command = new NpgsqlBatchCommand($"UPDATE {_settings.World.ProbeTable} SET number = $2 WHERE connection = $1");
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = number });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = _tried });
        return command;
    }

    /// <summary>Opens a new session, for which it waits for a while where the server is not there.</summary>
    private async Task GoOnAsync(CancellationToken ended)
    {
        var lost = shared.Clock.GetTimestamp();
        var isLost = _session.State != ConnectionState.Open;
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2));
        while (!ended.IsCancellationRequested)
        {
            try
            {
                await _session.DisposeAsync();
                await OpenAsync(CancellationToken.None);
                if (isLost) shared.Tally.Reconnected();
                return;
            }
            catch (Exception e) when (e is PipelineFailure || LoadSessions.IsOfSource(e))
            {
                if (shared.Clock.GetElapsedTime(lost) > ReconnectTime) throw GivenUp(e);
                await Task.Delay(backoff.Next(), shared.Clock, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private PipelineFailure GivenUp(Exception e)
    {
        var known = Postgres.SourceFailure.Classify(e, shared.Sessions.Where);
        return new PipelineFailure(FailureClass.Fatal, string.Create(CultureInfo.InvariantCulture, $"connection {number} gave up: {known.Message}"), e) { ExitCode = known.ExitCode };
    }
}
