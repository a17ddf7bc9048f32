using System.Text.RegularExpressions;

namespace PolyglotSync.SyncNode.Manifests;

/// <summary>What may name a pipeline: it becomes part of a slot's, a publication's and an actor's name.</summary>
internal static partial class PipelineName
{
    public const string Rule = "use 1 to 40 letters, digits, '-' and '_', a letter or digit first";

    public const string Expression = "^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$";

    public static bool IsValid(string name) => Pattern().IsMatch(name);

    [GeneratedRegex(Expression)]
    private static partial Regex Pattern();
}
