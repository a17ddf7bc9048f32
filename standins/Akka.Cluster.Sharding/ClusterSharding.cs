using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>
/// Entities that are created by their first message and found by their id: <c>/system/sharding/&lt;type&gt;/&lt;shard&gt;/&lt;entity&gt;</c>.
/// All shards live on this node, once it is up. Messages are passed by reference.
/// </summary>
public class ClusterSharding : IExtension
{
    private readonly ConcurrentDictionary<string, Lazy<IActorRef>> _regions = new();
    private readonly ExtendedActorSystem _system;
    private readonly Lazy<IActorRef> _guardian;

    public ClusterSharding(ExtendedActorSystem system)
    {
        _system = system;
        Settings = ClusterShardingSettings.Read(system);
        _guardian = new Lazy<IActorRef>(() => system.SystemActorOf(Props.Create(() => new ShardingGuardian()), "sharding"));
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseClusterShardingShutdownRegion, "region-shutdown", ShutdownRegionsAsync);
    }

    public ClusterShardingSettings Settings { get; }

    public ImmutableHashSet<string> ShardTypeNames => [.. _regions.Keys];

    public static ClusterSharding Get(ActorSystem system) => system.WithExtension<ClusterSharding, ClusterShardingExtensionProvider>();

    public IShardAllocationStrategy DefaultShardAllocationStrategy(ClusterShardingSettings settings) => ShardAllocationStrategy.OneNode.Instance;

    /// <exception cref="ArgumentException">The type was not started.</exception>
    public IActorRef ShardRegion(string typeName)
        => _regions.TryGetValue(typeName, out var region) ? region.Value : throw new ArgumentException($"Shard type [{typeName}] must be started first", nameof(typeName));

    public IActorRef Start(string typeName, Props entityProps, ClusterShardingSettings settings, IMessageExtractor messageExtractor)
        => Start(typeName, _ => entityProps, settings, messageExtractor);

    /// <param name="handOffStopMessage">What entities are told when the node shuts down or they are idle.</param>
    public IActorRef Start(string typeName, Props entityProps, ClusterShardingSettings settings, IMessageExtractor messageExtractor, IShardAllocationStrategy allocationStrategy, object handOffStopMessage)
        => Start(typeName, _ => entityProps, settings, messageExtractor, allocationStrategy, handOffStopMessage);

    public IActorRef Start(string typeName, Func<string, Props> entityPropsFactory, ClusterShardingSettings settings, IMessageExtractor messageExtractor)
        => Start(typeName, entityPropsFactory, settings, messageExtractor, DefaultShardAllocationStrategy(settings), PoisonPill.Instance);

    /// <inheritdoc cref="Start(string, Props, ClusterShardingSettings, IMessageExtractor, IShardAllocationStrategy, object)"/>
    public IActorRef Start(string typeName, Func<string, Props> entityPropsFactory, ClusterShardingSettings settings, IMessageExtractor messageExtractor, IShardAllocationStrategy allocationStrategy, object handOffStopMessage)
        => StartAsync(typeName, entityPropsFactory, settings, messageExtractor, allocationStrategy, handOffStopMessage).GetAwaiter().GetResult();

    public Task<IActorRef> StartAsync(string typeName, Props entityProps, ClusterShardingSettings settings, IMessageExtractor messageExtractor)
        => StartAsync(typeName, _ => entityProps, settings, messageExtractor);

    /// <inheritdoc cref="Start(string, Props, ClusterShardingSettings, IMessageExtractor, IShardAllocationStrategy, object)"/>
    public Task<IActorRef> StartAsync(string typeName, Props entityProps, ClusterShardingSettings settings, IMessageExtractor messageExtractor, IShardAllocationStrategy allocationStrategy, object handOffStopMessage)
        => StartAsync(typeName, _ => entityProps, settings, messageExtractor, allocationStrategy, handOffStopMessage);

    public Task<IActorRef> StartAsync(string typeName, Func<string, Props> entityPropsFactory, ClusterShardingSettings settings, IMessageExtractor messageExtractor)
        => StartAsync(typeName, entityPropsFactory, settings, messageExtractor, DefaultShardAllocationStrategy(settings), PoisonPill.Instance);

    /// <inheritdoc cref="Start(string, Props, ClusterShardingSettings, IMessageExtractor, IShardAllocationStrategy, object)"/>
    public async Task<IActorRef> StartAsync(string typeName, Func<string, Props> entityPropsFactory, ClusterShardingSettings settings, IMessageExtractor messageExtractor, IShardAllocationStrategy allocationStrategy, object handOffStopMessage)
    {
        if (_regions.TryGetValue(typeName, out var known))
            return known.Value;
        var props = Props.Create(() => new ShardRegion(typeName, entityPropsFactory, settings, new EnvelopeExtractor(messageExtractor), handOffStopMessage));
        var region = await _guardian.Value.Ask<IActorRef>(new ShardingGuardian.Start(Uri.EscapeDataString(typeName), props), TimeSpan.FromSeconds(10)).ConfigureAwait(false);
        return _regions.GetOrAdd(typeName, new Lazy<IActorRef>(region)).Value;
    }

    private async Task<Done> ShutdownRegionsAsync()
    {
        // The regions give up on entities that do not stop in time, so this waits no longer than they do.
        await Task.WhenAll(_regions.Values.Select(region => region.Value.GracefulStop(Settings.HandOffTimeout + TimeSpan.FromSeconds(5), GracefulShutdown.Instance)))
            .ConfigureAwait(false);
        return Done.Instance;
    }
}

/// <inheritdoc cref="ClusterSharding"/>
public sealed class ClusterShardingExtensionProvider : ExtensionIdProvider<ClusterSharding>
{
    public override ClusterSharding CreateExtension(ExtendedActorSystem system) => new(system);
}
