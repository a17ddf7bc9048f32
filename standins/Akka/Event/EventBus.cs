using System.Collections.Concurrent;
using Akka.Actor;

namespace Akka.Event;

/// <summary>Publishes events to those who subscribed to a class of them. Who gets an event is worked out once per class.</summary>
public abstract class EventBus<TEvent, TClassifier, TSubscriber>
{
    private readonly Dictionary<TClassifier, List<TSubscriber>> _subscriptions = [];
    private readonly ConcurrentDictionary<TClassifier, TSubscriber[]> _receivers = new();
    private readonly Lock _lock = new();

    /// <summary>Whether the event is of that class.</summary>
    protected abstract bool Classify(TEvent @event, TClassifier classifier);

    /// <summary>The class of the event.</summary>
    protected abstract TClassifier GetClassifier(TEvent @event);

    /// <summary>Whether one class contains another.</summary>
    protected abstract bool IsSubClassification(TClassifier parent, TClassifier child);

    /// <summary>Hands the event to one subscriber.</summary>
    protected abstract void Publish(TEvent @event, TSubscriber subscriber);

    /// <summary>Hands the event to all who subscribed to its class.</summary>
    public virtual void Publish(TEvent @event)
    {
        var classifier = GetClassifier(@event);
        if (!_receivers.TryGetValue(classifier, out var receivers))
        {
            lock (_lock)
            {
                receivers = _subscriptions.Where(entry => IsSubClassification(entry.Key, classifier)).SelectMany(entry => entry.Value).Distinct().ToArray();
                _receivers[classifier] = receivers;
            }
        }
        foreach (var receiver in receivers)
            Publish(@event, receiver);
    }

    /// <summary>Subscribes to a class; false when it was already.</summary>
    public virtual bool Subscribe(TSubscriber subscriber, TClassifier classifier)
    {
        lock (_lock)
        {
            if (!_subscriptions.TryGetValue(classifier, out var subscribers))
                _subscriptions[classifier] = subscribers = [];
            if (subscribers.Contains(subscriber))
                return false;
            subscribers.Add(subscriber);
            _receivers.Clear();
            return true;
        }
    }

    /// <summary>Ends all subscriptions; false when there was none.</summary>
    public virtual bool Unsubscribe(TSubscriber subscriber)
    {
        lock (_lock)
        {
            var removed = _subscriptions.Values.Count(subscribers => subscribers.Remove(subscriber));
            _receivers.Clear();
            return removed > 0;
        }
    }

    /// <summary>Ends the subscription to a class; false when there was none.</summary>
    public virtual bool Unsubscribe(TSubscriber subscriber, TClassifier classifier)
    {
        lock (_lock)
        {
            var removed = _subscriptions.TryGetValue(classifier, out var subscribers) && subscribers.Remove(subscriber);
            _receivers.Clear();
            return removed;
        }
    }
}

/// <summary>A bus whose subscribers are actors.</summary>
public abstract class ActorEventBus<TEvent, TClassifier> : EventBus<TEvent, TClassifier, IActorRef>
{
}

/// <summary>A bus for log entries and other events, by type.</summary>
public class LoggingBus : ActorEventBus<object, Type>
{
    /// <summary>Entries below are not published.</summary>
    public LogLevel LogLevel { get; private set; }

    /// <inheritdoc />
    protected override bool Classify(object @event, Type classifier) => classifier.IsInstanceOfType(@event);

    /// <inheritdoc />
    protected override Type GetClassifier(object @event) => @event.GetType();

    /// <inheritdoc />
    protected override bool IsSubClassification(Type parent, Type child) => parent.IsAssignableFrom(child);

    /// <inheritdoc />
    protected override void Publish(object @event, IActorRef subscriber) => subscriber.Tell(@event, ActorRefs.NoSender);

    /// <summary>Sets the level below which entries are not published.</summary>
    public void SetLogLevel(LogLevel logLevel) => LogLevel = logLevel;

    /// <summary>Prints to the console until the loggers run.</summary>
    public void StartStdoutLogger(Settings config)
    {
        SetLogLevel(Logging.LogLevelFor(config.LogLevel));
        Loggers.StartStdout(this, config);
    }
}

/// <summary>The event stream of a system. Subscriptions of actors end with them.</summary>
public class EventStream : LoggingBus
{
    private volatile IActorRef _unsubscriber;

    /// <summary>A stream without subscribers.</summary>
    public EventStream(bool debug)
    {
    }

    /// <inheritdoc />
    public override bool Subscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        var added = base.Subscribe(subscriber, channel);
        if (added && subscriber is not MinimalActorRef)
            _unsubscriber?.Tell(new UnsubscribeWhenDead(subscriber), ActorRefs.NoSender);
        return added;
    }

    /// <inheritdoc />
    public override bool Unsubscribe(IActorRef subscriber) => base.Unsubscribe(subscriber ?? throw new ArgumentNullException(nameof(subscriber)));

    /// <inheritdoc />
    public override bool Unsubscribe(IActorRef subscriber, Type channel) =>
        base.Unsubscribe(subscriber ?? throw new ArgumentNullException(nameof(subscriber)), channel);

    internal void StartUnsubscriber(ActorSystemImpl system) =>
        _unsubscriber = system.SystemActorOf(Props.Create(() => new Unsubscriber(this)).WithDispatcher(Dispatch.ActorDispatchers.InternalId), "eventStreamUnsubscriber");

    private sealed record UnsubscribeWhenDead(IActorRef Subscriber) : IDeadLetterSuppression;

    private sealed class Unsubscriber(EventStream stream) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is UnsubscribeWhenDead request)
                Context.Watch(request.Subscriber);
            else if (message is Terminated terminated)
                stream.Unsubscribe(terminated.ActorRef);
        }
    }
}

/// <summary>Short forms.</summary>
public static class EventStreamExtensions
{
    /// <summary>Subscribes to a type of events.</summary>
    public static bool Subscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) => eventStream.Subscribe(subscriber, typeof(TChannel));

    /// <summary>Ends the subscription to a type of events.</summary>
    public static bool Unsubscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) => eventStream.Unsubscribe(subscriber, typeof(TChannel));
}
