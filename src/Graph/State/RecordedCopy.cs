namespace PolyglotSync.Graph.State;

/// <summary>
/// How far the copy is by what the target is known to hold: what did not move since need not be written again. Known only between a claim or a commit and the next write that
/// moves it, so that one of unknown outcome is followed by one that carries it again.
/// </summary>
internal sealed class RecordedCopy
{
    private volatile CopyState? _known;

    /// <summary>The target holds it.</summary>
    public void Is(CopyState copy) => _known = copy;

    /// <summary>True where a write has to carry it. Then nothing is known until <see cref="Is"/> is called again.</summary>
    public bool Moves(CopyState copy)
    {
        // states are immutable, and the same one is handed on while nothing is copied
        if (ReferenceEquals(_known, copy)) return false;
        _known = null;
        return true;
    }
}
