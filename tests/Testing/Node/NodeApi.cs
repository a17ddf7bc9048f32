using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using PolyglotSync.Contracts;

namespace PolyglotSync.Testing.Node;

/// <summary>The node's HTTP API as a client sees it.</summary>
public sealed class NodeApi(Uri address) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    private readonly HttpClient _http = ShortLived.Client(address, TimeSpan.FromSeconds(70));

    public Uri Address { get; } = address;

    public void Dispose() => _http.Dispose();

    /// <summary>Null where the node does not answer yet or does not know the pipeline.</summary>
    public async Task<NodeStatus?> StatusAsync(string pipeline)
    {
        try
        {
            using var response = await _http.GetAsync("/api/pipelines");
            if (!response.IsSuccessStatusCode) return null;
            var all = JsonSerializer.Deserialize<List<PipelineStatus>>(await response.Content.ReadAsStringAsync(), Json) ?? [];
            return all.FirstOrDefault(p => p.Name == pipeline) is { } status ? new NodeStatus(status) : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Waits until the graph holds everything up to an LSN.</summary>
    public async Task<bool> WaitAsync(string pipeline, string lsn, int timeoutMs = 30_000)
    {
        using var response = await _http.GetAsync($"/api/pipelines/{pipeline}/watermark?wait={Uri.EscapeDataString(lsn)}&timeout={timeoutMs}");
        return response.IsSuccessStatusCode
            && JsonSerializer.Deserialize<WatermarkAnswer>(await response.Content.ReadAsStringAsync(), Json) is { Reached: true };
    }

    public async Task<HttpStatusCode?> HealthAsync(string which)
    {
        try
        {
            using var response = await _http.GetAsync($"/health/{which}");
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}

public sealed record NodeStatus(PipelineStatus Pipeline)
{
    /// <summary>True once every table is copied and changes flow.</summary>
    public bool IsStreaming => Pipeline.State == PipelineState.Streaming && Pipeline.Copy.All(t => t.Phase.Equals(nameof(CopyPhase.Done), StringComparison.OrdinalIgnoreCase));
}
