using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using PolyglotSync.Cli.Api;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Api;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests;

/// <summary>A node's API on a free port of loopback, behind it what the test gives it.</summary>
public abstract class ServedApi : IAsyncLifetime
{
    private WebApplication _app = null!;

    private protected ApiToken Token { get; } = ApiToken.Choose(_ => null);

    private protected HttpClient Http { get; private set; } = null!;

    /// <summary>Adds what the API asks; whatever is not among it is not asked.</summary>
    private protected abstract void Serve(IServiceCollection services);

    /// <summary>Whether requests carry the node's token, unless a test takes it away.</summary>
    private protected virtual bool CarriesToken => true;

    public async Task InitializeAsync()
    {
        var any = new Uri("http://127.0.0.1:0");
        _app = ApiServer.Create(any, Token, _ => { }, services =>
        {
            services.AddSingleton<IPipelines>(new NoPipelines()).AddSingleton<IDeadLetterDesk>(_ => throw new NotSupportedException());
            Serve(services);
        });
        Http = new HttpClient { BaseAddress = await ApiServer.StartAsync(_app, any, CancellationToken.None) };
        if (CarriesToken) Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token.Value);
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }

    /// <summary>The error that a request is answered with.</summary>
    private protected async Task<ApiError> ErrorAsync(HttpStatusCode status, HttpMethod method, string path, string? body = null)
    {
        using var answer = await Http.SendAsync(new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body) });
        answer.StatusCode.ShouldBe(status);
        return (await answer.Content.ReadFromJsonAsync<ApiError>(ApiJson.Options))!;
    }
}

/// <summary>A node that runs nothing.</summary>
internal sealed class NoPipelines : IPipelines
{
    public Task<IReadOnlyList<PipelineStatus>> StatusAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<PipelineStatus>>([]);

    public Task<WatermarkAnswer> WaitAsync(string pipeline, Lsn? lsn, TimeSpan timeout, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<PipelineStatus> ChangeAsync(string pipeline, PipelineVerb verb, string? reason, CancellationToken cancellationToken) => throw new NotSupportedException();
}
