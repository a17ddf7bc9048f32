namespace Akka.Persistence;

/// <summary>A persistent actor with a handler for each type of message; the first that fits takes it.</summary>
public abstract class ReceivePersistentActor : UntypedPersistentActor
{
    private readonly Handlers _recover = new();
    private Handlers _command = new();

    protected ReceivePersistentActor()
    {
    }

    /// <summary>Replaces the command handlers by those the action sets up.</summary>
    protected void Become(Action configure) => Become(Configured(configure));

    /// <summary>Puts the command handlers that the action sets up on top.</summary>
    protected void BecomeStacked(Action configure) => BecomeStacked(Configured(configure));

    protected void Command(Action<object> handler) => CommandAny(handler);

    protected void Command(Type messageType, Func<object, bool> handler) => _command.Add(messageType, handler);

    protected void Command(Type messageType, Action<object> handler, Predicate<object> shouldHandle = null) => _command.Add(messageType, handler, shouldHandle);

    protected void Command(Type messageType, Predicate<object> shouldHandle, Action<object> handler) => _command.Add(messageType, handler, shouldHandle);

    protected void Command<T>(Func<T, bool> handler) => _command.Add(typeof(T), message => handler((T)message));

    protected void Command<T>(Action<T> handler, Predicate<T> shouldHandle = null) => _command.Add(handler, shouldHandle);

    protected void Command<T>(Predicate<T> shouldHandle, Action<T> handler) => _command.Add(handler, shouldHandle);

    /// <summary>Takes all messages; nothing may be added after it.</summary>
    protected void CommandAny(Action<object> handler) => _command.AddAny(handler);

    protected void CommandAnyAsync(Func<object, Task> handler) => CommandAny(message => RunTask(() => handler(message)));

    protected void CommandAsync(Type messageType, Func<object, Task> handler, Predicate<object> shouldHandle = null)
        => Command(messageType, message => RunTask(() => handler(message)), shouldHandle);

    protected void CommandAsync(Type messageType, Predicate<object> shouldHandle, Func<object, Task> handler) => CommandAsync(messageType, handler, shouldHandle);

    protected void CommandAsync<T>(Func<T, Task> handler, Predicate<T> shouldHandle = null) => Command(message => RunTask(() => handler(message)), shouldHandle);

    protected void CommandAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) => CommandAsync(handler, shouldHandle);

    protected sealed override void OnCommand(object message) => Run(_command, message);

    protected sealed override void OnRecover(object message) => Run(_recover, message);

    protected void Recover(Type messageType, Func<object, bool> handler) => _recover.Add(messageType, handler);

    protected void Recover(Type messageType, Action<object> handler, Predicate<object> shouldHandle = null) => _recover.Add(messageType, handler, shouldHandle);

    protected void Recover(Type messageType, Predicate<object> shouldHandle, Action<object> handler) => _recover.Add(messageType, handler, shouldHandle);

    protected void Recover<T>(Func<T, bool> handler) => _recover.Add(typeof(T), message => handler((T)message));

    protected void Recover<T>(Action<T> handler, Predicate<T> shouldHandle = null) => _recover.Add(handler, shouldHandle);

    protected void Recover<T>(Predicate<T> shouldHandle, Action<T> handler) => _recover.Add(handler, shouldHandle);

    /// <summary>Takes all that is recovered; nothing may be added after it.</summary>
    protected void RecoverAny(Action<object> handler) => _recover.AddAny(handler);

    private Akka.Actor.UntypedReceive Configured(Action configure)
    {
        var (outer, handlers) = (_command, new Handlers());
        _command = handlers;
        try
        {
            configure();
        }
        finally
        {
            _command = outer;
        }
        return message => Run(handlers, message);
    }

    private void Run(Handlers handlers, object message)
    {
        if (!handlers.Handle(message))
            Unhandled(message);
    }

    private sealed class Handlers
    {
        private readonly List<Func<object, bool>> _all = [];
        private bool _closed;

        public bool Handle(object message) => _all.Exists(handler => handler(message));

        public void Add(Type type, Func<object, bool> handler)
        {
            if (_closed)
                throw new InvalidOperationException("A handler that catches all messages has been added. No handler can be added after that.");
            _all.Add(message => type.IsInstanceOfType(message) && handler(message));
        }

        public void Add(Type type, Action<object> handler, Predicate<object> shouldHandle)
            => Add(type, message =>
            {
                if (shouldHandle != null && !shouldHandle(message))
                    return false;
                handler(message);
                return true;
            });

        public void Add<T>(Action<T> handler, Predicate<T> shouldHandle)
            => Add(typeof(T), message => handler((T)message), shouldHandle == null ? null : message => shouldHandle((T)message));

        public void AddAny(Action<object> handler)
        {
            Add(typeof(object), handler, null);
            _closed = true;
        }
    }
}
