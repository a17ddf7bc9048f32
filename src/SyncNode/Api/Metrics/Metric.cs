namespace PolyglotSync.SyncNode.Api.Metrics;

internal enum MetricKind : byte
{
    /// <summary>Goes up and down.</summary>
    Gauge,
    /// <summary>Goes up, and begins at 0 with the process; its name ends in _total.</summary>
    Counter,
}

/// <summary>One metric with a sample for each set of labels.</summary>
/// <param name="Name">By Prometheus' rules: base units, _total for counters.</param>
internal sealed record Metric(string Name, MetricKind Kind, string Help, IReadOnlyList<Sample> Samples);

internal sealed record Sample(double Value, params IReadOnlyList<(string Name, string Value)> Labels);
