using Akka.Configuration;

namespace Akka.Persistence.Snapshot;

/// <summary>Keeps snapshots for as long as the system lives.</summary>
internal sealed class MemorySnapshotStore : SnapshotStoreActor
{
    private readonly List<SelectedSnapshot> _all = [];

    public MemorySnapshotStore(Config config)
    {
    }

    protected override Task<SelectedSnapshot> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        lock (_all)
            return Task.FromResult(_all.Where(one => one.Metadata.PersistenceId == persistenceId && criteria.Matches(one.Metadata)).MaxBy(one => one.Metadata.SequenceNr));
    }

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot)
    {
        lock (_all)
        {
            _all.RemoveAll(one => one.Metadata.PersistenceId == metadata.PersistenceId && one.Metadata.SequenceNr == metadata.SequenceNr);
            _all.Add(new SelectedSnapshot(metadata, snapshot));
        }
        return Task.CompletedTask;
    }

    protected override Task DeleteAsync(SnapshotMetadata metadata)
    {
        lock (_all)
            _all.RemoveAll(one => one.Metadata.PersistenceId == metadata.PersistenceId && one.Metadata.SequenceNr == metadata.SequenceNr
                                  && (metadata.Timestamp == DateTime.MinValue || one.Metadata.Timestamp <= metadata.Timestamp));
        return Task.CompletedTask;
    }

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        lock (_all)
            _all.RemoveAll(one => one.Metadata.PersistenceId == persistenceId && criteria.Matches(one.Metadata));
        return Task.CompletedTask;
    }
}

/// <summary>Stands where no store is: nothing is found, nothing can be saved.</summary>
internal sealed class RefusingSnapshotStore : SnapshotStoreActor
{
    private const string Reason = "This stand-in of Akka.Persistence keeps no snapshots in local files: set akka.persistence.snapshot-store.plugin to akka.persistence.snapshot-store.inmem or .sql.";

    public RefusingSnapshotStore(Config config)
    {
    }

    protected override Task<SelectedSnapshot> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria) => Task.FromResult<SelectedSnapshot>(null);

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot) => throw new NotSupportedException(Reason);

    protected override Task DeleteAsync(SnapshotMetadata metadata) => throw new NotSupportedException(Reason);

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria) => throw new NotSupportedException(Reason);
}
