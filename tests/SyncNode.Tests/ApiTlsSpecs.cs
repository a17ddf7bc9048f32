using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using PolyglotSync.Cli;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Api;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests;

public sealed class ApiTlsSpecs : IDisposable
{
    private readonly SelfSigned _files = new();

    public void Dispose() => _files.Dispose();

    private static async Task<(WebApplication App, Uri Api)> StartAsync(ApiCertificateFiles files)
    {
        var endpoint = new ApiEndpoint(new Uri("https://127.0.0.1:0"), files).Checked();
        var app = ApiServer.Create(endpoint, ApiToken.Choose(_ => null), _ => { }, services => services
            .AddSingleton<IPipelines>(new NoPipelines()).AddSingleton<IDeadLetterDesk>(new DeadLetterApiSpecs.FakeDesk()));
        return (app, await ApiServer.StartAsync(app, endpoint.Address, CancellationToken.None));
    }

    private static async Task<string> ThumbprintAsync(Uri api)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(api.Host, api.Port);
        string? seen = null;
        await using var tls = new SslStream(client.GetStream(), false, (_, certificate, _, _) =>
        {
            seen = ((X509Certificate2)certificate!).Thumbprint;
            return true;
        });
        await tls.AuthenticateAsClientAsync("127.0.0.1");
        return seen!;
    }

    private static async Task<(ExitCode Code, string Out, string Error)> StatusAsync(Uri api, params string[] more)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await PolysyncCommand.RunAsync(PolysyncCommand.Create(), ["status", "--api", api.GetLeftPart(UriPartial.Authority), .. more], output, error, CancellationToken.None);
        return ((ExitCode)code, output.ToString(), error.ToString());
    }

    [Fact]
    public async Task A_command_trusts_the_node_that_it_was_told_to_trust_and_no_other()
    {
        _files.Write();
        var (app, api) = await StartAsync(new ApiCertificateFiles(_files.Certificate, _files.Key, null));
        await using (app)
        {
            api.Scheme.ShouldBe("https");
            var trusted = await StatusAsync(api, "--api-ca", _files.Certificate);
            (trusted.Code, trusted.Error).ShouldBe((ExitCode.Success, ""));
            trusted.Out.ShouldContain("no pipelines");

            var unknown = await StatusAsync(api);
            unknown.Code.ShouldBe(ExitCode.NodeUnavailable);
            unknown.Error.ShouldContain("is not trusted");
            unknown.Error.ShouldContain("--api-ca");
            (await StatusAsync(new UriBuilder(api) { Host = "localhost" }.Uri, "--api-ca", _files.Certificate)).Error.ShouldContain("is not trusted");

            using var other = new SelfSigned();
            other.Write();
            (await StatusAsync(api, "--api-ca", other.Certificate)).Code.ShouldBe(ExitCode.NodeUnavailable);
            var (code, _, error) = await StatusAsync(api, "--api-ca", _files.Key + "x");
            (code, error.Contains("--api-ca", StringComparison.Ordinal)).ShouldBe((ExitCode.Usage, true));
        }
    }

    [Fact]
    public async Task A_certificate_that_was_renewed_is_taken_for_the_next_connection()
    {
        var first = _files.Write();
        var (app, api) = await StartAsync(new ApiCertificateFiles(_files.Certificate, _files.Key, null));
        await using (app)
        {
            (await ThumbprintAsync(api)).ShouldBe(first);
            var (second, certificate, key) = _files.Make();
            certificate();
            // half of a pair is none
            (await ThumbprintAsync(api)).ShouldBe(first);
            key();
            (await ThumbprintAsync(api)).ShouldBe(second);
            File.Delete(_files.Key);
            (await ThumbprintAsync(api)).ShouldBe(second);
        }
    }

    [Fact]
    public async Task A_pfx_serves_too()
    {
        var thumbprint = _files.Write();
        var (app, api) = await StartAsync(new ApiCertificateFiles(_files.Pfx, null, "pfx-password"));
        await using (app) (await ThumbprintAsync(api)).ShouldBe(thumbprint);
    }

    [Fact]
    public void A_certificate_that_is_none_is_said_without_its_password()
    {
        _files.Write();
        foreach (var files in (ApiCertificateFiles[])[new(_files.Pfx, null, "wrong-password"), new(_files.Certificate, null, null), new(_files.Certificate + "x", null, null), new(_files.Key, null, null)])
        {
            var failure = Should.Throw<PipelineFailure>(() => new ApiCertificate(files));
            failure.ExitCode.ShouldBe(ExitCode.Usage);
            failure.Message.ShouldContain("--api-certificate");
            failure.Message.ShouldNotContain("wrong-password");
        }
    }

    [Theory]
    [InlineData("http://127.0.0.1:7710", false, false, null)]
    [InlineData("http://localhost:7710", false, false, null)]
    [InlineData("http://[::1]:7710", false, false, null)]
    [InlineData("https://0.0.0.0:7710", true, false, null)]
    [InlineData("http://0.0.0.0:7710", false, true, null)]
    [InlineData("http://0.0.0.0:7710", false, false, "--api-insecure")]
    [InlineData("http://10.0.0.7:7710", false, false, "in the clear")]
    [InlineData("https://127.0.0.1:7710", false, false, "--api-certificate")]
    [InlineData("http://127.0.0.1:7710", true, false, "https://")]
    public void Nobody_listens_in_the_clear_where_others_reach_without_saying_so(string api, bool hasCertificate, bool isInsecure, string? mistake)
    {
        var endpoint = new ApiEndpoint(new Uri(api), hasCertificate ? new ApiCertificateFiles("x.pem", null, null) : null, isInsecure);
        if (mistake is null) endpoint.Checked().ShouldBe(endpoint);
        else Should.Throw<PipelineFailure>(endpoint.Checked).ShouldSatisfyAllConditions(f => f.ExitCode.ShouldBe(ExitCode.Usage), f => f.Message.ShouldContain(mistake));
    }
}
