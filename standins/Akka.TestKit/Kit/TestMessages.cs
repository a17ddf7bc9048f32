using Akka.Actor;

namespace Akka.TestKit;

/// <summary>The messages of one test actor, kept until the test asks for them.</summary>
internal sealed class TestMessages
{
    private readonly LinkedList<MessageEnvelope> _waiting = new();
    private readonly SemaphoreSlim _available = new(0);

    internal bool Any => _available.CurrentCount > 0;

    internal void Add(MessageEnvelope envelope)
    {
        lock (_waiting)
            _waiting.AddLast(envelope);
        _available.Release();
    }

    /// <summary>The next message, or null when none came in time. A negative time waits without end.</summary>
    internal async ValueTask<MessageEnvelope> TakeAsync(TimeSpan timeout, bool peek, CancellationToken token)
    {
        var wait = timeout < TimeSpan.Zero ? Timeout.InfiniteTimeSpan : timeout;
        if (!await _available.WaitAsync(wait, token).ConfigureAwait(false))
            return null;
        MessageEnvelope first;
        lock (_waiting)
        {
            first = _waiting.First!.Value;
            if (!peek)
                _waiting.RemoveFirst();
        }
        if (peek)
            _available.Release();
        return first;
    }
}

/// <summary>The actor of a test kit: keeps all messages but the ignored, watches for the test, and may answer by itself.</summary>
internal sealed class InternalTestActor(TestMessages messages) : UntypedActor
{
    private Func<object, bool> _ignored = _ => false;
    private AutoPilot _pilot = AutoPilot.NoAutoPilot;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Ignore ignore:
                _ignored = ignore.Which ?? (_ => false);
                return;
            case Watching { Starts: true } watching:
                Context.Watch(watching.Subject);
                return;
            case Watching watching:
                Context.Unwatch(watching.Subject);
                return;
            case Fly fly:
                _pilot = fly.Pilot;
                return;
        }
        var next = _pilot.Run(Sender, message);
        _pilot = next is KeepRunning ? _pilot : next;
        if (!_ignored(message))
            messages.Add(new RealMessageEnvelope(message, Sender));
    }

    internal sealed record Ignore(Func<object, bool> Which) : INoSerializationVerificationNeeded;

    internal sealed record Watching(IActorRef Subject, bool Starts) : INoSerializationVerificationNeeded;

    internal sealed record Fly(AutoPilot Pilot) : INoSerializationVerificationNeeded;
}

/// <summary>Keeps the sender of the test what it is across the awaits of the test.</summary>
internal sealed class SenderKeepingContext(Akka.Actor.Cells.ActorCell cell) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object state) => ThreadPool.QueueUserWorkItem(_ => Run(d, state));

    public override void Send(SendOrPostCallback d, object state) => Run(d, state);

    public override SynchronizationContext CreateCopy() => this;

    private void Run(SendOrPostCallback d, object state)
    {
        var outerCell = Akka.Actor.Cells.ActorCell.Current;
        var outer = Current;
        SetSynchronizationContext(this);
        Akka.Actor.Cells.ActorCell.Current = cell;
        try
        {
            d(state);
        }
        finally
        {
            Akka.Actor.Cells.ActorCell.Current = outerCell;
            SetSynchronizationContext(outer);
        }
    }
}
