using Akka.Actor;

namespace Akka.Persistence;

/// <summary>A message of persistence itself.</summary>
public interface IPersistenceMessage : INoSerializationVerificationNeeded
{
}

/// <summary>A message from or to a snapshot store.</summary>
public interface ISnapshotMessage : IPersistenceMessage
{
}

/// <summary>An answer of a snapshot store.</summary>
public interface ISnapshotResponse : ISnapshotMessage
{
}

/// <summary>Who a persistent actor is and where it is kept.</summary>
public interface IPersistentIdentity
{
    /// <summary>The HOCON path of the journal; empty for the default one.</summary>
    string JournalPluginId { get; }

    string PersistenceId { get; }

    /// <summary>The HOCON path of the snapshot store; empty for the default one.</summary>
    string SnapshotPluginId { get; }
}

/// <summary>From where a persistent actor recovers.</summary>
public interface IPersistenceRecovery
{
    Recovery Recovery { get; }
}

/// <summary>Saves and deletes snapshots.</summary>
public interface ISnapshotter
{
    long SnapshotSequenceNr { get; }

    string SnapshotterId { get; }

    void DeleteSnapshot(long sequenceNr);

    void DeleteSnapshots(SnapshotSelectionCriteria criteria);

    void LoadSnapshot(string persistenceId, SnapshotSelectionCriteria criteria, long toSequenceNr);

    void SaveSnapshot(object snapshot);
}
