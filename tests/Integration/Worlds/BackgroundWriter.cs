using Npgsql;

namespace PolyglotSync.Integration.Worlds;

/// <summary>A client that commits one transaction after another, some hundred a second, until it is disposed.</summary>
public sealed class BackgroundWriter : IAsyncDisposable
{
    /// <summary>Leaves the cores to those who follow.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    private readonly CancellationTokenSource _stop = new();
    private Task _writing = Task.CompletedTask;
    private int _transactions;
    private bool _disposed;

    /// <summary>Committed so far.</summary>
    public int Transactions => Volatile.Read(ref _transactions);

    /// <param name="transaction">The SQL of the n-th transaction.</param>
    /// <param name="reconnects">True where the server may go away: what is lost with it is passed over, and the next connection goes on.</param>
    public static async Task<BackgroundWriter> StartAsync(World world, Func<Random, int, string> transaction, int seed = 7, bool reconnects = false)
    {
        var connection = await world.ConnectAsync();
        var writer = new BackgroundWriter();
        writer._writing = Task.Run(() => writer.RunAsync(world, connection, transaction, new Random(seed), reconnects));
        return writer;
    }

    /// <summary>Waits until so many more transactions are committed.</summary>
    public Task MoreAsync(int transactions, TimeSpan? within = null)
    {
        var goal = Transactions + transactions;
        return Eventually.AsyncTrue(
            () => Transactions >= goal || _writing.IsFaulted ? Task.FromResult(true) : Task.FromResult(false), within, $"{transactions} more transactions");
    }

    /// <summary>Stops after the current transaction; a failure of the writer comes out here.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        await _stop.CancelAsync();
        await _writing;
        _stop.Dispose();
    }

    private async Task RunAsync(World world, NpgsqlConnection connection, Func<Random, int, string> transaction, Random random, bool reconnects)
    {
        try
        {
            for (var n = 0; !_stop.IsCancellationRequested; n++)
            {
                try
                {
                    await using var command = new NpgsqlCommand(transaction(random, n), connection);
                    await command.ExecuteNonQueryAsync();
                    Interlocked.Increment(ref _transactions);
                    await Task.Delay(Pause);
                }
                catch (NpgsqlException) when (reconnects && connection.State != System.Data.ConnectionState.Open)
                {
                    await connection.DisposeAsync();
                    connection = await AgainAsync(world);
                }
            }
        }
        finally
        {
            await connection.DisposeAsync();
        }
    }

    private static async Task<NpgsqlConnection> AgainAsync(World world)
    {
        NpgsqlConnection? connection = null;
        await Eventually.AsyncTrue(async () =>
        {
            try
            {
                connection = await world.ConnectAsync();
                return true;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        }, what: "PostgreSQL takes connections again");
        return connection!;
    }
}
