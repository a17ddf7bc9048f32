using System.CommandLine;
using PolyglotSync.Contracts;

namespace PolyglotSync.Cli.Api;

/// <summary><c>--token-file FILE</c>: where the token of the node's API is.</summary>
public static class TokenOption
{
    public const string Variable = "POLYSYNC_API_TOKEN";
    public const string FileVariable = "POLYSYNC_API_TOKEN_FILE";

    public static Option<string?> Create() => new("--token-file")
    {
        Description = $"file with the API's token (default: {Variable}, {FileVariable}, else what a node of this user left)", HelpName = "FILE",
    };

    /// <summary>The token for a node, null where there is none to be found.</summary>
    /// <param name="file">What the option says.</param>
    /// <exception cref="PipelineFailure">The file that was named holds none.</exception>
    public static string? Find(string? file, Uri api, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        if (string.IsNullOrEmpty(file))
        {
            if (environment(Variable) is { Length: > 0 } token) return token.Trim();
            file = environment(FileVariable);
        }
        if (!string.IsNullOrEmpty(file)) return TokenFile.Read(file) ?? throw Missing(file);
        return TokenFile.For(api, environment) is { } left ? TokenFile.Read(left) : null;
    }

    /// <summary>The failure of a file that holds no token.</summary>
    public static PipelineFailure Missing(string file) =>
        new(FailureClass.Fatal, $"'{file}' holds no token for the API, or cannot be read: it takes one line") { ExitCode = ExitCode.Usage };
}
