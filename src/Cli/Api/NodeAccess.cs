using System.CommandLine;
using PolyglotSync.Contracts;

namespace PolyglotSync.Cli.Api;

/// <summary>What every command shares that asks a node: where it is, whom to trust, and what to prove oneself with where that is needed.</summary>
/// <param name="needsToken">Whether the command changes something, or sees rows.</param>
internal sealed class NodeAccess(bool needsToken)
{
    private readonly Option<Uri> _api = ApiOption.Create("address of the node's API");

    private readonly Option<string?> _ca = CaOption.Create();

    private readonly Option<string?> _token = TokenOption.Create();

    public void AddTo(Command command)
    {
        command.Options.Add(_api);
        if (needsToken) command.Options.Add(_token);
        command.Options.Add(_ca);
    }

    /// <exception cref="PipelineFailure">A file that was named holds no token, or no certificate.</exception>
    public NodeClient Client(ParseResult parsed)
    {
        var api = parsed.GetRequiredValue(_api);
        return CaOption.Client(api, parsed.GetValue(_ca), needsToken ? TokenOption.Find(parsed.GetValue(_token), api, Environment.GetEnvironmentVariable) : null);
    }
}
