using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>An actor whose handlers are chosen by the type of the message, in the order in which they were declared.</summary>
public abstract class ReceiveActor : UntypedActor, IInitializable
{
    private ReceiveHandlers _building = new();
    private Receive _initial;

    /// <summary>Only the runtime makes actors.</summary>
    protected ReceiveActor()
    {
    }

    void IInitializable.Init()
    {
        _initial = _building.Handle;
        _building = null;
    }

    /// <summary>Puts the handlers that the action declares in place of the present ones.</summary>
    protected void Become(Action configure) => base.Become(Reporting(Build(configure)));

    /// <summary>Puts the handlers that the action declares on top of the present ones.</summary>
    protected void BecomeStacked(Action configure) => base.BecomeStacked(Reporting(Build(configure)));

    /// <inheritdoc />
    protected sealed override void OnReceive(object message)
    {
        if (!_initial(message))
            Unhandled(message);
    }

    /// <summary>Declares a handler that may decline by returning false.</summary>
    protected void Receive<T>(Func<T, bool> handler) => Declare(typeof(T), message => handler((T)message));

    /// <summary>Declares a handler.</summary>
    protected void Receive<T>(Action<T> handler, Predicate<T> shouldHandle = null) => Declare(typeof(T), message =>
    {
        if (shouldHandle != null && !shouldHandle((T)message))
            return false;
        handler((T)message);
        return true;
    });

    /// <summary>Declares a handler for the messages that the predicate holds for.</summary>
    protected void Receive<T>(Predicate<T> shouldHandle, Action<T> handler) => Receive(handler, shouldHandle);

    /// <summary>Declares a handler that may decline by returning false.</summary>
    protected void Receive(Type messageType, Func<object, bool> handler) => Declare(messageType, handler);

    /// <summary>Declares a handler.</summary>
    protected void Receive(Type messageType, Action<object> handler, Predicate<object> shouldHandle = null) => Declare(messageType, message =>
    {
        if (shouldHandle != null && !shouldHandle(message))
            return false;
        handler(message);
        return true;
    });

    /// <summary>Declares a handler for the messages that the predicate holds for.</summary>
    protected void Receive(Type messageType, Predicate<object> shouldHandle, Action<object> handler) => Receive(messageType, handler, shouldHandle);

    /// <summary>Declares a handler for everything; none may follow it.</summary>
    protected void ReceiveAny(Action<object> handler)
    {
        Receive(typeof(object), handler);
        _building.Close();
    }

    /// <summary>Declares an asynchronous handler for everything; none may follow it.</summary>
    protected void ReceiveAnyAsync(Func<object, Task> handler) => ReceiveAny(Awaiting(handler));

    /// <summary>Declares an asynchronous handler; the next message waits for its end.</summary>
    protected void ReceiveAsync<T>(Func<T, Task> handler, Predicate<T> shouldHandle = null) => Receive(Awaiting(handler), shouldHandle);

    /// <summary>Declares an asynchronous handler for the messages that the predicate holds for.</summary>
    protected void ReceiveAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) => Receive(Awaiting(handler), shouldHandle);

    /// <summary>Declares an asynchronous handler; the next message waits for its end.</summary>
    protected void ReceiveAsync(Type messageType, Func<object, Task> handler, Predicate<object> shouldHandle = null) =>
        Receive(messageType, Awaiting(handler), shouldHandle);

    /// <summary>Declares an asynchronous handler for the messages that the predicate holds for.</summary>
    protected void ReceiveAsync(Type messageType, Predicate<object> shouldHandle, Func<object, Task> handler) =>
        Receive(messageType, Awaiting(handler), shouldHandle);

    private static Action<T> Awaiting<T>(Func<T, Task> handler) => message => ActorTaskScheduler.RunTask(() => handler(message));

    private void Declare(Type type, Func<object, bool> handler)
    {
        if (_building == null)
            throw new InvalidOperationException("You may only call Receive-methods when constructing the actor and inside Become()");
        _building.Add(type, handler);
    }

    private ReceiveHandlers Build(Action configure)
    {
        var outer = _building;
        _building = new ReceiveHandlers();
        try
        {
            configure();
            return _building;
        }
        finally
        {
            _building = outer;
        }
    }

    private UntypedReceive Reporting(ReceiveHandlers handlers) => message =>
    {
        if (!handlers.Handle(message))
            Unhandled(message);
    };
}

/// <summary>The handlers of one behaviour. Which of them fit a type of message is worked out once per type.</summary>
internal sealed class ReceiveHandlers
{
    private readonly List<(Type Type, Func<object, bool> Handler)> _all = [];
    private readonly Dictionary<Type, Func<object, bool>[]> _byType = [];
    private bool _closed;

    internal void Add(Type type, Func<object, bool> handler)
    {
        if (_closed)
            throw new InvalidOperationException("A handler that catches all messages has been added. No handler can be added after that.");
        _all.Add((type, handler));
    }

    internal void Close() => _closed = true;

    internal bool Handle(object message)
    {
        var type = message.GetType();
        if (!_byType.TryGetValue(type, out var fitting))
            _byType[type] = fitting = _all.Where(entry => entry.Type.IsAssignableFrom(type)).Select(entry => entry.Handler).ToArray();
        foreach (var handler in fitting)
        {
            if (handler(message))
                return true;
        }
        return false;
    }
}
