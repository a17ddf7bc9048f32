namespace Akka.Persistence;

/// <summary>Whose snapshot, up to which event, of when (UTC).</summary>
public sealed class SnapshotMetadata : IEquatable<SnapshotMetadata>
{
    public SnapshotMetadata(string persistenceId, long sequenceNr, DateTime timestamp) => (PersistenceId, SequenceNr, Timestamp) = (persistenceId, sequenceNr, timestamp);

    public string PersistenceId { get; }

    public long SequenceNr { get; }

    public DateTime Timestamp { get; }

    public bool Equals(SnapshotMetadata other)
        => other is not null && (PersistenceId, SequenceNr, Timestamp) == (other.PersistenceId, other.SequenceNr, other.Timestamp);

    public override bool Equals(object obj) => Equals(obj as SnapshotMetadata);

    public override int GetHashCode() => HashCode.Combine(PersistenceId, SequenceNr, Timestamp);

    public override string ToString() => $"SnapshotMetadata<PersistenceId: {PersistenceId}, SequenceNr: {SequenceNr}, Timestamp: {Timestamp:yyyy/MM/dd}>";
}

/// <summary>A snapshot that was found; the first thing a recovery offers.</summary>
public sealed class SnapshotOffer : IEquatable<SnapshotOffer>
{
    public SnapshotOffer(SnapshotMetadata metadata, object snapshot) => (Metadata, Snapshot) = (metadata, snapshot);

    public SnapshotMetadata Metadata { get; }

    public object Snapshot { get; }

    public bool Equals(SnapshotOffer other) => other is not null && Equals(Metadata, other.Metadata) && Equals(Snapshot, other.Snapshot);

    public override bool Equals(object obj) => Equals(obj as SnapshotOffer);

    public override int GetHashCode() => HashCode.Combine(Metadata, Snapshot);

    public override string ToString() => $"SnapshotOffer<metadata: {Metadata}, snapshot: {Snapshot}>";
}

/// <summary>A stored snapshot.</summary>
public sealed class SelectedSnapshot : IEquatable<SelectedSnapshot>
{
    public SelectedSnapshot(SnapshotMetadata metadata, object snapshot) => (Metadata, Snapshot) = (metadata, snapshot);

    public SnapshotMetadata Metadata { get; }

    public object Snapshot { get; }

    public bool Equals(SelectedSnapshot other) => other is not null && Equals(Metadata, other.Metadata) && Equals(Snapshot, other.Snapshot);

    public override bool Equals(object obj) => Equals(obj as SelectedSnapshot);

    public override int GetHashCode() => HashCode.Combine(Metadata, Snapshot);

    public override string ToString() => $"SelectedSnapshot<metadata: {Metadata}, snapshot: {Snapshot}>";
}

/// <summary>Which snapshots: by sequence number and time (UTC), bounds included.</summary>
public sealed class SnapshotSelectionCriteria : IEquatable<SnapshotSelectionCriteria>
{
    public SnapshotSelectionCriteria(long maxSequenceNr)
        : this(maxSequenceNr, DateTime.MaxValue)
    {
    }

    public SnapshotSelectionCriteria(long maxSequenceNr, DateTime maxTimeStamp, long minSequenceNr = 0, DateTime? minTimestamp = default)
        => (MaxSequenceNr, MaxTimeStamp, MinSequenceNr, MinTimestamp) = (maxSequenceNr, maxTimeStamp, minSequenceNr, minTimestamp ?? DateTime.MinValue);

    public static SnapshotSelectionCriteria Latest { get; } = new(long.MaxValue, DateTime.MaxValue);

    public static SnapshotSelectionCriteria None { get; } = new(0, DateTime.MinValue);

    public long MaxSequenceNr { get; }

    public DateTime MaxTimeStamp { get; }

    public long MinSequenceNr { get; }

    public DateTime? MinTimestamp { get; }

    public bool Equals(SnapshotSelectionCriteria other)
        => other is not null && (MaxSequenceNr, MaxTimeStamp, MinSequenceNr, MinTimestamp) == (other.MaxSequenceNr, other.MaxTimeStamp, other.MinSequenceNr, other.MinTimestamp);

    public override bool Equals(object obj) => Equals(obj as SnapshotSelectionCriteria);

    public override int GetHashCode() => HashCode.Combine(MaxSequenceNr, MaxTimeStamp, MinSequenceNr, MinTimestamp);

    public override string ToString()
        => $"SnapshotSelectionCriteria<maxSequenceNr: {MaxSequenceNr}, maxTimestamp: {MaxTimeStamp:yyyy/MM/dd}, minSequenceNr: {MinSequenceNr}, minTimestamp: {MinTimestamp:yyyy/MM/dd}>";

    internal SnapshotSelectionCriteria Limit(long toSequenceNr) => MaxSequenceNr <= toSequenceNr ? this : new(toSequenceNr, MaxTimeStamp, MinSequenceNr, MinTimestamp);

    internal bool Matches(SnapshotMetadata metadata)
        => metadata.SequenceNr <= MaxSequenceNr && metadata.Timestamp <= MaxTimeStamp && metadata.SequenceNr >= MinSequenceNr && (MinTimestamp == null || metadata.Timestamp >= MinTimestamp);
}
