using System.Net.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Api.Metrics;

namespace PolyglotSync.SyncNode.Api;

/// <summary>The generic host with the API on it. Signals are the command's business, so the host leaves them alone.</summary>
internal static class ApiServer
{
    public static WebApplication Create(Uri api, ApiToken token, Action<ILoggingBuilder> logging, Action<IServiceCollection> services) =>
        Create(new ApiEndpoint(api), token, logging, services);

    /// <param name="endpoint">Where to listen, and with what certificate.</param>
    /// <param name="token">Needed for whatever changes something or shows rows.</param>
    /// <exception cref="PipelineFailure">The certificate cannot be used.</exception>
    public static WebApplication Create(ApiEndpoint endpoint, ApiToken token, Action<ILoggingBuilder> logging, Action<IServiceCollection> services)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, ApplicationName = "polysync" });
        logging(builder.Logging);
        builder.WebHost.UseKestrelCore().UseUrls(endpoint.Address.GetLeftPart(UriPartial.Authority));
        if (endpoint.Certificate is { } files) UseTls(builder.WebHost, new ApiCertificate(files));
        builder.Services.AddRouting();
        services(builder.Services);
        builder.Services.AddSingleton<IHostLifetime, SilentLifetime>();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(60));
        var app = builder.Build();
        app.Use(PipelineApi.GuardAsync);
        app.UseRouting();
        DeadLetterApi.Map(app, token);
        VerbApi.Map(app, token);
        ManifestApi.Map(app, token);
        MetricsApi.Map(app);
        IncidentApi.Map(app);
        PipelineApi.Map(app);
        return app;
    }

    private static void UseTls(ConfigureWebHostBuilder host, ApiCertificate certificate) => host.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
    {
        var log = kestrel.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger<ApiCertificate>();
        kestrel.ConfigureEndpointDefaults(listen => listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            // for each connection, so that a renewed certificate is taken without a restart
            OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = certificate.Current(log) }),
        }));
    });

    /// <returns>Where it listens.</returns>
    /// <exception cref="PipelineFailure">The address is taken or is not this machine's.</exception>
    public static async Task<Uri> StartAsync(WebApplication app, Uri api, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
            return new Uri(app.Urls.First());
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw new PipelineFailure(FailureClass.Fatal,
                $"the API's address {api} is taken: another node (or another program) listens there; stop it, or name another with --api", e);
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or IOException)
        {
            throw new PipelineFailure(FailureClass.Fatal, $"the API cannot listen on {api}: {e.Message}; name another address with --api", e);
        }
    }

    private sealed class SilentLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
