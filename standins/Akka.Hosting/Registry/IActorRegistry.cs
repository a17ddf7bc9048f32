using Akka.Actor;

namespace Akka.Hosting;

/// <summary>Finds actors by a type that stands for them.</summary>
public interface IReadOnlyActorRegistry : IEnumerable<KeyValuePair<Type, IActorRef>>
{
    /// <exception cref="MissingActorRegistryEntryException">Nothing is registered for the key.</exception>
    IActorRef Get<TKey>();

    /// <summary>Waits until something is registered for the key.</summary>
    Task<IActorRef> GetAsync(Type key, CancellationToken ct = default);

    /// <inheritdoc cref="GetAsync(Type, CancellationToken)"/>
    Task<IActorRef> GetAsync<TKey>(CancellationToken ct = default);

    bool TryGet(Type key, out IActorRef actor);

    bool TryGet<TKey>(out IActorRef actor);
}

/// <summary>Registers actors under a type that stands for them.</summary>
public interface IActorRegistry : IReadOnlyActorRegistry
{
    /// <exception cref="DuplicateActorRegistryException">The key is taken and may not be overwritten.</exception>
    void Register<TKey>(IActorRef actor, bool overwrite = false);

    bool TryRegister(Type key, IActorRef actor, bool overwrite = false);

    bool TryRegister<TKey>(IActorRef actor, bool overwrite = false);
}
