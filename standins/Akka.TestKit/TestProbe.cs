using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Akka.TestKit;

/// <summary>A test actor of its own, which can be used wherever a reference is wanted.</summary>
public class TestProbe : TestKitBase, INoImplicitSender, IInternalActorRef
{
    /// <summary>On that system.</summary>
    public TestProbe(ActorSystem system, ITestKitAssertions assertions, string testProbeName = null)
        : base(assertions, system, testProbeName)
    {
    }

    /// <summary>The reference of the probe.</summary>
    public IActorRef Ref => TestActor;

    /// <summary>Who sent the last message that was taken.</summary>
    public IActorRef Sender => LastSender;

    private IInternalActorRef Inner => (IInternalActorRef)TestActor;

    ActorPath IActorRef.Path => TestActor.Path;

    bool IActorRefScope.IsLocal => true;

    IInternalActorRef IInternalActorRef.Parent => Inner.Parent;

    IActorRefProvider IInternalActorRef.Provider => Inner.Provider;

    /// <summary>Tells as the probe.</summary>
    public void Send(IActorRef actor, object message) => actor.Tell(message, TestActor);

    /// <summary>Passes the last message on with its first sender.</summary>
    public void Forward(IActorRef actor) => actor.Tell(LastMessage, LastSender);

    /// <summary>Passes a message on with the sender of the last.</summary>
    public void Forward(IActorRef actor, object message) => actor.Tell(message, LastSender);

    /// <summary>Answers the sender of the last message, as the probe.</summary>
    public void Reply(object message) => LastSender.Tell(message, TestActor);

    /// <summary>Sends a message of the runtime.</summary>
    public void SendSystemMessage(ISystemMessage message) => Inner.SendSystemMessage(message);

    /// <inheritdoc />
    public int CompareTo(object obj) => TestActor.CompareTo(obj);

    /// <inheritdoc />
    public override bool Equals(object obj) => TestActor.Equals(obj is TestProbe probe ? probe.TestActor : obj);

    /// <inheritdoc />
    public override int GetHashCode() => TestActor.GetHashCode();

    /// <inheritdoc />
    public override string ToString() => TestActor.ToString();

    void ICanTell.Tell(object message, IActorRef sender) => TestActor.Tell(message, sender);

    int IComparable<IActorRef>.CompareTo(IActorRef other) => TestActor.CompareTo(other);

    bool IEquatable<IActorRef>.Equals(IActorRef other) => TestActor.Equals(other);

    IActorRef IInternalActorRef.GetChild(IReadOnlyList<string> name) => Inner.GetChild(name);

    void IInternalActorRef.Restart(Exception cause) => Inner.Restart(cause);

    void IInternalActorRef.Resume(Exception causedByFailure) => Inner.Resume(causedByFailure);

    void IInternalActorRef.Start() => Inner.Start();

    void IInternalActorRef.Stop() => Inner.Stop();

    void IInternalActorRef.Suspend() => Inner.Suspend();
}
