namespace PolyglotSync.Graph.Writing;

/// <summary>What a shape gives back, and what it gives back nearly always: so that a set may be sent before its answers are known.</summary>
internal enum ShapeAnswer : byte
{
    Nothing,
    /// <summary><c>found</c>: how many rows were; nearly always all.</summary>
    Found,
    /// <summary><c>found</c>, and <c>moved</c>: the numbers of the rows whose references are others now; nearly always none.</summary>
    FoundAndMoved,
    /// <summary><c>missing</c>: how many rows lack what they refer to; nearly always none.</summary>
    Missing,
    /// <summary>Values that nobody can foresee.</summary>
    Values,
}

/// <summary>What is done for each row <c>r</c> of a batch.</summary>
/// <param name="text">Without the <c>UNWIND</c> before it.</param>
internal sealed class CypherShape(string text, ShapeAnswer answer)
{
    public string Text { get; } = text;

    public ShapeAnswer Answer { get; } = answer;

    /// <summary>The whole statement, its rows a parameter.</summary>
    public string Statement { get; } = $"UNWIND $rows AS r {text}";
}
