using PolyglotSync.Kafka.Cuts;

namespace PolyglotSync.Kafka.Consuming;

/// <summary>The next cut to read to.</summary>
/// <param name="Epoch">Whose changes lead there.</param>
/// <param name="Change">Number of the last one before the cut.</param>
/// <param name="Cut">Without offsets.</param>
/// <param name="CommitTimestamp">Of the last transaction, microseconds since 1970 UTC; 0 where unknown.</param>
/// <param name="Offsets">By topic, for each partition, the offset after the last message before the cut.</param>
/// <param name="Next">The epoch that goes on from here; null where the cut is one inside its epoch.</param>
internal sealed record CutStep(long Epoch, long Change, Cut Cut, CopyState Copy, long CommitTimestamp, IReadOnlyDictionary<string, long[]> Offsets, EpochRecord? Next = null);
