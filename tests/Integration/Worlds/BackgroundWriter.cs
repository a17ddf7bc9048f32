using Npgsql;

namespace PolyglotSync.Integration.Worlds;

/// <summary>A client that commits one transaction after another until it is disposed.</summary>
public sealed class BackgroundWriter : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _writing = Task.CompletedTask;
    private int _transactions;
    private bool _disposed;

    /// <summary>Committed so far.</summary>
    public int Transactions => Volatile.Read(ref _transactions);

    /// <param name="transaction">The SQL of the n-th transaction.</param>
    public static async Task<BackgroundWriter> StartAsync(World world, Func<Random, int, string> transaction, int seed = 7)
    {
        var connection = await world.ConnectAsync();
        var writer = new BackgroundWriter();
        writer._writing = Task.Run(async () =>
        {
            await using var closing = connection;
            var random = new Random(seed);
            while (!writer._stop.IsCancellationRequested)
            {
                await using var command = new NpgsqlCommand(transaction(random, writer._transactions), connection);
                await command.ExecuteNonQueryAsync();
                Interlocked.Increment(ref writer._transactions);
            }
        });
        return writer;
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
}
