using Akka.Actor;

namespace StandIns.Tests.Core;

/// <summary>An actor whose hooks tell a probe what happens to it, and which does with a message what the message says.</summary>
internal sealed class FunActor : ReceiveActor
{
    private readonly IActorRef _probe;

    public FunActor(IActorRef probe)
    {
        _probe = probe;
        Receive<Action<IUntypedActorContext>>(act => act(Context));
        ReceiveAsync<Func<IActorContext, Task>>(act => act(Context));
        Receive<Exception>(failure => throw failure);
        Receive<string>(text => _probe.Tell(text));
        Receive<int>(number => Sender.Tell(number));
    }

    public static Props Props(IActorRef probe) => Akka.Actor.Props.Create(() => new FunActor(probe));

    public static object Do(Action<IUntypedActorContext> act) => act;

    public static object Await(Func<IActorContext, Task> act) => act;

    protected override void PreStart() => _probe.Tell($"start {Self.Path.Name}");

    protected override void PostStop() => _probe.Tell($"stop {Self.Path.Name}");

    protected override void PreRestart(Exception reason, object message)
    {
        _probe.Tell($"pre-restart {Self.Path.Name}: {reason.Message}");
        base.PreRestart(reason, message);
    }

    protected override void PostRestart(Exception reason)
    {
        _probe.Tell($"post-restart {Self.Path.Name}: {reason.Message}");
        base.PostRestart(reason);
    }
}

/// <summary>A parent with a strategy of its own; it makes a child of the props it gets, and tells the probe what fails through it.</summary>
internal sealed class Parent : ReceiveActor
{
    private readonly SupervisorStrategy _strategy;

    public Parent(SupervisorStrategy strategy)
    {
        _strategy = strategy;
        Receive<(string Name, Props Props)>(child => Sender.Tell(Context.ActorOf(child.Props, child.Name)));
        Receive<Exception>(failure => throw failure);
    }

    public static Props Props(SupervisorStrategy strategy) => Akka.Actor.Props.Create(() => new Parent(strategy));

    protected override SupervisorStrategy SupervisorStrategy() => _strategy;
}
