using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Sharding;

/// <summary>Hands messages to the shards of one entity type. Until the node is up it keeps them.</summary>
public sealed class ShardRegion : ActorBase, IWithTimers
{
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Queue<(object Message, IActorRef Sender)> _waiting = new();
    private readonly Dictionary<string, IActorRef> _shards = [];
    private readonly string _typeName;
    private readonly Func<string, Props> _entityProps;
    private readonly ClusterShardingSettings _settings;
    private readonly EnvelopeExtractor _extractor;
    private readonly object _handOffStopMessage;
    private bool _up;
    private bool _stopping;

    internal ShardRegion(string typeName, Func<string, Props> entityProps, ClusterShardingSettings settings, EnvelopeExtractor extractor, object handOffStopMessage)
        => (_typeName, _entityProps, _settings, _extractor, _handOffStopMessage) = (typeName, entityProps, settings, extractor, handOffStopMessage);

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        var self = Self;
        Cluster.Get(Context.System).RegisterOnMemberUp(() => self.Tell(NodeUp.Instance));
    }

    protected override void PostStop() => _waiting.Clear();

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case NodeUp:
                OnUp();
                break;
            case Terminated ended:
                OnShardEnded(ended.ActorRef);
                break;
            case GracefulShutdown:
                OnShutdown();
                break;
            case GetShardRegionState:
                Tell<CurrentShardRegionState>(states => new CurrentShardRegionState(states, ImmutableHashSet<string>.Empty));
                break;
            case GetShardRegionStats:
                Tell<ShardRegionStats>(states => new ShardRegionStats(states.ToImmutableDictionary(s => s.ShardId, s => s.EntityIds.Count), ImmutableHashSet<string>.Empty));
                break;
            case IShardRegionCommand or IShardRegionQuery:
                return false;
            default:
                Deliver(message, Sender);
                break;
        }
        return true;
    }

    private void OnUp()
    {
        _up = true;
        while (_waiting.TryDequeue(out var next))
            Deliver(next.Message, next.Sender);
    }

    private void Deliver(object message, IActorRef sender)
    {
        if (_extractor.EntityId(message) is not { Length: > 0 } entityId)
        {
            _log.Warning("{0}: Message does not have an extractor defined in shard so it was ignored: {1}", _typeName, message);
            Context.System.DeadLetters.Tell(message, sender);
        }
        else if (_stopping)
            Context.System.DeadLetters.Tell(message, sender);
        else if (_up)
            Shard(_extractor.ShardId(entityId, message)).Tell(new Shard.Deliver(entityId, _extractor.EntityMessage(message)!), sender);
        else if (_waiting.Count < _settings.BufferSize)
            _waiting.Enqueue((message, sender));
        else
        {
            _log.Warning("{0}: Buffer of {1} messages is full, dropping message for entity [{2}]", _typeName, _settings.BufferSize, entityId);
            Context.System.DeadLetters.Tell(message, sender);
        }
    }

    private IActorRef Shard(string id)
    {
        if (_shards.TryGetValue(id, out var shard))
            return shard;
        var props = Props.Create(() => new Shard(_typeName, id, _entityProps, _settings, _handOffStopMessage));
        return _shards[id] = Context.Watch(Context.ActorOf(props, Uri.EscapeDataString(id)));
    }

    private void OnShutdown()
    {
        _stopping = true;
        foreach (var shard in _shards.Values)
            shard.Tell(GracefulShutdown.Instance);
        if (_shards.Count == 0)
            Context.Stop(Self);
    }

    private void OnShardEnded(IActorRef ended)
    {
        foreach (var (id, _) in _shards.Where(shard => shard.Value.Equals(ended)).ToList())
            _shards.Remove(id);
        if (_stopping && _shards.Count == 0)
            Context.Stop(Self);
    }

    private void Tell<T>(Func<ImmutableHashSet<ShardState>, T> answer)
    {
        var asked = _shards.Values.Select(shard => shard.Ask<ShardState>(GetShardRegionState.Instance, _settings.ShardRegionQueryTimeout)).ToList();
        Gather().PipeTo(Sender, Self);

        async Task<T> Gather() => answer([.. await Task.WhenAll(asked).ConfigureAwait(false)]);
    }

    private sealed class NodeUp
    {
        public static readonly NodeUp Instance = new();
    }

    /// <summary>Starts an entity without a message for it.</summary>
    public sealed class StartEntity : IClusterShardingSerializable, IEquatable<StartEntity>
    {
        public readonly string EntityId;

        public StartEntity(string entityId) => EntityId = entityId;

        public bool Equals(StartEntity? other) => other != null && other.EntityId == EntityId;

        public override bool Equals(object? obj) => Equals(obj as StartEntity);

        public override int GetHashCode() => EntityId.GetHashCode(StringComparison.Ordinal);

        public override string ToString() => $"StartEntity({EntityId})";
    }
}
