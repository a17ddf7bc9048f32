using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence.Protocol;

/// <summary>An event with its place.</summary>
/// <param name="Timestamp">UTC ticks; 0 until it is written.</param>
internal sealed record PersistentEvent(object Payload, long SequenceNr, string PersistenceId, IActorRef Sender, string WriterGuid, long Timestamp = 0);

/// <summary>Events that are written together or not at all.</summary>
internal sealed record AtomicWrite(IReadOnlyList<PersistentEvent> Events)
{
    public string PersistenceId => Events[0].PersistenceId;
}

/// <summary>Something that travels through the journal in order, but is not written.</summary>
internal sealed record Deferred(object Message, IActorRef Sender);

/// <param name="Entries">Each an <see cref="AtomicWrite"/> or a <see cref="Deferred"/>.</param>
internal sealed record WriteMessages(IReadOnlyList<object> Entries, IActorRef Actor, int InstanceId);

/// <summary>An answer to a write, for one incarnation of an actor.</summary>
internal interface IWriteAnswer : INoSerializationVerificationNeeded, IDeadLetterSuppression
{
    int InstanceId { get; }
}

internal sealed record WriteMessageSuccess(PersistentEvent Event, int InstanceId) : IWriteAnswer;

internal sealed record WriteMessageRejected(PersistentEvent Event, Exception Cause, int InstanceId) : IWriteAnswer;

internal sealed record WriteMessageFailure(PersistentEvent Event, Exception Cause, int InstanceId) : IWriteAnswer;

internal sealed record LoopMessageSuccess(object Message, int InstanceId) : IWriteAnswer;

internal sealed record ReplayMessages(long FromSequenceNr, long ToSequenceNr, long Max, string PersistenceId, IActorRef Actor);

internal sealed record DeleteMessagesTo(string PersistenceId, long ToSequenceNr, IActorRef Actor);

/// <summary>What an actor is told while it recovers.</summary>
internal interface IRecoveryAnswer : INoSerializationVerificationNeeded, IDeadLetterSuppression
{
}

internal sealed record ReplayedMessage(PersistentEvent Event) : IRecoveryAnswer;

internal sealed record RecoverySuccess(long HighestSequenceNr) : IRecoveryAnswer;

internal sealed record ReplayMessagesFailure(Exception Cause) : IRecoveryAnswer;

/// <summary>Time to see whether the recovery has made a step since the last tick.</summary>
internal sealed record RecoveryTick(int InstanceId) : IRecoveryAnswer;
