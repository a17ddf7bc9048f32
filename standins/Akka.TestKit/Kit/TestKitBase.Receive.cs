using Akka.Actor;

namespace Akka.TestKit;

/// <summary>Expecting none, several or certain messages among others.</summary>
public abstract partial class TestKitBase
{
    /// <summary>Expects no message for as long as one may take.</summary>
    public void ExpectNoMsg(CancellationToken cancellationToken = default) => ExpectNoMsgAsync(cancellationToken).AsTask().GetAwaiter().GetResult();

    /// <summary>Expects no message for so many milliseconds.</summary>
    public void ExpectNoMsg(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectNoMsgAsync(milliseconds, cancellationToken).AsTask().GetAwaiter().GetResult();

    /// <summary>Expects no message for that time.</summary>
    public void ExpectNoMsg(TimeSpan duration, CancellationToken cancellationToken = default) =>
        ExpectNoMsgAsync(duration, cancellationToken).AsTask().GetAwaiter().GetResult();

    /// <summary>Expects no message for as long as one may take.</summary>
    public ValueTask ExpectNoMsgAsync(CancellationToken cancellationToken = default) => ExpectNone(RemainingOrDefault, cancellationToken);

    /// <summary>Expects no message for so many milliseconds.</summary>
    public ValueTask ExpectNoMsgAsync(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectNoMsgAsync(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    /// <summary>Expects no message for that time.</summary>
    public ValueTask ExpectNoMsgAsync(TimeSpan duration, CancellationToken cancellationToken = default) => ExpectNone(Dilated(duration), cancellationToken);

    /// <summary>Expects the end of a watched actor.</summary>
    public Terminated ExpectTerminated(IActorRef target, TimeSpan? timeout = default, string hint = null, CancellationToken cancellationToken = default) =>
        ExpectTerminatedAsync(target, timeout, hint, cancellationToken).AsTask().GetAwaiter().GetResult();

    /// <summary>Expects the end of a watched actor.</summary>
    public ValueTask<Terminated> ExpectTerminatedAsync(IActorRef target, TimeSpan? timeout = default, string hint = null, CancellationToken cancellationToken = default) =>
        Take<Terminated>(timeout, hint, (terminated, _) => target.Equals(terminated.ActorRef), $"Terminated {target}", cancellationToken);

    /// <summary>Expects these messages, in any order.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(params T[] messages) => ExpectAll(RemainingOrDefault, messages);

    /// <summary>Expects these messages within the time, in any order.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(TimeSpan max, params T[] messages) => ExpectAll(Dilated(max), messages);

    /// <summary>Expects one of these messages.</summary>
    public T ExpectMsgAnyOf<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default) =>
        ExpectMsgAnyOfAsync(messages, cancellationToken).AsTask().GetAwaiter().GetResult();

    /// <summary>Expects one of these messages.</summary>
    public ValueTask<T> ExpectMsgAnyOfAsync<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default) =>
        Take<T>(null, null, (got, _) => messages.Contains(got), $"that is any of [{string.Join(", ", messages)}]", cancellationToken);

    /// <summary>Skips messages up to one that the predicate holds for.</summary>
    public object FishForMessage(Predicate<object> isMessage, TimeSpan? max = default, string hint = "", CancellationToken cancellationToken = default) =>
        FishForMessage<object>(isMessage, max, hint, cancellationToken);

    /// <summary>Skips messages up to one of a type that the predicate holds for.</summary>
    public T FishForMessage<T>(Predicate<T> isMessage, TimeSpan? max = default, string hint = "", CancellationToken cancellationToken = default) =>
        FishForMessageAsync(isMessage, max, hint, cancellationToken).AsTask().GetAwaiter().GetResult();

    /// <summary>Skips messages up to one that the predicate holds for.</summary>
    public ValueTask<object> FishForMessageAsync(Predicate<object> isMessage, TimeSpan? max = default, string hint = "", CancellationToken cancellationToken = default) =>
        FishForMessageAsync<object>(isMessage, max, hint, cancellationToken);

    /// <summary>Skips messages up to one of a type that the predicate holds for.</summary>
    public async ValueTask<T> FishForMessageAsync<T>(Predicate<T> isMessage, TimeSpan? max = default, string hint = "", CancellationToken cancellationToken = default)
    {
        var limit = RemainingOrDilated(max);
        var end = Now + limit;
        while (await TakeEnvelopeAsync(end - Now, cancellationToken).ConfigureAwait(false) is { } envelope)
        {
            if (envelope.Message is T message && isMessage(message))
                return message;
        }
        _assertions.Fail($"timeout ({limit}) during fishForMessage, hint: {hint}");
        return default;
    }

    /// <summary>Skips messages up to one of a type.</summary>
    public async Task FishUntilMessageAsync<T>(TimeSpan? max = default, CancellationToken cancellationToken = default) =>
        await FishForMessageAsync<T>(_ => true, max, "", cancellationToken).ConfigureAwait(false);

    /// <summary>So many messages.</summary>
    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, CancellationToken cancellationToken = default) =>
        ReceiveMany(numberOfMessages, RemainingOrDefault, cancellationToken);

    /// <summary>So many messages within the time.</summary>
    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, TimeSpan max, CancellationToken cancellationToken = default) =>
        ReceiveMany(numberOfMessages, Dilated(max), cancellationToken);

    /// <summary>The next message, or null when none comes in time.</summary>
    public object ReceiveOne(TimeSpan? max = default, CancellationToken cancellationToken = default) =>
        ReceiveOneAsync(max, cancellationToken).AsTask().GetAwaiter().GetResult();

    /// <summary>The next message, or null when none comes in time.</summary>
    public async ValueTask<object> ReceiveOneAsync(TimeSpan? max = default, CancellationToken cancellationToken = default) =>
        (await TakeEnvelopeAsync(RemainingOrDilated(max), cancellationToken).ConfigureAwait(false))?.Message;

    /// <summary>The next message, which stays; null when none comes in time.</summary>
    public object PeekOne(TimeSpan? max = default, CancellationToken cancellationToken = default) =>
        PeekOneAsync(max, cancellationToken).AsTask().GetAwaiter().GetResult();

    /// <summary>The next message, which stays; null when none comes in time.</summary>
    public async ValueTask<object> PeekOneAsync(TimeSpan? max = default, CancellationToken cancellationToken = default) =>
        (await _messages.TakeAsync(RemainingOrDilated(max), peek: true, cancellationToken).ConfigureAwait(false))?.Message;

    /// <summary>The next message; false when none comes in time.</summary>
    public bool TryReceiveOne(out MessageEnvelope envelope, TimeSpan? max = default, CancellationToken cancellationToken = default)
    {
        envelope = TakeEnvelopeAsync(RemainingOrDilated(max), cancellationToken).AsTask().GetAwaiter().GetResult();
        return envelope != null;
    }

    /// <summary>Messages until the filter returns null or the time is over.</summary>
    public IReadOnlyList<T> ReceiveWhile<T>(TimeSpan? max, Func<object, T> filter, int msgs = int.MaxValue, CancellationToken cancellationToken = default) =>
        ReceiveWhile(filter, max, null, msgs, cancellationToken);

    /// <summary>Messages until the filter returns null, none comes for the idle time or the time is over.</summary>
    public IReadOnlyList<T> ReceiveWhile<T>(Func<object, T> filter, TimeSpan? max = default, TimeSpan? idle = default, int msgs = int.MaxValue, CancellationToken cancellationToken = default)
    {
        var end = Now + RemainingOrDilated(max);
        var taken = new List<T>();
        while (taken.Count < msgs)
        {
            var left = end - Now;
            var wait = idle is { } pause && pause < left ? pause : left;
            if (wait <= TimeSpan.Zero || _messages.TakeAsync(wait, peek: true, cancellationToken).AsTask().GetAwaiter().GetResult() is not { } next)
                break;
            if (filter(next.Message) is not { } accepted || Equals(accepted, default(T)))
                break;
            TakeEnvelopeAsync(TimeSpan.Zero, cancellationToken).AsTask().GetAwaiter().GetResult();
            taken.Add(accepted);
        }
        _expectsNothingLast = true;
        return taken;
    }

    private async ValueTask ExpectNone(TimeSpan limit, CancellationToken token)
    {
        var envelope = await TakeEnvelopeAsync(limit, token).ConfigureAwait(false);
        if (envelope != null)
            _assertions.Fail($"Failed: Expected no messages during {limit}, instead we received {envelope}");
        _expectsNothingLast = true;
    }

    private IReadOnlyCollection<T> ExpectAll<T>(TimeSpan limit, T[] messages)
    {
        var got = ReceiveMany(messages.Length, limit, CancellationToken.None);
        foreach (var message in messages)
            _assertions.AssertTrue(got.Any(one => Equals(one, message)), $"not found: <{message}> in [{string.Join(", ", got)}]");
        foreach (var one in got)
            _assertions.AssertTrue(messages.Any(message => Equals(one, message)), $"found unexpected: <{one}>");
        return got.Cast<T>().ToArray();
    }

    private IReadOnlyCollection<object> ReceiveMany(int count, TimeSpan limit, CancellationToken token)
    {
        var end = Now + limit;
        var taken = new List<object>();
        while (taken.Count < count)
        {
            if (TakeEnvelopeAsync(end - Now, token).AsTask().GetAwaiter().GetResult() is not { } envelope)
            {
                _assertions.Fail($"Timeout ({limit}) while expecting {count} messages. Only got {taken.Count} after {limit}.");
                break;
            }
            taken.Add(envelope.Message);
        }
        return taken;
    }
}
