using Akka.Cluster.Sharding;

namespace PolyglotSync.Actors.Entities;

/// <summary>Finds the entity and the shard of a message: one shard a run, one entity a bucket.</summary>
public sealed class EntityExtractor : IMessageExtractor
{
    public string? EntityId(object message) => (message as EntityEnvelope)?.Entity.Name;

    public object? EntityMessage(object message) => message;

    [Obsolete("Sharding calls ShardId(string, object).")]
    public string? ShardId(object message) => (message as EntityEnvelope)?.Entity.Shard;

    public string ShardId(string entityId, object? messageHint = null) =>
        messageHint is EntityEnvelope envelope ? envelope.Entity.Shard : Entities.EntityId.ShardOf(entityId);
}
