using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Api;

/// <summary>Where the API listens, and how it is kept from being overheard.</summary>
/// <param name="Address">Port 0 takes a free one.</param>
/// <param name="Certificate">Null: plain HTTP.</param>
internal sealed record ApiEndpoint(Uri Address, ApiCertificateFiles? Certificate = null, bool IsInsecure = false)
{
    public bool IsTls => Address.Scheme == Uri.UriSchemeHttps;

    /// <exception cref="PipelineFailure">Fatal, <see cref="ExitCode.Usage"/>: TLS without a certificate, a certificate without TLS, or a token that anybody on the network could read.</exception>
    public ApiEndpoint Checked()
    {
        if (IsTls && Certificate is null) throw Wrong($"the API cannot listen on {Text} without a certificate; name one with --api-certificate FILE [--api-key FILE]");
        if (!IsTls && Certificate is not null) throw Wrong($"there is a certificate for the API, and it is to listen on {Text} without TLS; write --api https://…");
        if (!IsTls && !Address.IsLoopback && !IsInsecure)
        {
            throw Wrong($"the API would listen on {Text} in the clear: anybody on the network could read its token and what it shows; write --api https://… with --api-certificate FILE, "
                + "listen on 127.0.0.1 behind a proxy that speaks TLS, or say --api-insecure where the network is your own");
        }
        return this;
    }

    private string Text => Address.GetLeftPart(UriPartial.Authority);

    private static PipelineFailure Wrong(string message) => new(FailureClass.Fatal, message) { ExitCode = ExitCode.Usage };
}
