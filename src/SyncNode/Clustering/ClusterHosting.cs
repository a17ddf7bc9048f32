using System.Globalization;
using Akka.Cluster.Hosting;
using Akka.Cluster.Hosting.SBR;
using Akka.Hosting;
using Akka.Remote.Hosting;

namespace PolyglotSync.SyncNode.Clustering;

/// <summary>Binds <see cref="ClusterSettings"/> to the actor system.</summary>
internal static class ClusterHosting
{
    /// <summary>What a HOCON file says that is laid over it later counts more.</summary>
    /// <param name="settings">null: the node joins none.</param>
    public static AkkaConfigurationBuilder WithCluster(this AkkaConfigurationBuilder builder, ClusterSettings? settings) => settings is null ? builder : builder
        .WithRemoting(RemoteOf(settings))
        .WithClustering(new ClusterOptions
        {
            Roles = [.. settings.Roles],
            SeedNodes = [.. settings.SeedAddresses],
            SplitBrainResolver = ResolverOf(settings),
        })
        .AddHocon(string.Create(CultureInfo.InvariantCulture, $"akka.cluster.split-brain-resolver.stable-after = {settings.StableAfter.TotalMilliseconds:0}ms"), HoconAddMode.Prepend);

    private static RemoteOptions RemoteOf(ClusterSettings settings)
    {
        var options = new RemoteOptions { HostName = settings.Host, Port = settings.Port, PublicHostName = settings.PublicHost, PublicPort = settings.PublicPort };
        if (settings.Certificate is not { } files) return options;
        options.EnableSsl = true;
        options.Ssl = new SslOptions { X509Certificate = ClusterCertificate.Load(files), SuppressValidation = false };
        return options;
    }

    private static SplitBrainResolverOption ResolverOf(ClusterSettings settings) => settings.SplitBrain switch
    {
        SplitBrain.KeepOldest => new KeepOldestOption { DownIfAlone = true },
        SplitBrain.StaticQuorum => new StaticQuorumOption { QuorumSize = settings.Quorum },
        _ => new KeepMajorityOption(),
    };
}
