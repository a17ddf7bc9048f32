using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Load.Pacing;

namespace PolyglotSync.SyncNode.Demo.World;

/// <summary>Writes to the world at a rate: transactions of 1 to 5 statements, now and then one that is rolled back.</summary>
/// <param name="rate">Statements a second, 1 or more.</param>
/// <param name="onCommit">Called after a COMMIT returned, with that moment's timestamp and an LSN at or after the commit's end. Its own time counts as the writer's.</param>
internal sealed class LiveWriter(string connection, int rate, Action<long, Lsn> onCommit)
{
    private const int MaxStatements = 5;
    private const double RollbackShare = 0.03;

    private readonly Random _random = new(7);
    private long _counter;
    private long _written;

    /// <summary>Statements committed so far.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>Runs until it is cancelled; the transaction under way is finished.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var session = await source.OpenConnectionAsync(CancellationToken.None);
        var schedule = new TokenSchedule(rate, TimeProvider.System);
        while (!stop.IsCancellationRequested)
        {
            var statements = 1 + _random.Next(Math.Min(MaxStatements, rate));
            if (schedule.Take(statements) is var wait && wait > TimeSpan.Zero) await Task.Delay(wait, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested) return;
            await TransactionAsync(session, statements);
        }
    }

    private async Task TransactionAsync(NpgsqlConnection session, int statements)
    {
        await using var transaction = await session.BeginTransactionAsync(CancellationToken.None);
        for (var i = 0; i < statements; i++) await StatementAsync(session, transaction);
        if (_random.NextDouble() < RollbackShare)
        {
            await transaction.RollbackAsync(CancellationToken.None);
            return;
        }
        await transaction.CommitAsync(CancellationToken.None);
        var committed = Stopwatch.GetTimestamp();
        Interlocked.Add(ref _written, statements);
        await using var where = new NpgsqlCommand("SELECT pg_current_wal_flush_lsn()::text", session);
        onCommit(committed, Lsn.Parse((string)(await where.ExecuteScalarAsync(CancellationToken.None))!));
    }

    private async Task StatementAsync(NpgsqlConnection session, NpgsqlTransaction transaction)
    {
        await using var command = new NpgsqlCommand(Draw().Sql, session, transaction);
        for (var i = 0; i < 3; i++) command.Parameters.Add(new NpgsqlParameter { Value = _random.NextDouble(), NpgsqlDbType = NpgsqlDbType.Double });
        command.Parameters.Add(new NpgsqlParameter { Value = (++_counter).ToString(System.Globalization.CultureInfo.InvariantCulture), NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private LiveAction Draw()
    {
        var left = _random.Next(LiveAction.All.Sum(a => a.Weight));
        foreach (var action in LiveAction.All)
        {
            if ((left -= action.Weight) < 0) return action;
        }
        return LiveAction.All[^1];
    }
}
