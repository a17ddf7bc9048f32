using System.CommandLine;
using PolyglotSync.Cli.Api;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Api;

namespace PolyglotSync.SyncNode.Run;

/// <summary>Where a node's API listens, with what certificate.</summary>
internal sealed class ApiArguments
{
    public const string CertificateVariable = "POLYSYNC_API_CERTIFICATE";
    public const string KeyVariable = "POLYSYNC_API_KEY";
    public const string PasswordVariable = "POLYSYNC_API_CERTIFICATE_PASSWORD";
    public const string InsecureVariable = "POLYSYNC_API_INSECURE";

    private readonly Option<Uri> _api = ApiOption.Create("where the API listens; port 0 takes a free one; http on an address that others reach is refused");

    private readonly Option<string?> _certificate = new("--api-certificate")
    {
        Description = $"certificate of the API for https, PEM or PFX; read anew when it changes (default: {CertificateVariable})", HelpName = "FILE",
    };

    private readonly Option<string?> _key = new("--api-key") { Description = $"its key, PEM, where it is in a file of its own (default: {KeyVariable})", HelpName = "FILE" };

    private readonly Option<bool> _insecure = new("--api-insecure")
    {
        Description = $"listen in the clear on an address that others reach (default: {InsecureVariable}=true)",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_api);
        command.Options.Add(_certificate);
        command.Options.Add(_key);
        command.Options.Add(_insecure);
    }

    /// <exception cref="PipelineFailure">What does not fit together; exit code <see cref="ExitCode.Usage"/>.</exception>
    public ApiEndpoint Read(ParseResult parsed, Func<string, string?> environment)
    {
        var address = parsed.GetRequiredValue(_api);
        var certificate = Said(parsed.GetValue(_certificate), CertificateVariable, environment);
        var isInsecure = parsed.GetValue(_insecure) || environment(InsecureVariable) is "true" or "1";
        // what the environment says for all nodes of a machine is no mistake of one that listens in the clear
        if (address.Scheme != Uri.UriSchemeHttps && string.IsNullOrEmpty(parsed.GetValue(_certificate))) certificate = null;
        return new ApiEndpoint(address, certificate is null ? null
            : new ApiCertificateFiles(certificate, Said(parsed.GetValue(_key), KeyVariable, environment), Password(environment)), isInsecure).Checked();
    }

    private static string? Said(string? option, string variable, Func<string, string?> environment) =>
        !string.IsNullOrEmpty(option) ? option : environment(variable) is { Length: > 0 } set ? set : null;

    private static string? Password(Func<string, string?> environment)
    {
        if (environment(PasswordVariable) is { Length: > 0 } password) return password;
        if (environment($"{PasswordVariable}_FILE") is not { Length: > 0 } file) return null;
        return TokenFile.Read(file) ?? throw new PipelineFailure(FailureClass.Fatal, $"'{file}' ({PasswordVariable}_FILE) holds no password, or cannot be read") { ExitCode = ExitCode.Usage };
    }
}
