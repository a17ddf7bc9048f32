using Akka.Configuration;
using Akka.Hosting;

namespace PolyglotSync.SyncNode.Pbm;

/// <summary>Lets <c>pbm</c>, Petabridge.Cmd's client, look into a node, where the real package is and the HOCON says <c>polysync.pbm = on</c>.</summary>
internal static partial class PbmHosting
{
    public static AkkaConfigurationBuilder WithPbm(this AkkaConfigurationBuilder builder, Config hocon, IServiceProvider services)
    {
        if (hocon.GetBoolean("polysync.pbm", false)) Register(builder, hocon, services);
        return builder;
    }

    /// <summary>Of the folder <c>Host</c>; nothing where the package is not.</summary>
    static partial void Register(AkkaConfigurationBuilder builder, Config hocon, IServiceProvider services);
}
