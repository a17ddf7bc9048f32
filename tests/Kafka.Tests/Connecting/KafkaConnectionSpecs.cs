using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using PolyglotSync.Kafka.Connecting;
using PolyglotSync.Testing;

namespace PolyglotSync.Kafka.Tests.Connecting;

/// <summary>A broker with a listener for names and passwords beside the plain one.</summary>
public sealed class SaslBroker : IAsyncLifetime
{
    private KafkaServer? _server;

    public int SaslPort { get; } = FreePort.Next();

    public string Plain => _server!.BootstrapServers;

    public async Task InitializeAsync()
    {
        if (KafkaServer.Missing is not null) return;
        var plain = "PLAINTEXT://127.0.0.1:{port}";
        var sasl = $"LOGIN://127.0.0.1:{SaslPort}";
        _server = await KafkaServer.StartNewAsync(new KafkaOptions
        {
            ServerProperties = new Dictionary<string, string>
            {
                ["listener.security.protocol.map"] = "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,LOGIN:SASL_PLAINTEXT",
                ["sasl.enabled.mechanisms"] = "PLAIN",
                ["listener.name.login.plain.sasl.jaas.config"] = "org.apache.kafka.common.security.plain.PlainLoginModule required user_alice=\"wonderland\";",
                ["inter.broker.listener.name"] = "PLAINTEXT",
                ["advertised.listeners"] = $"{plain},{sasl}",
                ["listeners"] = $"{plain},CONTROLLER://127.0.0.1:{{controller}},{sasl}",
            },
        });
    }

    public async Task DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }
}

[Trait("Category", "Integration")]
public sealed class KafkaConnectionSpecs(SaslBroker broker) : IClassFixture<SaslBroker>
{
    private static readonly Dictionary<string, string> Alice = new()
    {
        ["security.protocol"] = "sasl_plaintext", ["sasl.mechanism"] = "PLAIN", ["sasl.username"] = "alice", ["sasl.password"] = "wonderland",
    };

    private static KafkaSettings To(string address, Dictionary<string, string>? properties = null, int timeoutMs = 5_000) =>
        new() { BootstrapServers = address, Prefix = "p", ConnectTimeoutMs = timeoutMs, Properties = properties ?? [] };

    private string Sasl => $"127.0.0.1:{broker.SaslPort}";

    private static async Task<PipelineFailure> FailureAsync(KafkaSettings settings)
    {
        var start = Stopwatch.GetTimestamp();
        var failure = await Should.ThrowAsync<PipelineFailure>(KafkaConnection.CheckAsync(settings, "p", default));
        Stopwatch.GetElapsedTime(start).TotalMilliseconds.ShouldBeLessThan(settings.ConnectTimeoutMs + 3_000);
        failure.ExitCode.ShouldBe(ExitCode.BrokerUnavailable);
        failure.Message.ShouldStartWith($"Kafka {settings.BootstrapServers}: ");
        return failure;
    }

    [SkippableFact]
    public async Task A_broker_that_is_there_answers()
    {
        Skip.If(KafkaServer.Missing is not null, KafkaServer.Missing);
        (await KafkaConnection.CheckAsync(To(broker.Plain), "p", default)).Brokers.Count.ShouldBe(1);
        (await KafkaConnection.CheckAsync(To(Sasl, Alice), "p", default)).Brokers.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Nobody_listening_is_said_within_the_connect_timeout()
    {
        var failure = await FailureAsync(To($"127.0.0.1:{FreePort.Next()}", timeoutMs: 1_500));
        failure.Class.ShouldBe(FailureClass.Transient);
        failure.Message.ShouldContain("is Kafka running there");
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_said() =>
        (await FailureAsync(To("no-such-host.invalid:9092", timeoutMs: 3_000))).Message.ShouldContain("check kafka.bootstrap_servers");

    [SkippableFact]
    public async Task A_wrong_password_is_said_at_once_and_not_with_the_password()
    {
        Skip.If(KafkaServer.Missing is not null, KafkaServer.Missing);
        var start = Stopwatch.GetTimestamp();
        var failure = await FailureAsync(To(Sasl, new(Alice) { ["sasl.password"] = "queen-of-hearts" }, timeoutMs: 30_000));
        Stopwatch.GetElapsedTime(start).TotalSeconds.ShouldBeLessThan(10);
        failure.Class.ShouldBe(FailureClass.Fatal);
        failure.Message.ShouldContain("the login is refused");
        failure.Message.ShouldNotContain("queen-of-hearts");
    }

    [SkippableFact]
    public async Task A_mechanism_that_the_broker_lacks_is_said()
    {
        Skip.If(KafkaServer.Missing is not null, KafkaServer.Missing);
        var failure = await FailureAsync(To(Sasl, new(Alice) { ["sasl.mechanism"] = "SCRAM-SHA-256" }));
        failure.Class.ShouldBe(FailureClass.Fatal);
        failure.Message.ShouldContain("sasl.mechanism");
    }

    [SkippableFact]
    public async Task Tls_to_a_plain_listener_is_said()
    {
        Skip.If(KafkaServer.Missing is not null, KafkaServer.Missing);
        var failure = await FailureAsync(To(broker.Plain, new() { ["security.protocol"] = "ssl" }));
        failure.Class.ShouldBe(FailureClass.Fatal);
        failure.Message.ShouldContain("the listener does not speak TLS");
    }

    [SkippableFact]
    public async Task A_connection_that_is_cut_short_tells_of_wrong_settings_only_where_nobody_ever_answered()
    {
        Skip.If(KafkaServer.Missing is not null, KafkaServer.Missing);
        using var relay = new Relay(broker.Plain) { IsCut = true };
        var failure = await FailureAsync(To(relay.Address, timeoutMs: 2_000));
        failure.Class.ShouldBe(FailureClass.Fatal);
        failure.Message.ShouldContain("set security.protocol");

        relay.IsCut = false;
        await KafkaConnection.CheckAsync(To(relay.Address), "p", default);
        relay.IsCut = true;
        (await FailureAsync(To(relay.Address, timeoutMs: 2_000))).Class.ShouldBe(FailureClass.Transient);
    }

    [Fact]
    public async Task A_property_that_librdkafka_does_not_know_is_said()
    {
        var failure = await Should.ThrowAsync<PipelineFailure>(KafkaConnection.CheckAsync(To("localhost:9092", new() { ["no.such.property"] = "1" }), "p", default));
        failure.ExitCode.ShouldBe(ExitCode.BrokerUnfit);
        failure.Message.ShouldContain("no.such.property");
    }
}

/// <summary>A way to the broker on a port of its own: a connection is passed on, or closed once the first bytes have come.</summary>
internal sealed class Relay : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string _to;

    public Relay(string to)
    {
        _to = to;
        _listener.Start();
        _ = ServeAsync();
    }

    public string Address => $"{_listener.LocalEndpoint}";

    public bool IsCut { get; set; }

    public void Dispose() => _listener.Stop();

    private async Task ServeAsync()
    {
        try
        {
            while (true) _ = PassAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // disposed
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using var from = client;
        var first = new byte[4096];
        try
        {
            var read = await from.GetStream().ReadAsync(first);
            if (IsCut || read == 0) return;
            using var to = new TcpClient();
            await to.ConnectAsync(IPEndPoint.Parse(_to));
            await to.GetStream().WriteAsync(first.AsMemory(0, read));
            await Task.WhenAny(from.GetStream().CopyToAsync(to.GetStream()), to.GetStream().CopyToAsync(from.GetStream()));
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // one of the two has gone: so has the other
        }
    }
}
