using System.Diagnostics;
using System.Globalization;
using Npgsql;
using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Demo.Servers;

/// <summary>A PostgreSQL cluster of the demo's own: loopback only, no password, as user postgres where we are root (the server refuses root).</summary>
internal sealed class PostgresCluster : IAsyncDisposable
{
    private const string User = "postgres";
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);

    private readonly ServerProcess _server;

    private PostgresCluster(ServerProcess server, string bin, int port)
    {
        (_server, Bin, Port) = (server, bin, port);
    }

    /// <summary>Where psql is.</summary>
    public string Bin { get; }

    public int Port { get; }

    /// <summary>The server's version; set once it answered.</summary>
    public Version Version { get; private set; } = new();

    public string ConnectionString(string database) => string.Create(CultureInfo.InvariantCulture,
        $"Host=127.0.0.1;Port={Port};Username={User};Database={database};Include Error Detail=true");

    /// <summary>For people: what they type to get in.</summary>
    public string Psql(string database) => string.Create(CultureInfo.InvariantCulture, $"{Programs.Typed(Programs.OnPath("psql") ?? $"{Bin}/psql")} -h 127.0.0.1 -p {Port} -U {User} {database}");

    public static async Task<PostgresCluster> StartAsync(ScratchFolder scratch, CancellationToken cancellationToken)
    {
        var bin = FindBin();
        var data = scratch.Within("postgres");
        Directory.CreateDirectory(data);
        string[] asUser = [];
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", [User, data], cancellationToken);
            asUser = ["setpriv", $"--reuid={User}", $"--regid={User}", "--init-groups"];
        }
        await RunAsync(asUser is [] ? $"{bin}/initdb" : asUser[0],
            [.. asUser.Skip(1), .. asUser is [] ? (string[])[] : [$"{bin}/initdb"], "-D", data, "-U", User, "-A", "trust", "--locale=C.UTF-8", "-E", "UTF8", "--no-sync"],
            cancellationToken);
        return await FreePort.TryAsync(FreePort.Next, port => StartAsync(bin, asUser, data, port, scratch, cancellationToken));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task<PostgresCluster> StartAsync(string bin, string[] asUser, string data, int port, ScratchFolder scratch, CancellationToken cancellationToken)
    {
        var server = ServerProcess.Start("PostgreSQL", scratch.Within("postgres.log"),
            [.. asUser, $"{bin}/postgres", "-D", data, "-p", port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1",
                "-c", "unix_socket_directories=", "-c", "wal_level=logical", "-c", "fsync=off", "-c", "max_wal_size=4GB", "-c", "shared_buffers=128MB"]);
        var cluster = new PostgresCluster(server, bin, port);
        try
        {
            await server.UntilAsync(cluster.AnswersAsync, StartTime, cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false;Timeout=5");
            await connection.OpenAsync(cancellationToken);
            Version = connection.PostgreSqlVersion;
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static string FindBin()
    {
        if (Environment.GetEnvironmentVariable("POLYSYNC_PG_BIN") is { Length: > 0 } set) return set;
        IEnumerable<string> installed = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(d => int.TryParse(Path.GetFileName(d), out var v) ? v : 0).Select(d => $"{d}/bin")
            : [];
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        return installed.Concat(onPath).FirstOrDefault(d => File.Exists($"{d}/initdb") && File.Exists($"{d}/postgres"))
            ?? throw new PipelineFailure(FailureClass.Fatal, "no PostgreSQL server is installed; './polysync setup' installs one, or set POLYSYNC_PG_BIN to its bin folder");
    }

    private static async Task RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // it would go on in a folder that is deleted
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }
        if (process.ExitCode != 0)
        {
            throw new PipelineFailure(FailureClass.Fatal, $"{Path.GetFileName(program)} failed: {(await error).Trim()} {(await output).Trim()}");
        }
    }
}
