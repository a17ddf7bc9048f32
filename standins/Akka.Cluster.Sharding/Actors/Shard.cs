using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Sharding;

/// <summary>The parent of some entities: starts them on demand, passivates them, and keeps what comes for one that is stopping.</summary>
internal sealed class Shard : ActorBase, IWithTimers
{
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<string, Entity> _entities = [];
    private readonly Dictionary<IActorRef, Entity> _byRef = [];
    private readonly string _typeName;
    private readonly string _id;
    private readonly Func<string, Props> _entityProps;
    private readonly ClusterShardingSettings _settings;
    private readonly object _handOffStopMessage;
    private int _buffered;
    private bool _stopping;

    public Shard(string typeName, string id, Func<string, Props> entityProps, ClusterShardingSettings settings, object handOffStopMessage)
        => (_typeName, _id, _entityProps, _settings, _handOffStopMessage) = (typeName, id, entityProps, settings, handOffStopMessage);

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        if (_settings.ShouldPassivateIdleEntities)
            Timers.StartPeriodicTimer("idle", LookForIdle.Instance, _settings.PassivateIdleEntityAfter / 2);
    }

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case Deliver deliver:
                OnDeliver(deliver);
                break;
            case Passivate passivate:
                OnPassivate(Sender, passivate.StopMessage);
                break;
            case Terminated ended:
                OnEnded(ended.ActorRef);
                break;
            case LookForIdle:
                PassivateIdle();
                break;
            case RestartEntity restart:
                if (!_stopping)
                    Get(restart.EntityId);
                break;
            case GetShardRegionState:
                Sender.Tell(new ShardState(_id, _byRef.Values.Select(entity => entity.Id).ToImmutableHashSet()));
                break;
            case GracefulShutdown:
                OnShutdown();
                break;
            case HandOffTimedOut:
                _log.Warning("{0}: Shard [{1}] stops, though {2} entities did not stop within {3}", _typeName, _id, _byRef.Count, _settings.HandOffTimeout);
                Context.Stop(Self);
                break;
            default:
                return false;
        }
        return true;
    }

    private void OnDeliver(Deliver deliver)
    {
        if (_stopping)
        {
            Context.System.DeadLetters.Tell(deliver.Message, Sender);
            return;
        }
        var entity = Get(deliver.EntityId);
        if (deliver.Message is ShardRegion.StartEntity)
            return;
        entity.Touched = Environment.TickCount64;
        if (!entity.Passivating)
            entity.Ref!.Tell(deliver.Message, Sender);
        else if (_buffered < _settings.BufferSize)
        {
            entity.Buffer.Enqueue((deliver.Message, Sender));
            _buffered++;
        }
        else
            Context.System.DeadLetters.Tell(deliver.Message, Sender);
    }

    private Entity Get(string id)
    {
        if (!_entities.TryGetValue(id, out var entity))
            _entities[id] = entity = new Entity(id);
        if (entity.Ref == null)
        {
            entity.Ref = Context.Watch(Context.ActorOf(_entityProps(id), Uri.EscapeDataString(id)));
            entity.Touched = Environment.TickCount64;
            _byRef[entity.Ref] = entity;
        }
        return entity;
    }

    private void OnPassivate(IActorRef child, object stopMessage)
    {
        if (!_byRef.TryGetValue(child, out var entity) || entity.Passivating)
            return;
        entity.Passivating = true;
        child.Tell(stopMessage);
    }

    private void OnEnded(IActorRef child)
    {
        if (!_byRef.Remove(child, out var entity))
            return;
        var asked = entity.Passivating;
        (entity.Ref, entity.Passivating) = (null, false);
        if (_stopping)
            StopWhenEmpty();
        else if (entity.Buffer.Count > 0)
        {
            while (entity.Buffer.TryDequeue(out var next))
            {
                _buffered--;
                Get(entity.Id).Ref!.Tell(next.Message, next.Sender);
            }
        }
        else if (asked || !_settings.RememberEntities)
            _entities.Remove(entity.Id);
        else
            Timers.StartSingleTimer(("restart", entity.Id), new RestartEntity(entity.Id), _settings.EntityRestartBackoff);
    }

    private void PassivateIdle()
    {
        var deadline = Environment.TickCount64 - (long)_settings.PassivateIdleEntityAfter.TotalMilliseconds;
        foreach (var entity in _byRef.Values.Where(entity => entity.Touched < deadline).ToList())
            OnPassivate(entity.Ref!, _handOffStopMessage);
    }

    private void OnShutdown()
    {
        _stopping = true;
        foreach (var child in _byRef.Keys)
            child.Tell(_handOffStopMessage);
        Timers.StartSingleTimer("hand-off", HandOffTimedOut.Instance, _settings.HandOffTimeout);
        StopWhenEmpty();
    }

    private void StopWhenEmpty()
    {
        if (_byRef.Count == 0)
            Context.Stop(Self);
    }

    /// <summary>A message for an entity of this shard.</summary>
    internal sealed record Deliver(string EntityId, object Message);

    private sealed record RestartEntity(string EntityId);

    private sealed class LookForIdle
    {
        public static readonly LookForIdle Instance = new();
    }

    private sealed class HandOffTimedOut
    {
        public static readonly HandOffTimedOut Instance = new();
    }

    private sealed class Entity(string id)
    {
        public string Id => id;

        public IActorRef? Ref { get; set; }

        /// <summary>It was told to stop on its own request or for idleness.</summary>
        public bool Passivating { get; set; }

        /// <summary>Milliseconds of the process's clock at the last message.</summary>
        public long Touched { get; set; }

        public Queue<(object Message, IActorRef Sender)> Buffer { get; } = new();
    }
}
