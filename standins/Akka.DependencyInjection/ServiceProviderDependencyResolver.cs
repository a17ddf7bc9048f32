using Akka.Actor;
using Microsoft.Extensions.DependencyInjection;

namespace Akka.DependencyInjection;

/// <summary>Makes actors from a service provider.</summary>
public class ServiceProviderDependencyResolver : IDependencyResolver
{
    public ServiceProviderDependencyResolver(IServiceProvider serviceProvider) => ServiceProvider = serviceProvider;

    public IServiceProvider ServiceProvider { get; }

    public IResolverScope CreateScope() => new ServiceProviderScope(ServiceProvider.CreateScope());

    public object GetService(Type type) => ServiceProvider.GetService(type);

    public T GetService<T>() => ServiceProvider.GetService<T>();

    public Props Props(Type type) => Props(type, []);

    public Props Props(Type type, params object[] args)
        => typeof(ActorBase).IsAssignableFrom(type)
            ? Akka.Actor.Props.CreateBy(new Producer(ServiceProvider, type, args))
            : throw new ArgumentException($"{type} is not an actor.", nameof(type));

    public Props Props<T>(params object[] args)
        where T : ActorBase => Props(typeof(T), args);

    private sealed class Producer(IServiceProvider services, Type type, object[] args) : IIndirectActorProducer
    {
        public Type ActorType => type;

        public ActorBase Produce() => (ActorBase)ActivatorUtilities.CreateInstance(services, type, args);

        public void Release(ActorBase actor) => (actor as IDisposable)?.Dispose();
    }
}

/// <inheritdoc/>
public class ServiceProviderScope : IResolverScope
{
    private readonly IServiceScope _scope;

    public ServiceProviderScope(IServiceScope scope) => (_scope, Resolver) = (scope, new ServiceProviderDependencyResolver(scope.ServiceProvider));

    public IDependencyResolver Resolver { get; }

    public void Dispose() => _scope.Dispose();
}
