using System.Text;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using Akka.DependencyInjection;
using Akka.Hosting;

namespace Akka.Cluster.Hosting;

/// <summary>Clustering and sharding in a host.</summary>
public static class AkkaClusterHostingExtensions
{
    public static AkkaConfigurationBuilder WithClustering(this AkkaConfigurationBuilder builder, ClusterOptions? options = null)
    {
        var hocon = new StringBuilder("akka.cluster {\n");
        if (options?.Roles is { } roles)
            hocon.Append($"roles = [{string.Join(", ", roles.Select(role => role.ToHocon()))}]\n");
        if (options?.SeedNodes is { } seeds)
            hocon.Append($"seed-nodes = [{string.Join(", ", seeds.Select(seed => $"\"{seed}\""))}]\n");
        if (options?.MinimumNumberOfMembers is { } members)
            hocon.Append($"min-nr-of-members = {members.ToHocon()}\n");
        if (options?.LogInfo is { } log)
            hocon.Append($"log-info = {log.ToHocon()}\n");
        options?.SplitBrainResolver?.Apply(builder);
        return builder
            .AddHocon(ConfigurationFactory.ParseString(hocon.Append('}').ToString()), HoconAddMode.Prepend)
            .WithExtension<ClusterExtension>();
    }

    public static AkkaConfigurationBuilder WithShardRegion<TKey>(this AkkaConfigurationBuilder builder, string typeName, Func<string, Props> entityPropsFactory, IMessageExtractor messageExtractor, ShardOptions shardOptions)
        => builder.WithShardRegion<TKey>(typeName, (_, _, _) => entityPropsFactory, messageExtractor, shardOptions);

    public static AkkaConfigurationBuilder WithShardRegion<TKey>(this AkkaConfigurationBuilder builder, string typeName, Func<ActorSystem, IActorRegistry, Func<string, Props>> entityPropsFactory, IMessageExtractor messageExtractor, ShardOptions shardOptions)
        => builder.WithShardRegion<TKey>(typeName, (system, registry, _) => entityPropsFactory(system, registry), messageExtractor, shardOptions);

    /// <summary>Starts a region with the host and registers it under the key.</summary>
    public static AkkaConfigurationBuilder WithShardRegion<TKey>(this AkkaConfigurationBuilder builder, string typeName, Func<ActorSystem, IActorRegistry, IDependencyResolver, Func<string, Props>> entityPropsFactory, IMessageExtractor messageExtractor, ShardOptions shardOptions)
        => builder.WithActors(async (system, registry, resolver) =>
        {
            var sharding = ClusterSharding.Get(system);
            var settings = shardOptions.Apply(ClusterShardingSettings.Create(system));
            var region = await sharding.StartAsync(
                typeName,
                entityPropsFactory(system, registry, resolver),
                settings,
                messageExtractor,
                sharding.DefaultShardAllocationStrategy(settings),
                shardOptions.HandOffStopMessage ?? PoisonPill.Instance).ConfigureAwait(false);
            registry.Register<TKey>(region);
        });
}
