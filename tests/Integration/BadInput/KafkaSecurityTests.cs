using Confluent.Kafka;
using PolyglotSync.Contracts;
using PolyglotSync.Integration.Servers;
using PolyglotSync.Integration.Worlds;
using PolyglotSync.Testing;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.BadInput;

/// <summary>TLS and logins at a real broker, by the manifest and the whole program: what is right works, what is wrong ends with the setting's name and its exit code, and without the secret.</summary>
[Collection(Lane.Refusals)]
[Trait("Length", "Long")]
[Trait("Category", "Integration")]
public sealed class KafkaSecurityTests(RealServers servers, SecureKafka kafka) : IClassFixture<SecureKafka>
{
    /// <summary>The program loads the same as these tests.</summary>
    private static bool HasOldLibrary => Library.Version < 0x020601ff;

    public static TheoryData<string> Right => ["PLAIN", "SCRAM", "TLS", "PLAIN over TLS", "SCRAM over TLS", "TLS with a certificate of ours"];

    [SkippableTheory]
    [MemberData(nameof(Right))]
    public async Task Rows_go_through_a_broker_with(string security)
    {
        Skip.If(security.Contains("SCRAM", StringComparison.Ordinal) && HasOldLibrary, $"librdkafka {Library.VersionString} cannot log in by SCRAM at Kafka 4; 2.6.1 can");
        await using var world = await WorldAsync();
        var (_, key, _) = kafka.Authority.Sign("client");
        var ca = $"ssl.ca.location: {kafka.Authority.Certificate}";
        var (broker, properties) = security switch
        {
            "PLAIN" => (kafka.Sasl, Login("sasl_plaintext", "PLAIN")),
            "SCRAM" => (kafka.Sasl, Login("sasl_plaintext", "SCRAM-SHA-256")),
            "TLS" => (kafka.Tls, (string[])["security.protocol: ssl", ca]),
            "PLAIN over TLS" => (kafka.SaslTls, [.. Login("sasl_ssl", "PLAIN"), ca]),
            "SCRAM over TLS" => (kafka.SaslTls, [.. Login("sasl_ssl", "SCRAM-SHA-256"), ca]),
            _ => (kafka.MutualTls, ["security.protocol: ssl", ca, $"ssl.certificate.location: {Path.ChangeExtension(key, ".pem")}", $"ssl.key.location: {key}"]),
        };
        Through(world, broker, properties);
        await world.StartStreamingAsync();
        await world.SqlAsync("insert into t values (2), (3)");
        await world.ShouldAgreeAsync();
        world.Node!.Error.ShouldNotContain(SecureKafka.Password);
    }

    [SkippableTheory]
    [InlineData("PLAIN")]
    [InlineData("SCRAM-SHA-256")]
    public async Task A_wrong_password_names_the_login_s_settings(string mechanism)
    {
        await using var world = await WorldAsync();
        await FailsAsync(world, kafka.Sasl, Login("sasl_plaintext", mechanism, "queen-secret"), "the login is refused", "sasl.username", "sasl.password");
    }

    [SkippableFact]
    public async Task An_older_librdkafka_says_that_SCRAM_needs_a_newer_one()
    {
        Skip.If(!HasOldLibrary, $"librdkafka {Library.VersionString} can log in by SCRAM");
        await using var world = await WorldAsync();
        await FailsAsync(world, kafka.Sasl, Login("sasl_plaintext", "SCRAM-SHA-256"), "sasl.password", Library.VersionString, "before 2.6.1", "PLAIN over TLS");
    }

    [SkippableFact]
    public async Task A_mechanism_that_the_listener_lacks_is_named()
    {
        await using var world = await WorldAsync();
        await FailsAsync(world, kafka.Sasl, Login("sasl_plaintext", "SCRAM-SHA-512"), "sasl.mechanism");
    }

    [SkippableFact]
    public async Task An_unknown_authority_names_the_setting_for_it()
    {
        await using var world = await WorldAsync();
        await FailsAsync(world, kafka.Tls, ["security.protocol: ssl"], "certificate is not trusted", "ssl.ca.location");
        using var other = new SelfMadeAuthority("somebody else's");
        await FailsAsync(world, kafka.Tls, ["security.protocol: ssl", $"ssl.ca.location: {other.Certificate}"], "certificate is not trusted", "ssl.ca.location");
    }

    [SkippableFact]
    public async Task A_name_that_the_certificate_does_not_bear_is_said()
    {
        await using var world = await WorldAsync();
        await FailsAsync(world, kafka.Tls.Replace("127.0.0.1", "localhost", StringComparison.Ordinal), ["security.protocol: ssl", $"ssl.ca.location: {kafka.Authority.Certificate}"], "by a name that the certificate bears");
    }

    [SkippableFact]
    public async Task A_certificate_of_ours_that_is_missing_names_the_setting_for_it()
    {
        await using var world = await WorldAsync();
        await FailsAsync(world, kafka.MutualTls, ["security.protocol: ssl", $"ssl.ca.location: {kafka.Authority.Certificate}"], "ssl.certificate.location", "ssl.key.location");
    }

    [SkippableFact]
    public async Task Plain_text_to_a_listener_with_TLS_or_a_login_names_the_protocol()
    {
        await using var world = await WorldAsync();
        await FailsAsync(world, kafka.Tls, [], "security.protocol", "ssl");
        await FailsAsync(world, kafka.Sasl, [], "security.protocol", "sasl_plaintext");
    }

    [SkippableFact]
    public async Task TLS_or_a_login_to_a_plain_listener_names_the_protocol()
    {
        await using var world = await WorldAsync();
        await FailsAsync(world, kafka.Plain, ["security.protocol: ssl", $"ssl.ca.location: {kafka.Authority.Certificate}"], "does not speak TLS", "security.protocol");
        await FailsAsync(world, kafka.Plain, Login("sasl_plaintext", "PLAIN"), "security.protocol");
    }

    [SkippableFact]
    public async Task A_file_of_the_authority_that_is_not_there_is_named()
    {
        await using var world = await WorldAsync();
        await FailsAsync(world, kafka.Tls, ["security.protocol: ssl", "ssl.ca.location: /nowhere/ca.pem"], ["/nowhere/ca.pem", "ssl.ca.location", "kafka.properties"], ExitCode.BrokerUnfit);
    }

    private async Task<World> WorldAsync()
    {
        Skip.If(KafkaServer.Missing is not null, KafkaServer.Missing);
        Skip.If(KafkaServer.StartScript is null, "a broker with TLS and logins is started by a script, and there is none: POLYSYNC_KAFKA_SERVER names none");
        var world = await World.NewAsync(servers, GraphKind.Falkor);
        await world.SqlAsync("create table t (id int primary key); insert into t values (1)");
        return world;
    }

    private static string[] Login(string protocol, string mechanism, string password = SecureKafka.Password) =>
        [$"security.protocol: {protocol}", $"sasl.mechanism: {mechanism}", $"sasl.username: {SecureKafka.User}", $"sasl.password: {password}"];

    private static void Through(World world, string broker, string[] properties) =>
        world.ThroughKafka(broker, "embedded", properties.Length == 0 ? [] : ["properties:", .. properties.Select(p => $"  {p}")]);

    private static Task FailsAsync(World world, string broker, string[] properties, params string[] words) => FailsAsync(world, broker, properties, words, ExitCode.BrokerUnavailable);

    private static async Task FailsAsync(World world, string broker, string[] properties, string[] words, ExitCode code)
    {
        Through(world, broker, properties);
        var node = world.Start();
        await node.ExitAsync(TimeSpan.FromSeconds(40));
        node.ExitCode.ShouldBe((int)code, node.Error);
        foreach (var word in (string[])[$"Kafka {broker}: ", .. words]) node.Error.ShouldContain(word, Case.Insensitive, node.Error);
        node.Error.ShouldNotContain("-secret");
        node.Error.ShouldNotContain("   at ");
    }
}
