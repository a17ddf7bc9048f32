using System.CommandLine;
using PolyglotSync.Cli.Api;

namespace PolyglotSync.Cli.Manifests;

/// <summary>What the commands about manifests share: the node and its token.</summary>
internal sealed class ManifestOptions
{
    public Option<Uri> Api { get; } = ApiOption.Create("address of the node's API");

    public Option<string?> TokenFile { get; } = TokenOption.Create();

    public Argument<string[]> Paths { get; } = new("manifest") { Description = "manifests, or a folder of them", Arity = ArgumentArity.OneOrMore, HelpName = "DIR|FILE" };

    public static Option<string> Output()
    {
        var output = new Option<string>("--output", "-o") { Description = "table or json", DefaultValueFactory = _ => "table", HelpName = "table|json" };
        output.AcceptOnlyFromAmong("table", "json");
        return output;
    }

    public void AddTo(Command command)
    {
        command.Options.Add(Api);
        command.Options.Add(TokenFile);
    }

    public NodeClient Client(ParseResult parsed)
    {
        var api = parsed.GetRequiredValue(Api);
        return new NodeClient(api, token: TokenOption.Find(parsed.GetValue(TokenFile), api, Environment.GetEnvironmentVariable));
    }

    /// <summary>Whether a whole folder is meant: what the node has beside it counts then.</summary>
    public bool IsFolder(ParseResult parsed) => parsed.GetRequiredValue(Paths) is [var only] && Directory.Exists(only);
}
