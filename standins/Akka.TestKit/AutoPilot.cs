using Akka.Actor;

namespace Akka.TestKit;

/// <summary>What a test actor does by itself with each message, beside keeping it for the test.</summary>
public abstract class AutoPilot
{
    /// <summary>Goes on as it is.</summary>
    public static KeepRunning KeepRunning => KeepRunning.Instance;

    /// <summary>Does nothing any more.</summary>
    public static NoAutoPilot NoAutoPilot => NoAutoPilot.Instance;

    /// <summary>Handles a message and returns what handles the next.</summary>
    public abstract AutoPilot Run(IActorRef sender, object message);
}

/// <summary>Handles a message and returns what handles the next.</summary>
public delegate AutoPilot AutoPilotDelegate(IActorRef sender, object message);

/// <summary>Goes on as it is.</summary>
public sealed class KeepRunning : AutoPilot
{
    /// <summary>The only one.</summary>
    public static KeepRunning Instance = new();

    private KeepRunning()
    {
    }

    /// <inheritdoc />
    public override AutoPilot Run(IActorRef sender, object message) => throw new InvalidOperationException("Must not be called");
}

/// <summary>Does nothing.</summary>
public sealed class NoAutoPilot : AutoPilot
{
    /// <summary>The only one.</summary>
    public static NoAutoPilot Instance = new();

    private NoAutoPilot()
    {
    }

    /// <inheritdoc />
    public override AutoPilot Run(IActorRef sender, object message) => this;
}

/// <summary>Does what a delegate says.</summary>
public sealed class DelegateAutoPilot : AutoPilot
{
    private readonly AutoPilotDelegate _delegate;

    /// <summary>By that delegate.</summary>
    public DelegateAutoPilot(AutoPilotDelegate autoPilotDelegate) => _delegate = autoPilotDelegate;

    /// <inheritdoc />
    public override AutoPilot Run(IActorRef sender, object message) => _delegate(sender, message);
}
