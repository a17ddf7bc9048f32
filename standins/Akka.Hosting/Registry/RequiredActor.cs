using Akka.Actor;

namespace Akka.Hosting;

/// <summary>Injects the actor that is registered under a type.</summary>
public interface IRequiredActor<TActor>
{
    /// <summary>The actor; throws when it is not registered yet.</summary>
    IActorRef ActorRef { get; }

    /// <summary>The actor, once it is registered.</summary>
    Task<IActorRef> GetAsync(CancellationToken cancellationToken = default);
}

/// <inheritdoc/>
public sealed class RequiredActor<TActor> : IRequiredActor<TActor>
{
    private readonly IReadOnlyActorRegistry _registry;
    private IActorRef? _actor;

    public RequiredActor(IReadOnlyActorRegistry registry) => _registry = registry;

    public IActorRef ActorRef => _actor ??= _registry.Get<TActor>();

    public async Task<IActorRef> GetAsync(CancellationToken cancellationToken = default)
        => _actor ??= await _registry.GetAsync<TActor>(cancellationToken).ConfigureAwait(false);
}
