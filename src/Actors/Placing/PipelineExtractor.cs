using Akka.Cluster.Sharding;

namespace PolyglotSync.Actors.Placing;

/// <summary>Messages come in a <see cref="ShardingEnvelope"/> that names the pipeline, which sharding opens itself. A pipeline is a shard of its own: what moves is one pipeline.</summary>
public sealed class PipelineExtractor : IMessageExtractor
{
    public string? EntityId(object message) => null;

    public object? EntityMessage(object message) => message;

    [Obsolete("Use ShardId(string, object?) instead.")]
    public string? ShardId(object message) => null;

    public string ShardId(string entityId, object? messageHint = null) => entityId;
}
