using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Source;

/// <summary>
/// Up to where changes may be in the graph although its position does not say so: a run that was killed while it wrote in several transactions had got that far. A chunk of the first
/// copy that it had written is read again and comes back under a new position, perhaps without a row that is gone since: until the copy is done, everything may be there.
/// Pure: no actor, no clock.
/// </summary>
internal sealed class SeenBefore(TargetState from)
{
    private static readonly Position Everything = Position.EndOf(new Lsn(ulong.MaxValue));

    private readonly bool _wasWriting = from.Intent > from.Position;

    /// <param name="copy">How far the copy is before the changes in question.</param>
    public Position UpTo(CopyState copy) =>
        _wasWriting && (copy.Tables.Count == 0 || copy.Tables.Values.Any(t => t.Phase is CopyPhase.Pending or CopyPhase.Copying)) ? Everything : from.Intent;
}
