namespace Akka.Persistence.Protocol;

internal sealed record LoadSnapshot(string PersistenceId, SnapshotSelectionCriteria Criteria, long ToSequenceNr);

/// <param name="Snapshot">Null when there is none.</param>
internal sealed record LoadSnapshotResult(SelectedSnapshot Snapshot, long ToSequenceNr) : IRecoveryAnswer;

internal sealed record LoadSnapshotFailed(Exception Cause) : IRecoveryAnswer;

internal sealed record SaveSnapshot(SnapshotMetadata Metadata, object Snapshot);

internal sealed record DeleteSnapshot(SnapshotMetadata Metadata);

internal sealed record DeleteSnapshots(string PersistenceId, SnapshotSelectionCriteria Criteria);
