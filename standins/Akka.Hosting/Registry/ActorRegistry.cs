using System.Collections;
using System.Collections.Concurrent;
using Akka.Actor;

namespace Akka.Hosting;

/// <inheritdoc cref="IActorRegistry"/>
public class ActorRegistry : IExtension, IActorRegistry
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<Type, IActorRef> _actors = new();
    private readonly Dictionary<Type, TaskCompletionSource<IActorRef>> _awaited = [];

    public IActorRef Get<TKey>()
        => TryGet<TKey>(out var actor) ? actor : throw new MissingActorRegistryEntryException($"No actor registered for key {typeof(TKey)}");

    public Task<IActorRef> GetAsync(Type key, CancellationToken ct = default)
    {
        lock (_gate)
        {
            if (_actors.TryGetValue(key, out var actor))
                return Task.FromResult(actor);
            if (!_awaited.TryGetValue(key, out var awaited))
                _awaited[key] = awaited = new TaskCompletionSource<IActorRef>(TaskCreationOptions.RunContinuationsAsynchronously);
            return awaited.Task.WaitAsync(ct);
        }
    }

    public Task<IActorRef> GetAsync<TKey>(CancellationToken ct = default) => GetAsync(typeof(TKey), ct);

    public IEnumerator<KeyValuePair<Type, IActorRef>> GetEnumerator() => _actors.GetEnumerator();

    public void Register<TKey>(IActorRef actor, bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (!TryRegister<TKey>(actor, overwrite))
            throw new DuplicateActorRegistryException($"An actor for key {typeof(TKey)} is registered already; overwrite it, or choose another key.");
    }

    public bool TryGet(Type key, out IActorRef actor)
    {
        if (_actors.TryGetValue(key, out var found))
        {
            actor = found;
            return true;
        }
        actor = ActorRefs.Nobody;
        return false;
    }

    public bool TryGet<TKey>(out IActorRef actor) => TryGet(typeof(TKey), out actor);

    public bool TryRegister(Type key, IActorRef actor, bool overwrite = false)
    {
        if (actor == null)
            return false;
        lock (_gate)
        {
            if (overwrite)
                _actors[key] = actor;
            else if (!_actors.TryAdd(key, actor))
                return false;
            if (_awaited.Remove(key, out var awaited))
                awaited.SetResult(actor);
        }
        return true;
    }

    public bool TryRegister<TKey>(IActorRef actor, bool overwrite = false) => TryRegister(typeof(TKey), actor, overwrite);

    public static ActorRegistry For(ActorSystem actorSystem) => actorSystem.WithExtension<ActorRegistry, ActorRegistryExtension>();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <inheritdoc cref="ActorRegistry"/>
public sealed class ActorRegistryExtension : ExtensionIdProvider<ActorRegistry>
{
    public override ActorRegistry CreateExtension(ExtendedActorSystem system) => new();
}
