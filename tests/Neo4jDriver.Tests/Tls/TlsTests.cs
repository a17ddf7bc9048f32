using Neo4j.Driver;
using PolyglotSync.Neo4jDriver.Tests.Faults;
using PolyglotSync.Neo4jDriver.Tests.Server;
using Shouldly;
using Xunit;

namespace PolyglotSync.Neo4jDriver.Tests.Tls;

/// <summary>Which certificates the schemes and trust managers take.</summary>
public class TlsTests
{
    private const string Here = "127.0.0.1", Elsewhere = "graph.example";

    [Theory]
    [InlineData(Here)]
    [InlineData(Elsewhere)]
    public async Task Any_certificate_will_do_where_the_scheme_says_so(string madeOutTo)
    {
        await using var server = new FakeBoltServer(_ => FakeBoltServer.Success);
        await using var proxy = new TlsProxy(server.Port, madeOutTo);
        await using var driver = GraphDatabase.Driver($"bolt+ssc://{proxy.Address}", AuthTokens.None);
        await driver.VerifyConnectivityAsync();
        await using var session = driver.AsyncSession();
        await (await session.RunAsync("RETURN 1")).ConsumeAsync();
    }

    [Theory]
    [InlineData("bolt+s")]
    [InlineData("neo4j+s")]
    public async Task A_certificate_nobody_vouches_for_is_refused(string scheme)
    {
        await using var server = new FakeBoltServer(_ => FakeBoltServer.Success);
        await using var proxy = new TlsProxy(server.Port, Here);
        await using var driver = GraphDatabase.Driver($"{scheme}://{proxy.Address}", AuthTokens.None);
        await Should.ThrowAsync<ServiceUnavailableException>(driver.VerifyConnectivityAsync());
    }

    [Fact]
    public async Task A_refused_certificate_is_named_as_the_cause()
    {
        await using var server = new FakeBoltServer(_ => FakeBoltServer.Success);
        await using var proxy = new TlsProxy(server.Port, Here);
        await using var driver = GraphDatabase.Driver($"bolt+s://{proxy.Address}", AuthTokens.None);
        var error = await Should.ThrowAsync<ServiceUnavailableException>(driver.VerifyConnectivityAsync());
        error.Message.ShouldStartWith("Failed to establish encrypted connection with server");
        error.InnerException.ShouldBeOfType<System.Security.Authentication.AuthenticationException>();
    }

    [Theory]
    [InlineData(Here, true, true)]
    [InlineData(Elsewhere, true, false)]
    [InlineData(Elsewhere, false, true)]
    public async Task A_given_certificate_is_trusted_for_the_host_it_names(string madeOutTo, bool verifyHostname, bool trusted)
    {
        await using var server = new FakeBoltServer(_ => FakeBoltServer.Success);
        await using var proxy = new TlsProxy(server.Port, madeOutTo);
        await using var driver = GraphDatabase.Driver(
            $"bolt://{proxy.Address}",
            AuthTokens.None,
            c => c.WithEncryptionLevel(EncryptionLevel.Encrypted).WithTrustManager(TrustManager.CreateCertTrust([proxy.Certificate], verifyHostname)));
        (await driver.TryVerifyConnectivityAsync()).ShouldBe(trusted);
    }

    [Fact]
    public async Task Another_certificate_than_the_given_one_is_refused()
    {
        await using var server = new FakeBoltServer(_ => FakeBoltServer.Success);
        await using var given = new TlsProxy(server.Port, Here);
        await using var other = new TlsProxy(server.Port, Here);
        await using var driver = GraphDatabase.Driver(
            $"bolt://{other.Address}",
            AuthTokens.None,
            c => c.WithEncryptionLevel(EncryptionLevel.Encrypted).WithTrustManager(TrustManager.CreateCertTrust([given.Certificate])));
        await Should.ThrowAsync<ServiceUnavailableException>(driver.VerifyConnectivityAsync());
    }

    [Fact]
    public async Task A_server_without_encryption_is_refused_where_it_is_wanted()
    {
        await using var server = new FakeBoltServer(_ => null, "HTTP/1.1 400 Bad Request"u8.ToArray());
        await using var driver = GraphDatabase.Driver(server.Uri.Replace("bolt:", "bolt+ssc:"), AuthTokens.None);
        await Should.ThrowAsync<ServiceUnavailableException>(driver.VerifyConnectivityAsync());
    }

    [Fact]
    public void Encryption_is_said_by_the_scheme_or_by_the_configuration_and_not_by_both() =>
        Should.Throw<ArgumentException>(() => GraphDatabase.Driver("bolt+s://localhost", AuthTokens.None, c => c.WithEncryptionLevel(EncryptionLevel.Encrypted)));
}

/// <summary>A whole conversation with a real server through TLS.</summary>
public sealed class TlsServerTests(OpenServer server) : IClassFixture<OpenServer>
{
    [SkippableTheory]
    [InlineData("bolt+ssc")]
    [InlineData("neo4j+ssc")]
    public async Task A_server_is_used_through_tls_directly_and_by_routing(string scheme)
    {
        Skip.If(server.Missing != null, server.Missing);
        await using var proxy = new TlsProxy(server.Port, "localhost");
        await using var driver = GraphDatabase.Driver($"{scheme}://{proxy.Address}", AuthTokens.None);
        await using var session = driver.AsyncSession(s => s.WithDatabase("neo4j"));
        var text = new string('x', 200_000); // more than one record of TLS and one chunk of Bolt
        (await session.ExecuteWriteAsync(async r => (await (await r.RunAsync("RETURN $text AS text", new { text })).SingleAsync())["text"].As<string>()))
            .ShouldBe(text);
    }
}
