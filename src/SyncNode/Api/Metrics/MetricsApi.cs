using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace PolyglotSync.SyncNode.Api.Metrics;

/// <summary><c>GET /metrics</c>, for Prometheus: of this node alone. Where the pipelines do not answer it is a 503, which Prometheus shows as a target that is down.</summary>
internal static class MetricsApi
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/metrics", async (IPipelines pipelines, CancellationToken ct) =>
        Results.Text(PrometheusText.Render([.. PipelineMetrics.Of(pipelines.Own(await pipelines.StatusAsync(ct))), .. ProcessMetrics.Read()]), PrometheusText.ContentType));
}
