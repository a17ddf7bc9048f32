using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PolyglotSync.Cli.Api;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Hosting;

namespace PolyglotSync.SyncNode.Api;

/// <summary>
/// What a request has to carry that changes something or sees rows: <c>Authorization: Bearer TOKEN</c>. Never logged, compared in constant time.
/// One that a file gives is rotated by the file: it is read anew for each request that carries a token, so the old one is valid no longer once the file is written.
/// </summary>
internal sealed class ApiToken
{
    private const string Scheme = "Bearer ";

    private const int ShortestLength = 16;

    private readonly string? _file;
    private readonly Lock _lock = new();
    private byte[] _hash;
    private bool _isUnfit;

    private ApiToken(string value, bool isGiven, string? file = null)
    {
        (Value, IsGiven, _file) = (value, isGiven, file);
        _hash = HashOf(value);
    }

    /// <summary>As it was at the start.</summary>
    public string Value { get; }

    /// <summary>False where it was made at random, so that nobody knows it yet.</summary>
    public bool IsGiven { get; }

    /// <summary>What the environment gives, else one of 256 random bits.</summary>
    /// <exception cref="PipelineFailure">The file that is named holds none, or the token is too short to be one.</exception>
    public static ApiToken Choose(Func<string, string?> environment)
    {
        var file = environment(TokenOption.Variable) is { Length: > 0 } ? null : environment(TokenOption.FileVariable) is { Length: > 0 } named ? named : null;
        var given = environment(TokenOption.Variable) is { Length: > 0 } token ? token.Trim() : file is not null ? TokenFile.Read(file) ?? throw TokenOption.Missing(file) : null;
        if (given is { Length: < ShortestLength })
            throw new PipelineFailure(FailureClass.Fatal, $"the API's token ({TokenOption.Variable} or {TokenOption.FileVariable}) is shorter than 16 characters") { ExitCode = ExitCode.Usage };
        return given is null ? new ApiToken(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)), isGiven: false) : new ApiToken(given, isGiven: true, file);
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
            && CryptographicOperations.FixedTimeEquals(HashOf(header[Scheme.Length..].Trim()), Current(context.HttpContext));
        return isRight ? next(context) : Refuse(403, "the token is not this node's", "a node makes a new one at each start, unless it is given one; was another node there before, or is an old token set in the environment?");
    }

    /// <summary>The hash of the token that is valid now: that of the file, where one was given, as it is now. Few requests need a token, and the file is a line.</summary>
    private byte[] Current(HttpContext context)
    {
        if (_file is null) return _hash;
        var log = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger<ApiToken>();
        lock (_lock)
        {
            if (TokenFile.Read(_file) is not { Length: >= ShortestLength } token)
            {
                if (!_isUnfit) NodeLog.TokenUnfit(log, _file);
                _isUnfit = true;
                return _hash;
            }
            _isUnfit = false;
            var hash = HashOf(token);
            if (hash.AsSpan().SequenceEqual(_hash)) return _hash;
            NodeLog.TokenTaken(log, _file);
            return _hash = hash;
        }
    }

    private static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private static ValueTask<object?> Refuse(int status, string error, string hint) =>
        ValueTask.FromResult<object?>(Results.Json(new ApiError(error, hint), ApiJson.Options, statusCode: status));
}
