using Npgsql;
using PolyglotSync.Contracts;

namespace PolyglotSync.Bench.Scenarios;

/// <summary>The source's tables and the writer's transactions, on one connection with synchronous_commit on.</summary>
internal sealed class SourceTables : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;

    private SourceTables(NpgsqlConnection connection) => _connection = connection;

    public static async Task<SourceTables> OpenAsync(string dsn)
    {
        var connection = new NpgsqlConnection(dsn + ";Pooling=false;Command Timeout=1200");
        await connection.OpenAsync();
        var tables = new SourceTables(connection);
        await tables.ExecuteAsync("SET synchronous_commit = on");
        return tables;
    }

    public Task CreateAsync() => ExecuteAsync("""
        CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL, email text NOT NULL, age int NOT NULL, city text NOT NULL);
        CREATE TABLE follows (follower_id int NOT NULL REFERENCES users, followee_id int NOT NULL REFERENCES users, weight int NOT NULL, PRIMARY KEY (follower_id, followee_id))
        """);

    /// <summary>Users <paramref name="from"/> to <paramref name="to"/>, both included, as one transaction.</summary>
    public Task InsertUsersAsync(int from, int to) => ExecuteAsync(
        $"INSERT INTO users SELECT i, 'user-' || i, 'user' || i || '@example.org', i % 90, 'city-' || i % 500 FROM generate_series({from}, {to}) i");

    /// <summary>All users in transactions of <paramref name="each"/>.</summary>
    public async Task InsertUsersAsync(BenchData data, int each)
    {
        for (var from = 1; from <= data.Users; from += each) await InsertUsersAsync(from, Math.Min(data.Users, from + each - 1));
    }

    public async Task InsertFollowsAsync(BenchData data, int each)
    {
        for (var from = 0; from < data.Users; from += each)
        {
            var to = Math.Min(data.Users, from + each);
            await ExecuteAsync("INSERT INTO follows SELECT a, b, b % 10 FROM unnest($1::int[], $2::int[]) AS x(a, b)", data.Followers[from..to], data.Followees[from..to]);
        }
    }

    /// <summary>All updates in order, in transactions of <paramref name="each"/>; a user that a transaction changes twice is changed once, to the last value.</summary>
    /// <returns>Rows changed.</returns>
    public async Task<int> UpdateUsersAsync(BenchData data, int each)
    {
        var rows = 0;
        for (var from = 0; from < data.Users; from += each)
        {
            var last = new Dictionary<int, int>();
            for (var i = from; i < Math.Min(data.Users, from + each); i++) last[data.Updated[i]] = data.Ages[i];
            rows += last.Count;
            await ExecuteAsync("UPDATE users SET age = x.age FROM unnest($1::int[], $2::int[]) AS x(id, age) WHERE users.id = x.id", last.Keys.ToArray(), last.Values.ToArray());
        }
        return rows;
    }

    public async Task ExecuteAsync(string sql, params int[][] arrays)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        foreach (var array in arrays) command.Parameters.AddWithValue(array);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>A prepared statement of up to two integer parameters, to be run one call at a time; gives the first value.</summary>
    public async Task<Func<int?, int?, Task<object?>>> PrepareAsync(string sql)
    {
        var command = new NpgsqlCommand(sql, _connection);
        var count = sql.Count(c => c == '$');
        for (var i = 0; i < count; i++) command.Parameters.Add(new NpgsqlParameter<int>());
        await command.PrepareAsync();
        return async (first, second) =>
        {
            if (first is { } a) ((NpgsqlParameter<int>)command.Parameters[0]).TypedValue = a;
            if (second is { } b) ((NpgsqlParameter<int>)command.Parameters[1]).TypedValue = b;
            return await command.ExecuteScalarAsync();
        };
    }

    /// <summary>Does at once what the server would do in the seconds after much was written: whoever reads then would share the disk with it.</summary>
    public async Task RestAsync()
    {
        await ExecuteAsync("VACUUM ANALYZE users");
        await ExecuteAsync("VACUUM ANALYZE follows");
        await ExecuteAsync("CHECKPOINT");
    }

    /// <summary>The end of the log now: at or after the last commit.</summary>
    public async Task<Lsn> EndAsync()
    {
        await using var command = new NpgsqlCommand("SELECT pg_current_wal_lsn()::text", _connection);
        return Lsn.Parse((string)(await command.ExecuteScalarAsync())!);
    }

    public async Task<long> ScalarAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
