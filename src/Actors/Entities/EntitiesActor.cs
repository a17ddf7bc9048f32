using System.Globalization;
using Akka.Actor;

namespace PolyglotSync.Actors.Entities;

/// <summary>
/// The region of a node without a cluster: the entity actors of one run as its children, each made on its first message. Where the node is part of a cluster, the
/// shard region of <see cref="EntitySharding"/> stands in its place; the messages are the same.
/// </summary>
public sealed class EntitiesActor : ReceiveActor
{
    private readonly Dictionary<int, IActorRef> _buckets = [];

    public EntitiesActor() => Receive<EntityEnvelope>(envelope => Bucket(envelope.Entity.Bucket).Forward(envelope));

    public static Props Props() => Akka.Actor.Props.Create(() => new EntitiesActor());

    private IActorRef Bucket(int bucket)
    {
        if (_buckets.TryGetValue(bucket, out var entity)) return entity;
        entity = Context.ActorOf(EntityActor.Props(), bucket.ToString(CultureInfo.InvariantCulture));
        _buckets.Add(bucket, entity);
        return entity;
    }
}
