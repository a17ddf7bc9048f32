using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>The parent of all regions.</summary>
internal sealed class ShardingGuardian : UntypedActor
{
    protected override void OnReceive(object message)
    {
        if (message is not Start start)
        {
            Unhandled(message);
            return;
        }
        var region = Context.Child(start.Name);
        Sender.Tell(region.Equals(ActorRefs.Nobody) ? Context.ActorOf(start.Props, start.Name) : region);
    }

    internal sealed record Start(string Name, Props Props);
}
