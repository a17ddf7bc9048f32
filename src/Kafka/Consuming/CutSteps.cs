using PolyglotSync.Kafka.Cuts;

namespace PolyglotSync.Kafka.Consuming;

/// <summary>
/// Turns the records of <c>PREFIX.__cuts</c>, from the beginning, into the steps that lead on from where a graph stands: to each cut, and at its end from an epoch over to the next. Cuts that were passed
/// already are left out, and where more wait than are of use, every other one is dropped. Not thread-safe; pure: no broker.
/// </summary>
internal sealed class CutSteps(ReadPlace from, Cut reached, string where)
{
    /// <summary>Cuts that wait, at the most: each holds an offset for every partition.</summary>
    private const int MaxWaiting = 512;

    private readonly CutsLog _log = new();
    private readonly LinkedList<CutStep> _waiting = new();
    private long _epoch = from.Epoch;
    private long _change = from.Change;
    private Lsn _watermark = reached.Watermark;

    public bool HasStep => _waiting.Count > 0;

    /// <summary>The newest cut that was told of; null before the first.</summary>
    public CutStep? Newest { get; private set; }

    /// <summary>The epoch that the log has come to; null before the first.</summary>
    public EpochRecord? Epoch => _log.Epoch;

    /// <summary>Columns of all tables, as they came in force one after the other.</summary>
    public IReadOnlyList<RelationRecord> Relations => _log.Relations;

    /// <exception cref="PipelineFailure">Fatal: the log does not lead on from where the graph stands.</exception>
    public void Take(CutsRecord record)
    {
        if (!_log.Take(record)) return;
        if (record is EpochRecord epoch) Enter(epoch);
        else if (record is CutRecord cut) Advance(cut);
    }

    public CutStep Next()
    {
        var step = _waiting.First!.Value;
        _waiting.RemoveFirst();
        return step;
    }

    /// <summary>The first cut that waits so many changes ahead; null where none does, or where another epoch lies between.</summary>
    public CutStep? Ahead(long changes)
    {
        if (_waiting.First is not { Value: { Next: null } first }) return null;
        foreach (var step in _waiting)
        {
            if (step.Next is not null) return null;
            if (step.Change >= first.Change + changes) return step;
        }
        return null;
    }

    private void Enter(EpochRecord epoch)
    {
        // what the graph has passed before this process began
        if (epoch.Epoch <= _epoch) return;
        if (_epoch == 0 && epoch.ResumesEpoch != 0)
            throw KafkaFailuresOf($"it begins with epoch {epoch.Epoch}, which follows on epoch {epoch.ResumesEpoch}: its beginning is lost");
        if (epoch.ResumesEpoch > _epoch || (epoch.ResumesEpoch == _epoch ? epoch.ResumesChange < _change : _change > 0))
            throw KafkaFailuresOf($"epoch {epoch.Epoch} goes on from change {epoch.ResumesChange} of epoch {epoch.ResumesEpoch}, and the graph is at change {_change} of epoch {_epoch}");
        // one that published no cut has brought the graph nothing
        var isResumed = epoch.ResumesEpoch == _epoch;
        var step = new CutStep(_epoch, isResumed ? epoch.ResumesChange : 0, new Cut(epoch.Position, epoch.Watermark), epoch.Copy, 0, isResumed ? epoch.Offsets : new Dictionary<string, long[]>(), epoch);
        _waiting.AddLast(step);
        (_epoch, _change, Newest) = (epoch.Epoch, 0, step);
        _watermark = Lsn.Max(_watermark, epoch.Watermark);
    }

    private void Advance(CutRecord cut)
    {
        if (cut.Epoch != _epoch || cut.Change < _change || (cut.Change == _change && cut.Watermark <= _watermark)) return;
        var step = new CutStep(cut.Epoch, cut.Change, cut.Cut, cut.Copy ?? _log.Epoch!.Copy, cut.CommitTimestamp, cut.Offsets);
        // nothing lies between: only the watermark is news
        if (_waiting.Last is { Value: { Next: null } last } && last.Change == step.Change) _waiting.RemoveLast();
        _waiting.AddLast(step);
        (_change, _watermark, Newest) = (cut.Change, cut.Watermark, step);
        if (_waiting.Count > MaxWaiting) Thin();
    }

    private void Thin()
    {
        var drop = false;
        for (var node = _waiting.First; node != _waiting.Last && node is not null;)
        {
            var next = node.Next;
            if (drop && node.Value.Next is null) _waiting.Remove(node);
            drop = !drop;
            node = next;
        }
    }

    private PipelineFailure KafkaFailuresOf(string what) => Connecting.KafkaFailures.Unfit(where, $"{what}; {Resync.Anew}");
}
