namespace PolyglotSync.Kafka.Cuts;

/// <summary>
/// What the records of <c>PREFIX.__cuts</c> come to, taken in their order from the beginning: which of them count, and where the topics stand. A capture that lost its slot may write on for a while: what it writes
/// behind the claim of the next is void. Pure: no broker.
/// </summary>
public sealed class CutsLog
{
    private readonly List<RelationRecord> _relations = [];

    /// <summary>The greatest epoch that anybody has claimed; 0 where nobody has.</summary>
    public long Claimed { get; private set; }

    /// <summary>The last epoch that began; null where none has.</summary>
    public EpochRecord? Epoch { get; private set; }

    /// <summary>The last cut of that epoch; null where it has none yet: then the topics stand where the epoch resumes.</summary>
    public CutRecord? Cut { get; private set; }

    /// <summary>Columns in the order in which they came in force, as far as their epochs were taken up by the next. Those behind <see cref="Cut"/> belong to no cut yet.</summary>
    public IReadOnlyList<RelationRecord> Relations => _relations;

    /// <summary>Where the topics stand: null where nothing was captured yet.</summary>
    public TopicsState? State => Epoch is null ? null : Cut is null
        ? new TopicsState(Epoch.ResumesEpoch, Epoch.ResumesChange, new Cut(Epoch.Position, Epoch.Watermark), Epoch.Copy, Epoch.Offsets)
        : new TopicsState(Cut.Epoch, Cut.Change, Cut.Cut, Cut.Copy ?? Epoch.Copy, Cut.Offsets);

    /// <returns>False where the record is void.</returns>
    public bool Take(CutsRecord record)
    {
        if (record is ClaimRecord)
        {
            if (record.Epoch <= Claimed) return false;
            Claimed = record.Epoch;
            return true;
        }
        if (record.Epoch < Claimed) return false;
        switch (record)
        {
            case EpochRecord epoch:
                if (epoch.Epoch <= Epoch?.Epoch) return false;
                Claimed = epoch.Epoch;
                (Epoch, Cut) = (epoch, null);
                _relations.RemoveAll(r => r.Epoch > epoch.ResumesEpoch || (r.Epoch == epoch.ResumesEpoch && r.Change > epoch.ResumesChange));
                return true;
            case RelationRecord relation:
                if (relation.Epoch != Epoch?.Epoch) return false;
                _relations.Add(relation);
                return true;
            case CutRecord cut:
                if (cut.Epoch != Epoch?.Epoch || cut.Change < Cut?.Change) return false;
                Cut = cut;
                return true;
            default:
                return false;
        }
    }
}

/// <summary>Where the topics stand.</summary>
/// <param name="Epoch">Of the last change; 0 where there is none.</param>
/// <param name="Change">Its number in the epoch; 0 likewise.</param>
/// <param name="Offsets">By topic, for each partition, the offset after the last message that belongs to the cut.</param>
public sealed record TopicsState(long Epoch, long Change, Cut Cut, CopyState Copy, IReadOnlyDictionary<string, long[]> Offsets)
{
    public static readonly TopicsState Empty = new(0, 0, Cut.Start, CopyState.Empty, new Dictionary<string, long[]>());
}
