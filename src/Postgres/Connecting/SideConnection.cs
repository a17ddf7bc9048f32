using Npgsql;
using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>One ordinary connection beside the stream, opened when first needed and again after it broke; one user at a time.</summary>
internal sealed class SideConnection(string connectionString) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private NpgsqlConnection? _connection;

    public string Where { get; } = SourceConnection.Describe(connectionString);

    /// <summary>Runs <paramref name="work"/> on the connection.</summary>
    /// <exception cref="PipelineFailure">Classified by <see cref="SourceFailure"/>.</exception>
    public async Task<T> UseAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        using var stop = new StopSignal(cancellationToken);
        try
        {
            var connection = await OpenAsync(stop.Token);
            return await work(connection, stop.Token);
        }
        catch (Exception e)
        {
            // It may be in the middle of a transaction or a copy.
            if (_connection is not null) await _connection.DisposeAsync();
            _connection = null;
            if (e is OperationCanceledException) throw;
            throw SourceFailure.Classify(e, Where);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <param name="isLong">True for what may rightly take the server longer than it may be silent otherwise.</param>
    public Task ExecuteAsync(string sql, CancellationToken cancellationToken, bool isLong = false) => UseAsync(async (connection, token) =>
    {
        await using var command = new NpgsqlCommand(sql, connection);
        if (isLong) command.CommandTimeout = 0;
        return await command.ExecuteNonQueryAsync(token);
    }, cancellationToken);

    /// <summary>Rows as texts; null for NULL.</summary>
    public Task<List<string?[]>> QueryAsync(string sql, IReadOnlyList<object> parameters, CancellationToken cancellationToken) => UseAsync(async (connection, token) =>
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters) command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        await using var reader = await command.ExecuteReaderAsync(token);
        var rows = new List<string?[]>();
        while (await reader.ReadAsync(token))
        {
            var row = new string?[reader.FieldCount];
            for (var i = 0; i < row.Length; i++) row[i] = await reader.IsDBNullAsync(i, token) ? null : reader.GetString(i);
            rows.Add(row);
        }
        return rows;
    }, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
        _turn.Dispose();
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (_connection is { State: System.Data.ConnectionState.Open }) return _connection;
        if (_connection is not null) await _connection.DisposeAsync();
        _connection = new NpgsqlConnection(connectionString);
        await _connection.OpenAsync(cancellationToken);
        return _connection;
    }
}
