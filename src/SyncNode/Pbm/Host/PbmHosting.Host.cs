using Akka.Configuration;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Petabridge.Cmd.Cluster;
using Petabridge.Cmd.Cluster.Sharding;
using Petabridge.Cmd.Host;
using Petabridge.Cmd.Remote;
using PolyglotSync.SyncNode.Api;

namespace PolyglotSync.SyncNode.Pbm;

/// <summary>Address and port come from <c>petabridge.cmd</c> of the HOCON files.</summary>
internal static partial class PbmHosting
{
    static partial void Register(AkkaConfigurationBuilder builder, Config hocon, IServiceProvider services) => builder.AddPetabridgeCmd(cmd =>
    {
        cmd.RegisterCommandPalette(new PolysyncPaletteHandler(new PolysyncPalette(services.GetRequiredService<IPipelines>())));
        if (hocon.GetString("akka.actor.provider", "local") != "cluster") return;
        cmd.RegisterCommandPalette(ClusterCommands.Instance);
        cmd.RegisterCommandPalette(ClusterShardingCommands.Instance);
        cmd.RegisterCommandPalette(new RemoteCommands());
    });
}
