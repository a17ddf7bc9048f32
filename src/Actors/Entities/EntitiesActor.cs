using System.Globalization;
using Akka.Actor;

namespace PolyglotSync.Actors.Entities;

/// <summary>The entity actors of one pipeline, one child a bucket, made on its first message. A child that fails takes the whole pipeline's
/// span with it: its pending rows exist nowhere else, so the failure goes up and the pipeline resumes from the target's position.</summary>
public sealed class EntitiesActor : ReceiveActor
{
    private readonly Dictionary<int, IActorRef> _buckets = [];

    public EntitiesActor() => Receive<IEntityMessage>(message => Bucket(message.Bucket).Forward(message));

    public static Props Props() => Akka.Actor.Props.Create(() => new EntitiesActor());

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Escalate);

    private IActorRef Bucket(int bucket)
    {
        if (_buckets.TryGetValue(bucket, out var entity)) return entity;
        entity = Context.ActorOf(EntityActor.Props(), bucket.ToString(CultureInfo.InvariantCulture));
        _buckets.Add(bucket, entity);
        return entity;
    }
}
