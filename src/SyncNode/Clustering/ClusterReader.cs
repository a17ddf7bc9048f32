using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using PolyglotSync.Cli.Api;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Api;

namespace PolyglotSync.SyncNode.Clustering;

/// <summary>Reads <see cref="ClusterSettings"/> from options and, for what they do not say, the environment; all mistakes are said at once.</summary>
/// <param name="options">What was said on the command line, by the names of <see cref="ClusterKeys"/>; null: nothing.</param>
internal sealed partial class ClusterReader(Func<string, string?> options, Func<string, string?> environment)
{
    public const int DefaultPort = 4053;

    private readonly List<string> _mistakes = [];

    [GeneratedRegex("^[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$")]
    private static partial Regex HostName();

    [GeneratedRegex("^[a-z][a-z0-9-]{0,62}$")]
    private static partial Regex RoleName();

    [GeneratedRegex("^([0-9]{1,6})(ms|s|m)$")]
    private static partial Regex Duration();

    /// <exception cref="PipelineFailure">Fatal, <see cref="ExitCode.Usage"/>: every mistake.</exception>
    public ClusterSettings Read()
    {
        var host = Host(ClusterKeys.Host) ?? "127.0.0.1";
        var port = Number(ClusterKeys.Port, 1, 65_535) ?? DefaultPort;
        var (publicHost, publicPort) = (Host(ClusterKeys.PublicHost), Number(ClusterKeys.PublicPort, 1, 65_535));
        var seeds = Seeds();
        var roles = Roles();
        var members = Number(ClusterKeys.MinimumMembers, 1, 1000) ?? 1;
        var (splitBrain, quorum) = (Strategy(), Number(ClusterKeys.Quorum, 1, 1000));
        var stable = StableAfter();
        var certificate = Certificate();
        if (IPAddress.TryParse(host, out var any) && (any.Equals(IPAddress.Any) || any.Equals(IPAddress.IPv6Any)) && publicHost is null)
            Add(ClusterKeys.Host, $"others cannot reach a node at {host}", $"name its own address with {ClusterKeys.PublicHost.Option}");
        if (certificate is null && !IsLoopback(host) && !IsSaid(ClusterKeys.Insecure))
        {
            Add(ClusterKeys.Host, $"the node would talk to the others in the clear on {host}: who reaches its port could read, and join",
                $"name a certificate with {ClusterKeys.Certificate.Option}, or say {ClusterKeys.Insecure.Option} where the network is your own; either way let nobody but the nodes reach the port");
        }
        if (splitBrain == SplitBrain.StaticQuorum && quorum is null) Add(ClusterKeys.SplitBrain, "static-quorum needs a number of nodes", $"say {ClusterKeys.Quorum.Option} N, more than half of all");
        if (splitBrain != SplitBrain.StaticQuorum && quorum is not null) Add(ClusterKeys.Quorum, "only static-quorum has a quorum", $"say {ClusterKeys.SplitBrain.Option} static-quorum, or leave it out");
        var settings = new ClusterSettings(host, port, publicHost, publicPort, seeds, roles, members, splitBrain, quorum, stable, certificate);
        return _mistakes.Count == 0 ? settings
            : throw new PipelineFailure(FailureClass.Fatal, $"the cluster's settings have {(_mistakes.Count == 1 ? "a mistake" : $"{_mistakes.Count} mistakes")}:\n{string.Join('\n', _mistakes)}") { ExitCode = ExitCode.Usage };
    }

    private string? Host(ClusterKey key)
    {
        if (Said(key) is not { } said) return null;
        if (IPAddress.TryParse(said, out _) || HostName().IsMatch(said)) return said;
        Add(key, $"'{said}' is not a host", "it looks like 10.0.0.7 or node-1.internal; the port has an option of its own");
        return null;
    }

    private int? Number(ClusterKey key, int min, int max)
    {
        if (Said(key) is not { } said) return null;
        if (int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max) return number;
        Add(key, $"'{said}' is not a number from {min} to {max}");
        return null;
    }

    private List<ClusterSeed> Seeds()
    {
        var seeds = new List<ClusterSeed>();
        foreach (var said in List(ClusterKeys.Seeds))
        {
            var colon = said.LastIndexOf(':');
            var (host, port) = colon < 0 ? (said, DefaultPort) : (said[..colon], int.TryParse(said.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var read) ? read : 0);
            if (port is > 0 and <= 65_535 && (IPAddress.TryParse(host, out _) || HostName().IsMatch(host))) seeds.Add(new ClusterSeed(host, port));
            else Add(ClusterKeys.Seeds, $"'{said}' is not HOST:PORT", "it names another node's public address, as in node-1.internal:4053");
        }
        return seeds;
    }

    private List<string> Roles()
    {
        var roles = List(ClusterKeys.Roles).ToList();
        foreach (var role in roles.Where(r => !RoleName().IsMatch(r))) Add(ClusterKeys.Roles, $"'{role}' cannot be a role", "it takes lower-case letters, digits and '-', a letter first");
        return roles;
    }

    private SplitBrain Strategy()
    {
        switch (Said(ClusterKeys.SplitBrain))
        {
            case null or "keep-majority": return SplitBrain.KeepMajority;
            case "keep-oldest": return SplitBrain.KeepOldest;
            case "static-quorum": return SplitBrain.StaticQuorum;
            case var other:
                Add(ClusterKeys.SplitBrain, $"there is no strategy '{other}'", "say keep-majority, keep-oldest or static-quorum");
                return SplitBrain.KeepMajority;
        }
    }

    private TimeSpan StableAfter()
    {
        if (Said(ClusterKeys.StableAfter) is not { } said) return TimeSpan.FromSeconds(10);
        if (Duration().Match(said) is { Success: true } match)
        {
            var number = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            var time = match.Groups[2].Value switch { "ms" => TimeSpan.FromMilliseconds(number), "s" => TimeSpan.FromSeconds(number), _ => TimeSpan.FromMinutes(number) };
            if (time >= TimeSpan.FromSeconds(1) && time <= TimeSpan.FromMinutes(10)) return time;
        }
        Add(ClusterKeys.StableAfter, $"'{said}' is not a time from 1s to 10m", "it looks like 10s; the same on every node");
        return TimeSpan.FromSeconds(10);
    }

    private ApiCertificateFiles? Certificate()
    {
        if (Said(ClusterKeys.Certificate) is not { } file)
        {
            if (Said(ClusterKeys.Key) is not null) Add(ClusterKeys.Key, "a key without a certificate", $"name it with {ClusterKeys.Certificate.Option}");
            return null;
        }
        var password = environment(ClusterKeys.PasswordVariable) is { Length: > 0 } said ? said : null;
        if (password is null && environment($"{ClusterKeys.PasswordVariable}_FILE") is { Length: > 0 } passwordFile && (password = TokenFile.Read(passwordFile)) is null)
            _mistakes.Add($"{ClusterKeys.PasswordVariable}_FILE: '{passwordFile}' holds no password, or cannot be read");
        var files = new ApiCertificateFiles(file, Said(ClusterKeys.Key), password);
        if (ClusterCertificate.WhatIsWrong(files) is { } wrong) Add(ClusterKeys.Certificate, $"{files} cannot be used: {wrong}", "it takes PEM (and its key) or a PFX");
        return files;
    }

    private static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private bool IsSaid(ClusterKey key) => Said(key) is "true" or "1";

    private string? Said(ClusterKey key) => options(key.Name) is { Length: > 0 } option ? option : environment(key.Variable) is { Length: > 0 } set ? set : null;

    private IEnumerable<string> List(ClusterKey key) => (Said(key) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private void Add(ClusterKey key, string message, string? hint = null) =>
        _mistakes.Add($"{(options(key.Name) is { Length: > 0 } ? key.Option : environment(key.Variable) is { Length: > 0 } ? key.Variable : key.Option)}: {message}{(hint is null ? "" : $"; {hint}")}");
}
