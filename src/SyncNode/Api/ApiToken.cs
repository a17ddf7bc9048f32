using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using PolyglotSync.Cli.Api;
using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Api;

/// <summary>What a request has to carry that changes something or sees rows: <c>Authorization: Bearer TOKEN</c>. Never logged, compared in constant time.</summary>
internal sealed class ApiToken
{
    private const string Scheme = "Bearer ";

    private readonly byte[] _hash;

    private ApiToken(string value, bool isGiven)
    {
        (Value, IsGiven) = (value, isGiven);
        _hash = SHA256.HashData(Encoding.UTF8.GetBytes(value));
    }

    public string Value { get; }

    /// <summary>False where it was made at random, so that nobody knows it yet.</summary>
    public bool IsGiven { get; }

    /// <summary>What the environment gives, else one of 256 random bits.</summary>
    /// <exception cref="PipelineFailure">The file that is named holds none, or the token is too short to be one.</exception>
    public static ApiToken Choose(Func<string, string?> environment)
    {
        var given = environment(TokenOption.Variable) is { Length: > 0 } token ? token.Trim()
            : environment(TokenOption.FileVariable) is { Length: > 0 } file ? TokenFile.Read(file) ?? throw TokenOption.Missing(file)
            : null;
        if (given is { Length: < 16 })
            throw new PipelineFailure(FailureClass.Fatal, $"the API's token ({TokenOption.Variable} or {TokenOption.FileVariable}) is shorter than 16 characters") { ExitCode = ExitCode.Usage };
        return given is null ? new ApiToken(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)), isGiven: false) : new ApiToken(given, isGiven: true);
    }

    /// <summary>Lets the request pass, or answers it.</summary>
    public ValueTask<object?> FilterAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var header = context.HttpContext.Request.Headers.Authorization.ToString();
        if (header.Length == 0)
        {
            context.HttpContext.Response.Headers.WWWAuthenticate = "Bearer realm=\"polysync\"";
            return Refuse(401, "this request needs the node's token",
                $"send it as 'Authorization: Bearer TOKEN'; a command of the user who runs the node finds it by itself, others name it with --token-file or {TokenOption.Variable}");
        }
        var isRight = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim())), _hash);
        return isRight ? next(context) : Refuse(403, "the token is not this node's", "a node makes a new one at each start, unless it is given one; was another node there before, or is an old token set in the environment?");
    }

    private static ValueTask<object?> Refuse(int status, string error, string hint) =>
        ValueTask.FromResult<object?>(Results.Json(new ApiError(error, hint), ApiJson.Options, statusCode: status));
}
