using PolyglotSync.Testing;

namespace PolyglotSync.Integration.Servers;

/// <summary>
/// A broker with a listener of each kind: without security, with names and passwords (PLAIN and SCRAM-SHA-256), with TLS, with both, and with TLS that wants a certificate of the client's. Its user is alice.
/// </summary>
public sealed class SecureKafka : IAsyncLifetime
{
    public const string User = "alice";
    public const string Password = "wonder-secret";

    private const string PlainLogin = $"org.apache.kafka.common.security.plain.PlainLoginModule required user_{User}=\"{Password}\";";
    private KafkaServer? _server;

    public SelfMadeAuthority Authority { get; } = new("the test's own");

    public string Plain => _server!.BootstrapServers;

    public string Sasl { get; } = Address();

    public string Tls { get; } = Address();

    public string SaslTls { get; } = Address();

    public string MutualTls { get; } = Address();

    public async Task InitializeAsync()
    {
        if (KafkaServer.Missing is not null || KafkaServer.StartScript is null) return;
        const string plain = "PLAINTEXT://127.0.0.1:{port}";
        var secure = $"LOGIN://{Sasl},TLS://{Tls},BOTH://{SaslTls},MUTUAL://{MutualTls}";
        _server = await KafkaServer.StartNewAsync(new KafkaOptions
        {
            ServerProperties = new Dictionary<string, string>
            {
                ["listener.security.protocol.map"] = "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,LOGIN:SASL_PLAINTEXT,TLS:SSL,BOTH:SASL_SSL,MUTUAL:SSL",
                ["listeners"] = $"{plain},CONTROLLER://127.0.0.1:{{controller}},{secure}",
                ["advertised.listeners"] = $"{plain},{secure}",
                ["inter.broker.listener.name"] = "PLAINTEXT",
                ["sasl.enabled.mechanisms"] = "PLAIN,SCRAM-SHA-256",
                ["listener.name.login.plain.sasl.jaas.config"] = PlainLogin,
                ["listener.name.both.plain.sasl.jaas.config"] = PlainLogin,
                ["listener.name.login.scram-sha-256.sasl.jaas.config"] = "org.apache.kafka.common.security.scram.ScramLoginModule required;",
                ["listener.name.both.scram-sha-256.sasl.jaas.config"] = "org.apache.kafka.common.security.scram.ScramLoginModule required;",
                ["ssl.keystore.type"] = "PEM",
                ["ssl.keystore.location"] = Authority.Sign("broker").Both,
                ["ssl.truststore.type"] = "PEM",
                ["ssl.truststore.location"] = Authority.Certificate,
                ["listener.name.mutual.ssl.client.auth"] = "required",
            },
        });
        await KafkaServer.ToolAsync("kafka.admin.ConfigCommand", "--bootstrap-server", Plain, "--alter", "--entity-type", "users", "--entity-name", User, "--add-config", $"SCRAM-SHA-256=[password={Password}]");
    }

    public async Task DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        Authority.Dispose();
    }

    private static string Address() => $"127.0.0.1:{FreePort.Next()}";
}
