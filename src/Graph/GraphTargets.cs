using Microsoft.Extensions.Logging;
using PolyglotSync.Graph.Falkor;
using PolyglotSync.Graph.Neo4j;

namespace PolyglotSync.Graph;

/// <summary>Makes the target that an address names.</summary>
public static class GraphTargets
{
    /// <param name="settings">bolt:// and neo4j:// (also +s and +ssc) is Neo4j; falkor:// and redis:// is FalkorDB.</param>
    /// <param name="node">What claims are signed with, so that others see who has what; null: not at all.</param>
    /// <exception cref="PipelineFailure">Fatal: no graph is spoken to by such an address.</exception>
    public static IGraphTarget Create(TargetSettings settings, LimitSettings limits, ILoggerFactory loggers, string? node = null) => settings.Uri.Scheme switch
    {
        "bolt" or "bolt+s" or "bolt+ssc" or "neo4j" or "neo4j+s" or "neo4j+ssc" => new Neo4jTarget(settings, limits, loggers.CreateLogger("PolyglotSync.Graph.Neo4j")) { Node = node },
        "falkor" or "redis" => new FalkorTarget(settings, limits, loggers.CreateLogger("PolyglotSync.Graph.Falkor")) { Node = node },
        _ => throw new PipelineFailure(FailureClass.Fatal,
            $"'{settings.Uri.Scheme}://' is not a graph that PolyglotSync speaks to; use bolt://host:7687, neo4j://host or falkor://host:6379/graph")
        { ExitCode = ExitCode.TargetUnavailable },
    };
}
