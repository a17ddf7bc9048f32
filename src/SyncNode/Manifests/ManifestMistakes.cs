using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Manifests;

/// <summary>Everything that is wrong with a manifest, collected so that it can be said at once.</summary>
internal sealed class ManifestMistakes(string file)
{
    private readonly List<(Place Place, string Message)> _mistakes = [];

    public bool Any => _mistakes.Count > 0;

    public string Where(Place place) => $"{file}:{place.Line}";

    /// <param name="hint">What to do; follows the message after a semicolon.</param>
    public void Add(Place place, string message, string? hint = null) => _mistakes.Add((place, hint is null ? message : $"{message}; {hint}"));

    /// <summary>One line a mistake, <c>file:line:column: message; hint</c>, in the file's order.</summary>
    public IReadOnlyList<string> Lines =>
        [.. _mistakes.OrderBy(m => m.Place.Line).ThenBy(m => m.Place.Column).Select(m => $"{file}:{m.Place.Line}:{m.Place.Column}: {m.Message}").Distinct()];

    public PipelineFailure ToFailure() => FailureOf(Lines);

    /// <summary>The mistakes of one manifest, or of several.</summary>
    public static PipelineFailure FailureOf(IReadOnlyList<string> lines, string what = "the manifest has")
    {
        var count = lines.Count == 1 ? "a mistake" : $"{lines.Count} mistakes";
        return new PipelineFailure(FailureClass.Fatal, $"{what} {count}:\n{string.Join('\n', lines)}") { ExitCode = ExitCode.InvalidManifest };
    }
}
