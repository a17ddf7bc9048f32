using Akka.Actor;

namespace Akka.Event;

/// <summary>Marks messages that are expected to get lost: they are published as <see cref="SuppressedDeadLetter"/> and not logged.</summary>
public interface IDeadLetterSuppression
{
}

/// <summary>A message that nobody took.</summary>
public abstract class AllDeadLetters : IWrappedMessage
{
    /// <summary>From a sender to a recipient.</summary>
    protected AllDeadLetters(object message, IActorRef sender, IActorRef recipient)
    {
        Message = message;
        Sender = sender;
        Recipient = recipient;
    }

    /// <inheritdoc />
    public object Message { get; }

    /// <summary>Who should have got it.</summary>
    public IActorRef Recipient { get; }

    /// <summary>Who sent it.</summary>
    public IActorRef Sender { get; }

    /// <inheritdoc />
    public override string ToString() => $"{GetType().Name} from {Sender} to {Recipient}: <{Message}>";
}

/// <summary>The recipient does not live.</summary>
public sealed class DeadLetter : AllDeadLetters
{
    /// <summary>From a sender to a recipient.</summary>
    public DeadLetter(object message, IActorRef sender, IActorRef recipient)
        : base(message, sender, recipient)
    {
    }
}

/// <summary>The recipient does not live, which was to be expected.</summary>
public sealed class SuppressedDeadLetter : AllDeadLetters
{
    /// <summary>From a sender to a recipient.</summary>
    public SuppressedDeadLetter(IDeadLetterSuppression message, IActorRef sender, IActorRef recipient)
        : base(message, sender, recipient)
    {
    }
}

/// <summary>The message was thrown away on purpose.</summary>
public sealed class Dropped : AllDeadLetters
{
    /// <summary>For that reason.</summary>
    public Dropped(object message, string reason, IActorRef recipient)
        : this(message, reason, ActorRefs.NoSender, recipient)
    {
    }

    /// <summary>For that reason.</summary>
    public Dropped(object message, string reason, IActorRef sender, IActorRef recipient)
        : base(message, sender, recipient) => Reason = reason;

    /// <summary>Why.</summary>
    public string Reason { get; }
}

/// <summary>The recipient lives and did not handle it.</summary>
public sealed class UnhandledMessage : AllDeadLetters
{
    /// <summary>From a sender to a recipient.</summary>
    public UnhandledMessage(object message, IActorRef sender, IActorRef recipient)
        : base(message, sender, recipient)
    {
    }
}

/// <summary>Logs the first dead letters, as many as <c>akka.log-dead-letters</c> says.</summary>
internal sealed class DeadLetterListener : UntypedActor
{
    private readonly EventStream _stream = Context.System.EventStream;
    private readonly int _limit = Context.System.Settings.LogDeadLetters;
    private int _count;

    protected override void PreStart()
    {
        if (_limit <= 0)
            return;
        _stream.Subscribe(Self, typeof(DeadLetter));
        _stream.Subscribe(Self, typeof(Dropped));
        _stream.Subscribe(Self, typeof(UnhandledMessage));
    }

    protected override void PostStop() => _stream.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        if (message is not AllDeadLetters letter)
            return;
        var what = letter switch
        {
            Dropped dropped => $"was dropped. {dropped.Reason}",
            UnhandledMessage => "was unhandled.",
            _ => "was not delivered.",
        };
        var end = ++_count == _limit ? ", no more dead letters will be logged in next" : "";
        _stream.Publish(new Info(
            letter.Recipient?.Path.ToString() ?? "", letter.Recipient?.GetType() ?? typeof(DeadLetterListener),
            $"Message [{letter.Message.GetType().Name}] from {letter.Sender} to {letter.Recipient} {what} [{_count}] dead letters encountered{end}. "
            + "This logging can be turned off or adjusted with configuration settings 'akka.log-dead-letters' and 'akka.log-dead-letters-during-shutdown'. "
            + $"Message content: {letter.Message}"));
        if (_count >= _limit)
            Context.Stop(Self);
    }
}
