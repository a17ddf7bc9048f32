namespace Akka.Cluster.Sharding;

/// <summary>Tells which entity a message is for, and which shard that entity lives in.</summary>
public interface IMessageExtractor
{
    /// <summary>Null or empty: the message is for no entity and is dropped.</summary>
    string? EntityId(object message);

    /// <summary>What the entity is to receive.</summary>
    object? EntityMessage(object message);

    [Obsolete("Use ShardId(EntityId, object) instead.")]
    string? ShardId(object message);

    string ShardId(string entityId, object? messageHint = null);
}

/// <summary>Spreads entities over a fixed number of shards by the hash of their id.</summary>
public abstract class HashCodeMessageExtractor : IMessageExtractor
{
    public readonly int MaxNumberOfShards;

    protected HashCodeMessageExtractor(int maxNumberOfShards) => MaxNumberOfShards = maxNumberOfShards;

    public static HashCodeMessageExtractor Create(int maxNumberOfShards, Func<object, string?> entityIdExtractor, Func<object, object>? messageExtractor = null)
        => new ByFunctions(maxNumberOfShards, entityIdExtractor, messageExtractor);

    public abstract string? EntityId(object message);

    public virtual object? EntityMessage(object message) => message;

    [Obsolete("Use ShardId(string, object?) instead. Since v1.5.15")]
    public virtual string? ShardId(object message)
        => (message is ShardRegion.StartEntity start ? start.EntityId : EntityId(message)) is { Length: > 0 } id ? ShardId(id) : null;

    public virtual string ShardId(string entityId, object? messageHint = null)
        => (Hash(entityId) % (uint)MaxNumberOfShards).ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>FNV-1a: stable between runs. The real one hashes otherwise, so shard names differ from it.</summary>
    private static uint Hash(string text)
    {
        var hash = 2166136261u;
        foreach (var c in text)
            hash = (hash ^ c) * 16777619u;
        return hash;
    }

    private sealed class ByFunctions(int shards, Func<object, string?> id, Func<object, object>? payload) : HashCodeMessageExtractor(shards)
    {
        public override string? EntityId(object message) => id(message);

        public override object? EntityMessage(object message) => payload == null ? message : payload(message);
    }
}

/// <summary>Knows sharding's own messages, and asks the given extractor about all others.</summary>
internal sealed class EnvelopeExtractor(IMessageExtractor inner)
{
    public string? EntityId(object message) => message switch
    {
        ShardingEnvelope envelope => envelope.EntityId,
        ShardRegion.StartEntity start => start.EntityId,
        _ => inner.EntityId(message),
    };

    public object? EntityMessage(object message) => message switch
    {
        ShardingEnvelope envelope => envelope.Message,
        ShardRegion.StartEntity => message,
        _ => inner.EntityMessage(message),
    };

    public string ShardId(string entityId, object message) => inner.ShardId(entityId, message);
}
