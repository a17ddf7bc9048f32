using System.Diagnostics;
using System.Globalization;
using Npgsql;
using PolyglotSync.Testing.Servers;

namespace PolyglotSync.Testing;

/// <summary>
/// A PostgreSQL cluster of its own for a test run: fresh data directory, free port, logical WAL, socket in the directory, trust for everyone.
/// Goes away, directory and all, with <see cref="DisposeAsync"/>.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly PostgresBinaries _binaries;
    private int _databases;

    private PostgresServer(PostgresBinaries binaries, string root, int port)
    {
        _binaries = binaries;
        Root = root;
        Port = port;
    }

    /// <summary>Why no server can be started here; null where one can. For <c>Skip.If</c>.</summary>
    public static string? Missing => PostgresBinaries.Find() is null
        ? "PostgreSQL server binaries are missing (looked at POLYSYNC_TEST_POSTGRES, /usr/lib/postgresql/*/bin and PATH)"
        : null;

    public string Root { get; }

    public int Port { get; }

    public string DataDirectory => Path.Combine(Root, "data");

    /// <summary>Makes a cluster and starts it.</summary>
    /// <param name="settings">Added to postgresql.conf, later entries win; e.g. <c>["wal_level"] = "replica"</c>.</param>
    public static async Task<PostgresServer> StartNewAsync(IReadOnlyDictionary<string, string>? settings = null, CancellationToken cancellationToken = default)
    {
        var binaries = PostgresBinaries.Find() ?? throw new InvalidOperationException(Missing);
        var root = Path.Combine(Path.GetTempPath(), "ps-pg-" + Guid.NewGuid().ToString("N")[..8]);
        Directory.CreateDirectory(root);
        var server = new PostgresServer(binaries, root, FreePort.Next());
        try
        {
            await binaries.OwnAsync(root, cancellationToken);
            await binaries.RunAsync("initdb", ["-D", server.DataDirectory, "-U", "postgres", "-A", "trust", "--locale=C.UTF-8", "-E", "UTF8", "-N"], cancellationToken);
            await binaries.AppendAsync(Path.Combine(server.DataDirectory, "postgresql.conf"), server.Configuration(settings), cancellationToken);
            await server.StartAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>An Npgsql connection string over TCP.</summary>
    public string ConnectionString(string database = "postgres", string user = "postgres") =>
        $"Host=127.0.0.1;Port={Port};Username={user};Database={database};Include Error Detail=true";

    /// <summary>The same as a postgres:// URI.</summary>
    public string Uri(string database = "postgres", string user = "postgres") => $"postgres://{user}@127.0.0.1:{Port}/{Escape(database)}";

    /// <summary>Makes an empty database and gives its name.</summary>
    public async Task<string> CreateDatabaseAsync(string? name = null, CancellationToken cancellationToken = default)
    {
        name ??= $"db{Interlocked.Increment(ref _databases)}_{Guid.NewGuid().ToString("N")[..6]}";
        await ExecuteAsync($"CREATE DATABASE \"{name}\"", cancellationToken: cancellationToken);
        return name;
    }

    /// <summary>Ends the database's sessions and leaves nothing of it behind, its replication slots neither.</summary>
    public async Task DropDatabaseAsync(string database)
    {
        await Eventually.AsyncTrue(async () =>
        {
            await EndStreamsAsync(database);
            await ExecuteAsync($"select pg_drop_replication_slot(slot_name) from pg_replication_slots where database = '{database}' and not active");
            return await ScalarAsync<long>($"select count(*) from pg_replication_slots where database = '{database}'") == 0;
        }, what: $"the slots of {database} are gone");
        await ExecuteAsync($"drop database \"{database}\" with (force)");
    }

    /// <summary>Ends whoever reads a slot of the database.</summary>
    public Task EndStreamsAsync(string database) =>
        ExecuteAsync($"select pg_terminate_backend(active_pid) from pg_replication_slots where database = '{database}' and active");

    /// <summary>Runs SQL on a connection of its own, several statements as one implicit transaction.</summary>
    public async Task ExecuteAsync(string sql, string database = "postgres", CancellationToken cancellationToken = default)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The first value of the first row.</summary>
    public async Task<T?> ScalarAsync<T>(string sql, string database = "postgres", CancellationToken cancellationToken = default)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken) is T value ? value : default;
    }

    public Task StartAsync(CancellationToken cancellationToken = default) =>
        _binaries.RunAsync("pg_ctl", ["-D", DataDirectory, "-l", Path.Combine(Root, "server.log"), "-w", "-t", "60", "start"], cancellationToken);

    /// <summary>Stops it: <c>fast</c> ends sessions, <c>immediate</c> skips the checkpoint, <c>smart</c> waits for clients.</summary>
    public Task StopAsync(string mode = "fast", CancellationToken cancellationToken = default) =>
        _binaries.RunAsync("pg_ctl", ["-D", DataDirectory, "-m", mode, "-w", "-t", "60", "stop"], cancellationToken);

    public async Task RestartAsync(string mode = "fast", CancellationToken cancellationToken = default)
    {
        await StopAsync(mode, cancellationToken);
        await StartAsync(cancellationToken);
    }

    /// <summary>Kills the postmaster with SIGKILL and waits until its children have gone too.</summary>
    public async Task KillAsync(CancellationToken cancellationToken = default)
    {
        var pidFile = Path.Combine(DataDirectory, "postmaster.pid");
        var pid = int.Parse((await _binaries.ReadLineAsync(pidFile, cancellationToken)).Trim(), CultureInfo.InvariantCulture);
        using var process = Process.GetProcessById(pid);
        var children = Children(pid);
        process.Kill();
        await process.WaitForExitAsync(cancellationToken);
        foreach (var child in children)
        {
            try
            {
                using var backend = Process.GetProcessById(child);
                backend.Kill();
                await backend.WaitForExitAsync(cancellationToken);
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException)
            {
                // It noticed its postmaster's death before we came.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (File.Exists(Path.Combine(DataDirectory, "postmaster.pid")) || _binaries.RunsAsOther)
        {
            try
            {
                await StopAsync("immediate");
            }
            catch (InvalidOperationException)
            {
                // It was not running: killed or stopped by the test.
            }
        }
        await _binaries.RemoveAsync(Root);
    }

    private string Configuration(IReadOnlyDictionary<string, string>? settings)
    {
        var all = new Dictionary<string, string>
        {
            ["port"] = Port.ToString(CultureInfo.InvariantCulture),
            ["listen_addresses"] = "127.0.0.1",
            ["unix_socket_directories"] = Root,
            ["wal_level"] = "logical",
            ["fsync"] = "off",
            ["synchronous_commit"] = "off",
            ["full_page_writes"] = "off",
            ["max_wal_senders"] = "40",
            ["max_replication_slots"] = "40",
            ["max_connections"] = "200",
            ["shared_buffers"] = "64MB",
            ["logging_collector"] = "off",
            ["timezone"] = "UTC",
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string>()) all[name] = value;
        return "\n" + string.Concat(all.Select(s => $"{s.Key} = '{s.Value.Replace("'", "''", StringComparison.Ordinal)}'\n"));
    }

    private static int[] Children(int pid)
    {
        var file = $"/proc/{pid}/task/{pid}/children";
        return File.Exists(file)
            ? [.. File.ReadAllText(file).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => int.Parse(p, CultureInfo.InvariantCulture))]
            : [];
    }

    private static string Escape(string text) => System.Uri.EscapeDataString(text);
}
