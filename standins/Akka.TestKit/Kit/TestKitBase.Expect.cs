using Akka.Actor;

namespace Akka.TestKit;

/// <summary>Expecting one message.</summary>
public abstract partial class TestKitBase
{
    /// <summary>Expects a message of a type.</summary>
    public T ExpectMsg<T>(TimeSpan? duration = default, string hint = null, CancellationToken cancellationToken = default) =>
        ExpectMsgAsync<T>(duration, hint, cancellationToken).AsTask().GetAwaiter().GetResult();

    /// <summary>Expects a message of a type.</summary>
    public ValueTask<T> ExpectMsgAsync<T>(TimeSpan? duration = default, string hint = null, CancellationToken cancellationToken = default) =>
        Take<T>(duration, hint, (_, _) => true, null, cancellationToken);

    /// <summary>Expects a message that equals that.</summary>
    public T ExpectMsg<T>(T message, TimeSpan? timeout = default, string hint = null, CancellationToken cancellationToken = default) =>
        ExpectMsgAsync(message, timeout, hint, cancellationToken).AsTask().GetAwaiter().GetResult();

    /// <summary>Expects a message that equals that.</summary>
    public ValueTask<T> ExpectMsgAsync<T>(T message, TimeSpan? timeout = default, string hint = null, CancellationToken cancellationToken = default) =>
        Take<T>(timeout, hint, (got, _) => Equals(message, got), $"equal to <{message}>", cancellationToken);

    /// <summary>Expects a message that the predicate holds for.</summary>
    public T ExpectMsg<T>(Predicate<T> isMessage, TimeSpan? timeout = default, string hint = null, CancellationToken cancellationToken = default) =>
        ExpectMsgAsync(isMessage, timeout, hint, cancellationToken).AsTask().GetAwaiter().GetResult();

    /// <summary>Expects a message that the predicate holds for.</summary>
    public ValueTask<T> ExpectMsgAsync<T>(Predicate<T> isMessage, TimeSpan? timeout = default, string hint = null, CancellationToken cancellationToken = default) =>
        Take<T>(timeout, hint, (got, _) => isMessage(got), "that the predicate holds for", cancellationToken);

    /// <summary>Expects a message and asserts things about it.</summary>
    public T ExpectMsg<T>(Action<T> assert, TimeSpan? timeout = default, string hint = null, CancellationToken cancellationToken = default) =>
        ExpectMsgAsync(assert, timeout, hint, cancellationToken).AsTask().GetAwaiter().GetResult();

    /// <summary>Expects a message and asserts things about it.</summary>
    public ValueTask<T> ExpectMsgAsync<T>(Action<T> assert, TimeSpan? timeout = default, string hint = null, CancellationToken cancellationToken = default) =>
        Take<T>(timeout, hint, (got, _) => Assert(() => assert(got)), null, cancellationToken);

    /// <summary>Expects a message that the predicate holds for.</summary>
    public T ExpectMsg<T>(Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = default, string hint = null, CancellationToken cancellationToken = default) =>
        ExpectMsgAsync(isMessageAndSender, timeout, hint, cancellationToken).AsTask().GetAwaiter().GetResult();

    /// <summary>Expects a message that the predicate holds for.</summary>
    public ValueTask<T> ExpectMsgAsync<T>(Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = default, string hint = null, CancellationToken cancellationToken = default) =>
        Take<T>(timeout, hint, isMessageAndSender, "that the predicate holds for", cancellationToken);

    /// <summary>Expects a message and asserts things about it and its sender.</summary>
    public T ExpectMsg<T>(Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = default, string hint = null, CancellationToken cancellationToken = default) =>
        ExpectMsgAsync(assertMessageAndSender, timeout, hint, cancellationToken).AsTask().GetAwaiter().GetResult();

    /// <summary>Expects a message and asserts things about it and its sender.</summary>
    public ValueTask<T> ExpectMsgAsync<T>(Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = default, string hint = null, CancellationToken cancellationToken = default) =>
        Take<T>(timeout, hint, (got, sender) => Assert(() => assertMessageAndSender(got, sender)), null, cancellationToken);

    /// <summary>Expects a message that equals that in the sense of the comparison.</summary>
    public T ExpectMsg<T>(T expected, Func<T, T, bool> comparer, TimeSpan? timeout = default, string hint = null, CancellationToken cancellationToken = default) =>
        ExpectMsgAsync(expected, comparer, timeout, hint, cancellationToken).AsTask().GetAwaiter().GetResult();

    /// <summary>Expects a message that equals that in the sense of the comparison.</summary>
    public ValueTask<T> ExpectMsgAsync<T>(T expected, Func<T, T, bool> comparer, TimeSpan? timeout = default, string hint = null, CancellationToken cancellationToken = default) =>
        Take<T>(timeout, hint, (got, _) => comparer(expected, got), $"like <{expected}>", cancellationToken);

    /// <summary>Expects a message of a type from that sender.</summary>
    public T ExpectMsgFrom<T>(IActorRef sender, TimeSpan? duration = default, string hint = null, CancellationToken cancellationToken = default) =>
        ExpectMsgFromAsync<T>(sender, duration, hint, cancellationToken).AsTask().GetAwaiter().GetResult();

    /// <summary>Expects a message of a type from that sender.</summary>
    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, TimeSpan? duration = default, string hint = null, CancellationToken cancellationToken = default) =>
        Take<T>(duration, hint, (_, from) => sender.Equals(from), $"from {sender}", cancellationToken);

    /// <summary>Expects a message that equals that from that sender.</summary>
    public T ExpectMsgFrom<T>(IActorRef sender, T message, TimeSpan? timeout = default, string hint = null, CancellationToken cancellationToken = default) =>
        ExpectMsgFromAsync(sender, message, timeout, hint, cancellationToken).AsTask().GetAwaiter().GetResult();

    /// <summary>Expects a message that equals that from that sender.</summary>
    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, T message, TimeSpan? timeout = default, string hint = null, CancellationToken cancellationToken = default) =>
        Take<T>(timeout, hint, (got, from) => sender.Equals(from) && Equals(message, got), $"equal to <{message}> from {sender}", cancellationToken);

    /// <summary>Expects a message that the predicate holds for from that sender.</summary>
    public T ExpectMsgFrom<T>(IActorRef sender, Predicate<T> isMessage, TimeSpan? timeout = default, string hint = null, CancellationToken cancellationToken = default) =>
        ExpectMsgFromAsync(sender, isMessage, timeout, hint, cancellationToken).AsTask().GetAwaiter().GetResult();

    /// <summary>Expects a message that the predicate holds for from that sender.</summary>
    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, Predicate<T> isMessage, TimeSpan? timeout = default, string hint = null, CancellationToken cancellationToken = default) =>
        Take<T>(timeout, hint, (got, from) => sender.Equals(from) && isMessage(got), $"that the predicate holds for, from {sender}", cancellationToken);

    private async ValueTask<T> Take<T>(TimeSpan? timeout, string hint, Func<T, IActorRef, bool> fits, string wanted, CancellationToken token)
    {
        var limit = RemainingOrDilated(timeout);
        var envelope = await TakeEnvelopeAsync(limit, token).ConfigureAwait(false);
        var about = hint == null ? "" : $" ({hint})";
        if (envelope == null)
        {
            _assertions.Fail($"Failed: Timeout {limit} while waiting for a message of type {typeof(T)}{(wanted == null ? "" : " " + wanted)}{about}");
            return default;
        }
        if (envelope.Message is not T message)
        {
            _assertions.Fail($"Failed: Expected a message of type {typeof(T)}, but received <{envelope.Message}> of type {envelope.Message.GetType()} instead, from {envelope.Sender}{about}");
            return default;
        }
        if (!fits(message, envelope.Sender))
            _assertions.Fail($"Failed: Expected a message {wanted}, but received <{message}> from {envelope.Sender}{about}");
        return message;
    }

    private async ValueTask<MessageEnvelope> TakeEnvelopeAsync(TimeSpan limit, CancellationToken token)
    {
        var envelope = await _messages.TakeAsync(limit < TimeSpan.Zero && limit != Timeout.InfiniteTimeSpan ? TimeSpan.Zero : limit, peek: false, token).ConfigureAwait(false);
        _expectsNothingLast = false;
        _last = envelope ?? (MessageEnvelope)NullMessageEnvelope.Instance;
        return envelope;
    }

    private static bool Assert(Action assertion)
    {
        assertion();
        return true;
    }
}
