using System.Globalization;
using PolyglotSync.Contracts;
using PolyglotSync.Kafka.Topics;

namespace PolyglotSync.SyncNode.Demo.Servers;

/// <summary>A Kafka of the demo's own, by a start script: one node on loopback, without security, gone with its folder.</summary>
internal sealed class EmbeddedKafka : IAsyncDisposable
{
    /// <summary>Names the start script, called as <c>SCRIPT run FOLDER PORT</c>: it keeps a broker in the foreground, at 127.0.0.1:PORT.</summary>
    public const string Variable = "POLYSYNC_KAFKA_SERVER";

    /// <summary>How long the broker is asked before it is looked at whether it still runs.</summary>
    private const int AskMs = 2_000;

    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(90);
    private readonly ServerProcess _server;

    private EmbeddedKafka(ServerProcess server, int port, string script)
    {
        (_server, Port, Script) = (server, port, script);
    }

    public int Port { get; }

    public string Script { get; }

    /// <summary><c>host:port</c>.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <returns>The start script's path.</returns>
    /// <exception cref="PipelineFailure">There is none here; with what to do.</exception>
    public static string Find(Func<string, string?> environment)
    {
        if (environment(Variable) is { Length: > 0 } named)
        {
            return File.Exists(named) ? Path.GetFullPath(named) : throw Missing($"{Variable} names {named}, and that is not there");
        }
        var root = environment("POLYSYNC_ROOT") ?? Directory.GetCurrentDirectory();
        var beside = Path.GetFullPath(Path.Combine(root, "..", "shared", "servers", "kafka-server"));
        return File.Exists(beside) ? beside : throw Missing("no Kafka is here that the demo could start");
    }

    /// <exception cref="PipelineFailure">It ended, or did not answer in time.</exception>
    public static Task<EmbeddedKafka> StartAsync(string script, ScratchFolder scratch, CancellationToken cancellationToken) =>
        FreePort.TryAsync(FreePort.NextPair, port => StartAsync(script, port, scratch, cancellationToken));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task<EmbeddedKafka> StartAsync(string script, int port, ScratchFolder scratch, CancellationToken cancellationToken)
    {
        // heap and data are small; a topic that nobody made should show
        var server = ServerProcess.Start("Kafka", scratch.Within("kafka.log"),
            ["env", "KAFKA_HEAP=384m", "KAFKA_AUTO_CREATE=false", script, "run", scratch.Within(string.Create(CultureInfo.InvariantCulture, $"kafka-{port}")), port.ToString(CultureInfo.InvariantCulture)]);
        server.StopsAtOnce = true;
        var kafka = new EmbeddedKafka(server, port, script);
        try
        {
            await server.UntilAsync(kafka.AnswersAsync, StartTime, cancellationToken);
            return kafka;
        }
        catch (PipelineFailure e)
        {
            await kafka.DisposeAsync();
            throw new PipelineFailure(e.Class, $"{e.Message}\nName a broker with --kafka HOST:PORT, or another start script in {Variable}", e) { ExitCode = ExitCode.BrokerUnavailable };
        }
        catch
        {
            await kafka.DisposeAsync();
            throw;
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var admin = new TopicAdmin(new KafkaSettings { BootstrapServers = Address, Prefix = "demo", ConnectTimeoutMs = AskMs }, "demo");
            await admin.PartitionsAsync([], cancellationToken);
            return true;
        }
        catch (PipelineFailure e) when (e.Class == FailureClass.Transient)
        {
            return false;
        }
    }

    private static PipelineFailure Missing(string what) => new(FailureClass.Fatal,
        $"{what}; name a broker with --kafka HOST:PORT ('docker run -p 9092:9092 apache/kafka:4.1.1' starts one at localhost:9092), or a start script in {Variable}")
    { ExitCode = ExitCode.BrokerUnavailable };
}
