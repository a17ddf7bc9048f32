namespace PolyglotSync.Graph.Neo4j;

/// <summary>A set's text, and how far the server is with it. May be used by several writers at once: one of them has it planned.</summary>
internal sealed class WholeText(string text, bool isPlanned)
{
    private volatile bool _isPlanned = isPlanned;
    private int _isTaken;

    public string Text => text;

    /// <summary>The server has its plan: sending it takes no longer than its work.</summary>
    public bool IsPlanned => _isPlanned;

    /// <summary>True for the one who is to have it planned.</summary>
    public bool TryTake() => Interlocked.Exchange(ref _isTaken, 1) == 0;

    public void SetPlanned() => _isPlanned = true;

    /// <summary>It could not be planned: somebody else may take it.</summary>
    public void GiveBack() => Volatile.Write(ref _isTaken, 0);
}
