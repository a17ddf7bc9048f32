using System.Text.Json.Serialization;

namespace PolyglotSync.Contracts;

/// <summary><c>GET /health/live</c> and <c>GET /health/ready</c>, where all is well.</summary>
/// <param name="Status">live or ready.</param>
/// <param name="Pipelines">What each does, where it was asked whether they are ready.</param>
public sealed record HealthAnswer(string Status, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<PipelineHealth>? Pipelines = null);

/// <summary>A node that captures and writes the same pipeline has two of a name.</summary>
public sealed record PipelineHealth(string Name, PipelineRole Role, PipelineState State);
