using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace PolyglotSync.Testing;

/// <summary>
/// A Kafka of its own for a test run, by the start script that POLYSYNC_KAFKA_SERVER names or that lies in <c>shared/servers</c> beside the repository; or the broker
/// that POLYSYNC_TEST_KAFKA addresses (<c>host:port</c>, plaintext), where the tests leave topics of fresh names behind.
/// </summary>
public sealed class KafkaServer : IAsyncDisposable
{
    private static readonly ServerScript Script = new("POLYSYNC_KAFKA_SERVER", "kafka-server");

    private readonly string? _directory;
    private readonly KafkaOptions _options;

    private KafkaServer(string bootstrapServers, string? directory, KafkaOptions options) => (BootstrapServers, _directory, _options) = (bootstrapServers, directory, options);

    /// <summary>Why there is none here; null where there is. For <c>Skip.If</c>.</summary>
    public static string? Missing =>
        Given() is not null ? null : Script.Missing is { } missing ? $"no Kafka here: POLYSYNC_TEST_KAFKA names no address, {missing}" : null;

    /// <summary><c>host:port</c>.</summary>
    public string BootstrapServers { get; }

    /// <summary>True for a broker of our own: it may be killed and started again.</summary>
    public bool IsOurs => _directory is not null;

    /// <summary>What a broker of our own keeps its log in; deleted with it.</summary>
    public string? Directory => _directory;

    public static async Task<KafkaServer> StartNewAsync(KafkaOptions? options = null)
    {
        options ??= new KafkaOptions();
        if (Given() is { } given && options.ServerProperties.Count == 0) return new KafkaServer(given, null, options);
        for (var attempt = 1; ; attempt++)
        {
            var directory = System.IO.Directory.CreateTempSubdirectory("polysync-kafka-").FullName;
            var server = new KafkaServer(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{FreePair()}"), directory, options);
            try
            {
                await server.StartAgainAsync();
                return server;
            }
            catch (InvalidOperationException) when (attempt < 3)
            {
                // a port that was free when we looked was taken before the server had it
                System.IO.Directory.Delete(directory, recursive: true);
            }
        }
    }

    /// <summary>Ends it without a goodbye, as a crash would.</summary>
    public Task KillAsync() => RunAsync("kill", _directory!);

    /// <summary>Ends it in good order.</summary>
    public Task StopAsync() => RunAsync("stop", _directory!);

    /// <summary>SIGSTOP: its connections stay open, and nothing is answered until <see cref="Resume"/>.</summary>
    public void Suspend() => ProcessSignals.Suspend(Pid());

    /// <summary>SIGCONT.</summary>
    public void Resume() => ProcessSignals.Resume(Pid());

    /// <summary>Starts it again on the same data and port.</summary>
    public async Task StartAgainAsync()
    {
        var port = BootstrapServers[(BootstrapServers.LastIndexOf(':') + 1)..];
        if (_options.ServerProperties.Count > 0 && !File.Exists(Path.Combine(_directory!, "server.properties"))) await ConfigureAsync(port);
        await RunAsync("start", _directory!, port);
    }

    public async ValueTask DisposeAsync()
    {
        if (_directory is null) return;
        await KillAsync();
        System.IO.Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Runs one of Kafka's own command-line classes.</summary>
    public static Task ToolAsync(params string[] arguments) => new KafkaServer("", null, new KafkaOptions()).RunAsync(["tool", .. arguments]);

    /// <summary>The script configures on the first start only: that one is cut short, and properties of ours, the later ones, win.</summary>
    private async Task ConfigureAsync(string port)
    {
        await RunAsync("start", _directory!, port);
        await RunAsync("kill", _directory!);
        var controller = (int.Parse(port, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);
        await File.AppendAllLinesAsync(Path.Combine(_directory!, "server.properties"), _options.ServerProperties.Select(p =>
            $"{p.Key}={p.Value.Replace("{port}", port, StringComparison.Ordinal).Replace("{controller}", controller, StringComparison.Ordinal)}"));
    }

    private int Pid() => int.Parse(File.ReadAllText(Path.Combine(_directory!, "pid")).Trim(), CultureInfo.InvariantCulture);

    private static string? Given() => Environment.GetEnvironmentVariable("POLYSYNC_TEST_KAFKA") is { Length: > 0 } address ? address : null;

    /// <summary>The start script; null where there is none.</summary>
    public static string? StartScript => Script.Path;

    /// <summary>The script takes the port above for the controller: both must be free.</summary>
    private static int FreePair()
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var port = FreePort.Next();
            try
            {
                using var controller = new TcpListener(IPAddress.Loopback, port + 1);
                controller.Start();
                return port;
            }
            catch (Exception e) when (e is SocketException or ArgumentOutOfRangeException)
            {
                // taken, or past the last one: another pair
            }
        }
        throw new InvalidOperationException("no two free ports beside each other were found in 100 attempts");
    }

    private Task RunAsync(params string[] arguments) => Script.RunAsync(new Dictionary<string, string>
    {
        ["KAFKA_HEAP"] = _options.Heap,
        ["KAFKA_PARTITIONS"] = _options.Partitions.ToString(CultureInfo.InvariantCulture),
        ["KAFKA_AUTO_CREATE"] = _options.CreatesTopics ? "true" : "false",
    }, arguments);
}

/// <summary>How a broker of our own is set up.</summary>
public sealed record KafkaOptions
{
    /// <summary>As java -Xmx takes it.</summary>
    public string Heap { get; init; } = "384m";

    /// <summary>Of topics that are made without a number.</summary>
    public int Partitions { get; init; } = 4;

    /// <summary>Whether a topic is made when it is first named; off, so that a missing one shows.</summary>
    public bool CreatesTopics { get; init; }

    /// <summary>Lines for server.properties, over those of the start script; <c>{port}</c> and <c>{controller}</c> stand for the two ports.</summary>
    public IReadOnlyDictionary<string, string> ServerProperties { get; init; } = new Dictionary<string, string>();
}
