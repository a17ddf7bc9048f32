using System.CommandLine;
using System.CommandLine.Parsing;

namespace PolyglotSync.Cli.Api;

/// <summary><c>--api URL</c>: where a node's API listens.</summary>
public static class ApiOption
{
    public const string Default = "http://127.0.0.1:7710";
    public const string Variable = "POLYSYNC_API";

    public static Option<Uri> Create(string description) => new("--api")
    {
        Description = $"{description} (default: {Variable}, else {Default})",
        HelpName = "URL",
        CustomParser = result => Parse(result, result.Tokens[0].Value),
        DefaultValueFactory = result => Parse(result, Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } set ? set : Default),
    };

    private static Uri Parse(ArgumentResult result, string text)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.AbsolutePath == "/") return uri;
        result.AddError($"'{text}' is not an address for the API; it looks like {Default}");
        return new Uri(Default);
    }
}
