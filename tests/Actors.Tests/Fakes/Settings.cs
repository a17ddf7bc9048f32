using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Tests;

/// <summary>Settings of a pipeline that needs no server.</summary>
internal static class Settings
{
    public static PipelineSettings Of(string name = "shop", LimitSettings? limits = null, Consistency consistency = Consistency.Transactional) => new()
    {
        Name = name,
        Source = new SourceSettings { ConnectionString = "Host=nowhere" },
        Target = new TargetSettings { Uri = new Uri("bolt://nowhere:7687") },
        Limits = limits ?? new LimitSettings { Buckets = 4 },
        Consistency = consistency,
    };
}
