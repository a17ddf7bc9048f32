using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Hosting;

namespace Akka.Cluster.Hosting.SBR;

/// <summary>Who would go on where nodes did not reach one another. This stand-in writes it into the configuration: there is one node.</summary>
public abstract class SplitBrainResolverOption
{
    public abstract string ConfigPath { get; }

    public string? Role { get; set; }

    public abstract void Apply(AkkaConfigurationBuilder builder, Setup? setup = null);

    private protected void Apply(AkkaConfigurationBuilder builder, string? own)
    {
        var settings = string.Join('\n', new[] { Role is null ? null : $"role = {Role.ToHocon()}", own }.Where(line => line is not null));
        builder.AddHocon(ConfigurationFactory.ParseString($"akka.cluster.split-brain-resolver {{\nactive-strategy = {ConfigPath}\n{ConfigPath} {{\n{settings}\n}}\n}}"), HoconAddMode.Prepend);
    }
}

/// <inheritdoc cref="SplitBrainResolverOption"/>
public sealed class KeepMajorityOption : SplitBrainResolverOption
{
    public override string ConfigPath => "keep-majority";

    public override void Apply(AkkaConfigurationBuilder builder, Setup? setup = null) => Apply(builder, own: null);
}

/// <inheritdoc cref="SplitBrainResolverOption"/>
public sealed class KeepOldestOption : SplitBrainResolverOption
{
    public override string ConfigPath => "keep-oldest";

    public bool? DownIfAlone { get; set; }

    public override void Apply(AkkaConfigurationBuilder builder, Setup? setup = null) => Apply(builder, DownIfAlone is { } down ? $"down-if-alone = {down.ToHocon()}" : null);
}

/// <inheritdoc cref="SplitBrainResolverOption"/>
public sealed class StaticQuorumOption : SplitBrainResolverOption
{
    public override string ConfigPath => "static-quorum";

    public int? QuorumSize { get; set; }

    public override void Apply(AkkaConfigurationBuilder builder, Setup? setup = null) => Apply(builder, QuorumSize is { } size ? $"quorum-size = {size.ToHocon()}" : null);
}
