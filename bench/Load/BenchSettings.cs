using PolyglotSync.Contracts;

namespace PolyglotSync.Bench;

/// <summary>What one run of the benchmark is asked to do.</summary>
/// <param name="Source">A PostgreSQL that may be given databases, as an Npgsql connection string; null: one of our own.</param>
/// <param name="Target">An empty graph; null: one of our own, of <paramref name="Kind"/>.</param>
/// <param name="Only">Names of scenarios; empty: all.</param>
/// <param name="Limits">The node's limits, as a manifest's <c>limits</c> writes them; null: the defaults.</param>
/// <param name="Scale">Of rows and seconds; 1 is what the issue and the README name.</param>
internal sealed record BenchSettings(string? Source, Uri? Target, TargetKind Kind, IReadOnlyList<string> Only, double Scale, Consistency Consistency, string? Limits, bool Json)
{
    /// <summary>Whether changes go through Kafka.</summary>
    public bool IsThroughKafka { get; init; }

    /// <summary>A broker, <c>host:port</c>; null: one of our own, where one is needed.</summary>
    public string? Kafka { get; init; }

    public int Users => Scaled(200_000);

    public int Scaled(int rows) => Math.Max(100, (int)(rows * Scale));

    public TimeSpan Scaled(TimeSpan time) => TimeSpan.FromSeconds(Math.Max(2, time.TotalSeconds * Scale));
}

internal enum TargetKind : byte { Neo4j, FalkorDb }
