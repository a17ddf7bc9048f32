using Akka.Dispatch;

namespace Akka.Dispatch
{
    /// <summary>Marks a kind of mailbox queue. There is one kind here: unbounded, with putting back at the front.</summary>
    public interface ISemantics
    {
    }

    /// <summary>Grows without limit.</summary>
    public interface IUnboundedMessageQueueSemantics : ISemantics
    {
    }

    /// <summary>Takes messages back at its front.</summary>
    public interface IDequeBasedMessageQueueSemantics : ISemantics
    {
    }

    /// <summary>Both.</summary>
    public interface IUnboundedDequeBasedMessageQueueSemantics : IDequeBasedMessageQueueSemantics, IUnboundedMessageQueueSemantics
    {
    }

    /// <summary>Names the kind of queue that an actor needs; every actor has it.</summary>
    public interface IRequiresMessageQueue<T>
        where T : ISemantics
    {
    }
}

namespace Akka.Event
{
    /// <summary>The queue of loggers.</summary>
    public interface ILoggerMessageQueueSemantics : ISemantics
    {
    }
}
