using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.DependencyInjection;
using Akka.Hosting.Logging;
using Akka.Serialization;
using Akka.Util;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Akka.Hosting;

/// <summary>Collects what an actor system of a host is to be made of. Configuration added later as prepended wins.</summary>
public sealed class AkkaConfigurationBuilder
{
    private readonly List<ActorStarter> _starters = [];
    private readonly List<StartupTask> _startups = [];
    private readonly List<Type> _extensions = [];
    private readonly List<SerializerRegistration> _serializers = [];
    private readonly string _name;

    /// <summary>The setups of the actor system.</summary>
    public readonly HashSet<Setup> Setups = [];

    public AkkaConfigurationBuilder(IServiceCollection serviceCollection, string actorSystemName)
        => (Services, _name) = (serviceCollection, actorSystemName);

    public Option<ProviderSelection> ActorRefProvider { get; internal set; } = Option<ProviderSelection>.None;

    public Option<Config> Configuration { get; private set; } = Option<Config>.None;

    internal IServiceCollection Services { get; }

    public AkkaConfigurationBuilder AddStartup(StartupTask startupTask)
    {
        _startups.Add(startupTask);
        return this;
    }

    public AkkaConfigurationBuilder AddStartup(Action<ActorSystem, IActorRegistry> startupTask)
        => AddStartup((system, registry) => Done(() => startupTask(system, registry)));

    public AkkaConfigurationBuilder StartActors(ActorStarter starter)
    {
        _starters.Add(starter);
        return this;
    }

    public AkkaConfigurationBuilder StartActors(ActorStarterWithResolver starter)
        => StartActors((system, registry) => starter(system, registry, DependencyResolver.For(system).Resolver));

    public AkkaConfigurationBuilder StartActors(Action<ActorSystem, IActorRegistry> starter)
        => StartActors((system, registry) => Done(() => starter(system, registry)));

    public AkkaConfigurationBuilder StartActors(Action<ActorSystem, IActorRegistry, IDependencyResolver> starter)
        => StartActors((system, registry) => Done(() => starter(system, registry, DependencyResolver.For(system).Resolver)));

    public AkkaConfigurationBuilder WithCustomSerializer(string serializerIdentifier, IEnumerable<Type> boundTypes, Func<ExtendedActorSystem, Serializer> serializerFactory)
    {
        _serializers.Add(new SerializerRegistration(serializerIdentifier, [.. boundTypes], serializerFactory));
        return this;
    }

    public AkkaConfigurationBuilder WithExtension<T>()
        where T : IExtensionId => WithExtensions(typeof(T));

    /// <summary>Creates the extensions as soon as the system is there.</summary>
    public AkkaConfigurationBuilder WithExtensions(params Type[] extensions)
    {
        foreach (var extension in extensions)
        {
            if (!typeof(IExtensionId).IsAssignableFrom(extension) || extension.IsAbstract)
                throw new ConfigurationException($"{extension} is no class that implements {nameof(IExtensionId)}.");
            if (!_extensions.Contains(extension))
                _extensions.Add(extension);
        }
        return this;
    }

    internal AkkaConfigurationBuilder Add(Config hocon, HoconAddMode mode)
    {
        ArgumentNullException.ThrowIfNull(hocon);
        var current = Configuration.GetOrElse(Config.Empty);
        Configuration = mode == HoconAddMode.Append ? current.WithFallback(hocon) : hocon.WithFallback(current);
        return this;
    }

    internal AkkaConfigurationBuilder Add(Setup setup)
    {
        switch (setup)
        {
            case BootstrapSetup bootstrap:
                if (bootstrap.Config.HasValue)
                    Add(bootstrap.Config.Value, HoconAddMode.Prepend);
                ActorRefProvider = bootstrap.ActorRefProvider;
                break;
            case DependencyResolverSetup:
                break;
            default:
                Setups.Add(setup);
                break;
        }
        return this;
    }

    internal ActorSystem CreateSystem(IServiceProvider services)
    {
        if (!Setups.OfType<LoggerFactorySetup>().Any() && services.GetService<ILoggerFactory>() is { } loggers)
            Setups.Add(new LoggerFactorySetup(loggers));
        var bootstrap = BootstrapSetup.Create().WithConfig(Configuration.GetOrElse(Config.Empty));
        if (ActorRefProvider.HasValue)
            bootstrap = bootstrap.WithActorRefProvider(ActorRefProvider.Value);
        var setups = new List<Setup> { bootstrap, DependencyResolverSetup.Create(services) };
        setups.AddRange(Setups);
        if (_serializers.Count > 0)
            setups.Add(SerializationSetup.Create(system => [.. _serializers.Select(s => s.Create(system))]));
        var created = ActorSystem.Create(_name, ActorSystemSetup.Create([.. setups]));
        foreach (var extension in _extensions)
            created.RegisterExtension((IExtensionId)Activator.CreateInstance(extension)!);
        return created;
    }

    internal async Task StartAsync(ActorSystem system)
    {
        var registry = ActorRegistry.For(system);
        foreach (var starter in _starters)
            await starter(system, registry).ConfigureAwait(false);
        foreach (var startup in _startups)
            await startup(system, registry).ConfigureAwait(false);
    }

    private static Task Done(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private sealed record SerializerRegistration(string Alias, Type[] Types, Func<ExtendedActorSystem, Serializer> Factory)
    {
        public SerializerDetails Create(ExtendedActorSystem system) => SerializerDetails.Create(Alias, Factory(system), [.. Types]);
    }
}
