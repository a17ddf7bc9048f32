using Npgsql;
using PolyglotSync.Faults.Worlds;

namespace PolyglotSync.Faults.Load;

/// <summary>One client that commits random transactions; it rides out what the source does meanwhile: lost connections, deadlocks, rows that others have taken.</summary>
internal sealed class LoadWriter(FaultWorld world, int seed, int number)
{
    private readonly Random _random = new(HashCode.Combine(seed, number));
    private int _n;

    /// <summary>Committed so far.</summary>
    public int Transactions { get; private set; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        NpgsqlConnection? connection = null;
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(8));
        try
        {
            while (await pace.WaitForNextTickAsync(cancellationToken))
            {
                try
                {
                    connection ??= await world.ConnectAsync(cancellationToken);
                    await using var command = new NpgsqlCommand(Next(), connection) { CommandTimeout = 20 };
                    await command.ExecuteNonQueryAsync(cancellationToken);
                    Transactions++;
                }
                catch (PostgresException e) when (connection?.State == System.Data.ConnectionState.Open && IsUsual(e))
                {
                    // another writer was first; the server has rolled it back
                }
                catch (NpgsqlException)
                {
                    if (connection is not null) await connection.DisposeAsync();
                    connection = null;
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // the run's load is over
        }
        finally
        {
            if (connection is not null) await connection.DisposeAsync();
        }
    }

    /// <summary>Deadlocks, serialization, and keys that another transaction took or removed meanwhile.</summary>
    private static bool IsUsual(PostgresException e) => e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure
        or PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.FeatureNotSupported;

    private string Next()
    {
        var n = _n++;
        var (a, b) = (_random.Next(1, LoadSchema.People + 1), _random.Next(1, LoadSchema.People + 1));
        var fresh = (1_000_000 * number) + n;
        return _random.Next(20) switch
        {
            < 5 => Transfer(),
            < 9 => $"update people set count = count + 1, name = 'by {number}.{n}' where id between {a} and {a + 15}",
            < 10 => $"update people set count = count + 1 where id = {a}; update teams set total = total + 1 where id = {a % LoadSchema.Teams + 1}; update people set count = count + 1 where id = {b}",
            < 11 => $"update people set team_id = {Team()}, friend_id = (select max(id) from people where id <= {b}) where id = {a}",
            < 12 => $"insert into people values ({fresh}, 1, 'new', repeat('{number}.{n} ', 600), {Team()}, (select max(id) from people where id <= {a}))",
            < 13 => $"insert into notes (text, person_id) select 'note by {number}.{n}', id from people where id between {a} and {a + 3}",
            < 14 => $"delete from notes where id between {a} and {a + 2}",
            < 15 => $"delete from people where id = {a}",
            < 16 => $"update people set id = {fresh + 500_000}, count = count + 1 where id = {a}",
            < 17 => $"insert into memberships select id, {Team()}, {n} from people where id between {a} and {a + 4} on conflict do nothing",
            < 18 => $"update memberships set since = since + 1 where person_id between {a} and {a + 10}",
            < 19 => $"delete from memberships where person_id = {a}",
            _ => $"insert into people values ({fresh}, 1, 'brief', null, {Team()}, null); update people set id = {fresh + 250_000} where id = {fresh}; delete from people where id = {fresh + 250_000}; update people set count = count + 1 where id = {b}",
        };
    }

    private string Transfer()
    {
        var amount = _random.Next(1, 50);
        return $"update accounts set balance = balance - {amount} where id = {_random.Next(1, LoadSchema.Accounts + 1)}; "
            + $"update accounts set balance = balance + {amount} where id = {_random.Next(1, LoadSchema.Accounts + 1)}";
    }

    private int Team() => _random.Next(1, LoadSchema.Teams + 1);
}
