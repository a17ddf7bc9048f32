using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Authentication;
using System.Text.Json;
using PolyglotSync.Contracts;

namespace PolyglotSync.Cli.Api;

/// <summary>Asks a node over HTTP.</summary>
/// <param name="api">Where it listens.</param>
/// <param name="token">What requests carry that change something or see rows; null: none.</param>
public sealed class NodeClient(Uri api, HttpMessageHandler? handler = null, string? token = null) : IDisposable
{
    /// <summary>How long a node is asked at once while it waits for a watermark; longer waits ask again.</summary>
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(20);
    public static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(10);

    /// <summary>Thousands of letters may be changed at once.</summary>
    private static readonly TimeSpan ChangeTime = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http = new(handler ?? new SocketsHttpHandler { ConnectTimeout = ConnectTime })
    {
        BaseAddress = Reachable(api), Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <exception cref="PipelineFailure">No node answers, or it answers with an error.</exception>
    public Task<IReadOnlyList<PipelineStatus>> PipelinesAsync(CancellationToken cancellationToken) =>
        GetAsync<IReadOnlyList<PipelineStatus>>("/api/pipelines", AnswerTime, cancellationToken);

    /// <param name="ready">Whether every pipeline moves, too, and not only whether the process answers.</param>
    /// <exception cref="PipelineFailure">No node answers, or it is not well.</exception>
    public Task<HealthAnswer> HealthAsync(bool ready, CancellationToken cancellationToken) =>
        GetAsync<HealthAnswer>(ready ? "/health/ready" : "/health/live", AnswerTime, cancellationToken);

    /// <summary>Waits until the pipeline's watermark passes an LSN.</summary>
    /// <param name="lsn">null: everything committed before the call.</param>
    /// <exception cref="PipelineFailure">No node answers, or it answers with an error. A time-out is an answer, not a failure.</exception>
    public async Task<WatermarkAnswer> WaitAsync(string pipeline, Lsn? lsn, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var name = Uri.EscapeDataString(pipeline);
        // "now" is the moment of the question, so it is asked once; a wait for an LSN is asked in slices, which a restart of the node does not break.
        var wanted = lsn?.ToString() ?? "now";
        while (true)
        {
            var left = timeout - time.GetElapsedTime(started);
            if (left < TimeSpan.Zero) left = TimeSpan.Zero;
            var slice = lsn is null || left < Slice ? left : Slice;
            var milliseconds = ((long)slice.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
            var answer = await GetAsync<WatermarkAnswer>(
                $"/api/pipelines/{name}/watermark?wait={Uri.EscapeDataString(wanted)}&timeout={milliseconds}", slice + AnswerTime, cancellationToken);
            if (answer.Reached || time.GetElapsedTime(started) >= timeout || lsn is null) return answer;
        }
    }

    /// <summary>Has a pipeline paused, resumed or restarted.</summary>
    /// <returns>Its status after that.</returns>
    /// <exception cref="PipelineFailure">No node answers, or it answers with an error.</exception>
    public Task<PipelineStatus> ChangeAsync(string pipeline, PipelineVerb verb, string? reason, CancellationToken cancellationToken) =>
        SendAsync<PipelineStatus>(HttpMethod.Post, $"/api/pipelines/{Uri.EscapeDataString(pipeline)}/{verb.ToString().ToLowerInvariant()}",
            reason is null ? null : new PauseRequest(reason), ChangeTime, cancellationToken);

    /// <summary>The node's manifests.</summary>
    /// <exception cref="PipelineFailure">No node answers, or it answers with an error.</exception>
    public Task<ManifestList> ManifestsAsync(CancellationToken cancellationToken) => GetAsync<ManifestList>("/api/manifests", AnswerTime, cancellationToken);

    public Task<ManifestView> ManifestAsync(string pipeline, CancellationToken cancellationToken) => GetAsync<ManifestView>($"/api/manifests/{Uri.EscapeDataString(pipeline)}", AnswerTime, cancellationToken);

    /// <summary>What a set of manifests would change.</summary>
    /// <exception cref="PipelineFailure"><see cref="ExitCode.InvalidManifest"/>: every mistake of every manifest; else no node answers, or it answers with an error.</exception>
    public Task<ManifestPlan> PlanManifestsAsync(ManifestSet set, CancellationToken cancellationToken) => SendAsync<ManifestPlan>(HttpMethod.Post, "/api/manifests/plan", set, ChangeTime, cancellationToken);

    /// <summary>Has the node take a manifest.</summary>
    public Task<ManifestChange> ApplyManifestAsync(string pipeline, ManifestFile manifest, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return SendAsync<ManifestChange>(HttpMethod.Put, $"/api/manifests/{Uri.EscapeDataString(pipeline)}?file={Uri.EscapeDataString(manifest.File)}",
            new StringContent(manifest.Text, System.Text.Encoding.UTF8, "application/yaml"), ChangeTime, cancellationToken);
    }

    /// <summary>Has the node stop a pipeline and forget its manifest.</summary>
    /// <param name="drop">Slot and publication, too.</param>
    public Task<ManifestRemoved> RemoveManifestAsync(string pipeline, bool drop, CancellationToken cancellationToken) =>
        SendAsync<ManifestRemoved>(HttpMethod.Delete, $"/api/manifests/{Uri.EscapeDataString(pipeline)}{(drop ? "?drop=true" : "")}", null, ChangeTime, cancellationToken);

    /// <summary>Letters of a pipeline.</summary>
    /// <param name="query">Of the request, without '?'.</param>
    /// <exception cref="PipelineFailure">No node answers, or it answers with an error.</exception>
    public Task<DeadLetterPage> DeadLettersAsync(string pipeline, string query, CancellationToken cancellationToken) =>
        GetAsync<DeadLetterPage>($"{DeadLetters(pipeline)}?{query}", AnswerTime, cancellationToken);

    /// <summary>One letter with its row.</summary>
    public Task<DeadLetterView> DeadLetterAsync(string pipeline, long id, CancellationToken cancellationToken) =>
        GetAsync<DeadLetterView>(string.Create(CultureInfo.InvariantCulture, $"{DeadLetters(pipeline)}/{id}"), AnswerTime, cancellationToken);

    /// <param name="action">retry or discard.</param>
    public Task<DeadLettersChanged> ChangeDeadLettersAsync(string pipeline, string action, DeadLetterSelection selection, CancellationToken cancellationToken) =>
        SendAsync<DeadLettersChanged>(HttpMethod.Post, $"{DeadLetters(pipeline)}/{action}", selection, ChangeTime, cancellationToken);

    /// <summary>Incidents of a pipeline.</summary>
    /// <param name="query">Of the request, without '?'.</param>
    /// <exception cref="PipelineFailure">No node answers, or it answers with an error.</exception>
    public Task<IncidentPage> IncidentsAsync(string pipeline, string query, CancellationToken cancellationToken) =>
        GetAsync<IncidentPage>($"/api/pipelines/{Uri.EscapeDataString(pipeline)}/incidents?{query}", AnswerTime, cancellationToken);

    /// <summary>An address to listen on at every interface is none to connect to: such a node is here.</summary>
    private static Uri Reachable(Uri api) => api.Host switch
    {
        "0.0.0.0" => new UriBuilder(api) { Host = "127.0.0.1" }.Uri,
        "[::]" => new UriBuilder(api) { Host = "[::1]" }.Uri,
        _ => api,
    };

    private static string DeadLetters(string pipeline) => $"/api/pipelines/{Uri.EscapeDataString(pipeline)}/dead-letters";

    private Task<T> GetAsync<T>(string path, TimeSpan patience, CancellationToken cancellationToken) => SendAsync<T>(HttpMethod.Get, path, null, patience, cancellationToken);

    private async Task<T> SendAsync<T>(HttpMethod method, string path, object? body, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(patience);
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : body as HttpContent ?? JsonContent.Create(body, options: ApiJson.Options) };
            if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await _http.SendAsync(request, bounded.Token);
            if (answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.RequestTimeout)
            {
                return await answer.Content.ReadFromJsonAsync<T>(ApiJson.Options, bounded.Token) ?? throw NotANode("it answered with nothing", null);
            }
            throw await ErrorAsync(answer, bounded.Token);
        }
        catch (HttpRequestException e) when (e.InnerException is AuthenticationException)
        {
            throw new PipelineFailure(FailureClass.Fatal, $"the node at {api.GetLeftPart(UriPartial.Authority)} is not trusted: {e.InnerException.Message.TrimEnd('.')}; name the authority that signed its certificate with "
                + "--api-ca, and the node as the certificate does. Where it speaks no TLS, write http://", e)
            { ExitCode = ExitCode.NodeUnavailable };
        }
        catch (HttpRequestException e)
        {
            throw new PipelineFailure(FailureClass.Transient,
                $"no node answers at {api.GetLeftPart(UriPartial.Authority)} ({e.InnerException?.Message ?? e.Message}); start one with 'polysync run', or name its address with --api", e)
            {
                ExitCode = ExitCode.NodeUnavailable,
            };
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PipelineFailure(FailureClass.Transient, $"the node at {api.GetLeftPart(UriPartial.Authority)} did not answer within {patience.TotalSeconds:0} s", e)
            {
                ExitCode = ExitCode.NodeUnavailable,
            };
        }
        catch (JsonException e)
        {
            throw NotANode("its answer is not the API's JSON", e);
        }
    }

    private async Task<PipelineFailure> ErrorAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        ApiError? error = null;
        if (answer.Content.Headers.ContentType?.MediaType == "application/json")
        {
            error = await answer.Content.ReadFromJsonAsync<ApiError>(ApiJson.Options, cancellationToken);
        }
        if (error?.Error is null) return NotANode($"it answered {(int)answer.StatusCode}", null);
        return new PipelineFailure(FailureClass.Fatal, error.Hint is null ? error.Error : $"{error.Error}; {error.Hint}")
        {
            ExitCode = answer.StatusCode switch
            {
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ExitCode.Unauthorized,
                HttpStatusCode.UnprocessableEntity => ExitCode.InvalidManifest,
                _ => ExitCode.Failed,
            },
        };
    }

    private PipelineFailure NotANode(string why, Exception? inner) =>
        new(FailureClass.Fatal, $"what listens at {api.GetLeftPart(UriPartial.Authority)} is not a PolyglotSync node: {why}", inner) { ExitCode = ExitCode.NodeUnavailable };

    public void Dispose() => _http.Dispose();
}
