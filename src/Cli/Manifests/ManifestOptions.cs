using System.CommandLine;
using PolyglotSync.Cli.Api;

namespace PolyglotSync.Cli.Manifests;

/// <summary>What the commands about manifests share: the node, and what is named.</summary>
internal sealed class ManifestOptions
{
    private readonly NodeAccess _node = new(needsToken: true);

    public Argument<string[]> Paths { get; } = new("manifest") { Description = "manifests, or a folder of them", Arity = ArgumentArity.OneOrMore, HelpName = "DIR|FILE" };

    public void AddTo(Command command) => _node.AddTo(command);

    public NodeClient Client(ParseResult parsed) => _node.Client(parsed);

    /// <summary>Whether a whole folder is meant: what the node has beside it counts then.</summary>
    public bool IsFolder(ParseResult parsed) => parsed.GetRequiredValue(Paths) is [var only] && Directory.Exists(only);
}
