using Akka.Actor.Cells;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>The reference of an actor in this process.</summary>
internal sealed class LocalActorRef : InternalActorRefBase
{
    internal LocalActorRef(ActorSystemImpl system, Props props, Dispatch.ActorDispatcher dispatcher, IInternalActorRef parent, ActorPath path)
    {
        Path = path;
        Cell = new ActorCell(system, this, props, dispatcher, parent);
    }

    internal ActorCell Cell { get; }

    public override ActorPath Path { get; }

    public override bool IsLocal => true;

    public override IInternalActorRef Parent => Cell.Supervisor;

    public override IActorRefProvider Provider => Cell.SystemImpl.Provider;

    public override IActorRef GetChild(IReadOnlyList<string> name)
    {
        IInternalActorRef current = this;
        foreach (var part in name)
        {
            current = part switch
            {
                "" => current,
                ".." => current.Parent,
                _ => current is LocalActorRef local ? local.Cell.FindChild(part) : ActorRefs.Nobody,
            };
            if (current is Nobody)
                return current;
        }
        return current;
    }

    public override void Restart(Exception cause) => Cell.SendSystemMessage(new Recreate(cause));

    public override void Resume(Exception causedByFailure = null) => Cell.SendSystemMessage(new Resume(causedByFailure));

    public override void SendSystemMessage(ISystemMessage message) => Cell.SendSystemMessage((SystemMessage)message);

    public override void Start() => Cell.Start();

    public override void Stop() => Cell.SendSystemMessage(Terminate.Instance);

    public override void Suspend() => Cell.SendSystemMessage(Dispatch.SysMsg.Suspend.Instance);

    protected override void TellInternal(object message, IActorRef sender) => Cell.SendMessage(message, sender);
}
