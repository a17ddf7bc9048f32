using Akka.Configuration;
using Akka.Util;

namespace Akka.Actor.Setup
{
    /// <summary>A setting of a system that is given in code.</summary>
    public abstract class Setup
    {
        /// <summary>Joins two.</summary>
        public ActorSystemSetup And(Setup other) => ActorSystemSetup.Create(this, other);
    }

    /// <summary>The setups of a system, one of a type.</summary>
    public sealed class ActorSystemSetup
    {
        /// <summary>None.</summary>
        public static readonly ActorSystemSetup Empty = new([]);

        private readonly Dictionary<Type, Setup> _byType;

        private ActorSystemSetup(Dictionary<Type, Setup> byType) => _byType = byType;

        /// <summary>With one more.</summary>
        public ActorSystemSetup And<T>(T setup)
            where T : Setup => WithSetup(setup);

        /// <summary>The one of that type.</summary>
        public Option<T> Get<T>()
            where T : Setup => _byType.TryGetValue(typeof(T), out var setup) ? Option<T>.Create((T)setup) : Option<T>.None;

        /// <inheritdoc />
        public override string ToString() => $"ActorSystemSetup({string.Join(",", _byType.Keys.Select(type => type.Name))})";

        /// <summary>With one more; one of the same type is replaced.</summary>
        public ActorSystemSetup WithSetup<T>(T setup)
            where T : Setup => new(new Dictionary<Type, Setup>(_byType) { [setup.GetType()] = setup });

        /// <summary>Of those.</summary>
        public static ActorSystemSetup Create(params Setup[] setup) => setup.Aggregate(Empty, (all, one) => all.WithSetup(one));
    }
}

namespace Akka.Actor
{
    /// <summary>Where the actors of a system may live.</summary>
    public abstract class ProviderSelection
    {
        private ProviderSelection()
        {
        }

        /// <summary>In this process.</summary>
        public sealed class Local : ProviderSelection
        {
            /// <summary>The only one.</summary>
            public static readonly Local Instance = new();

            private Local()
            {
            }
        }

        /// <summary>In others too.</summary>
        public sealed class Remote : ProviderSelection
        {
            /// <summary>The only one.</summary>
            public static readonly Remote Instance = new();

            private Remote()
            {
            }
        }

        /// <summary>In a cluster.</summary>
        public sealed class Cluster : ProviderSelection
        {
            /// <summary>The only one.</summary>
            public static readonly Cluster Instance = new();

            private Cluster()
            {
            }
        }
    }

    /// <summary>The settings that a system starts with.</summary>
    public sealed class BootstrapSetup : Setup.Setup
    {
        private BootstrapSetup(Option<Config> config, Option<ProviderSelection> provider)
        {
            Config = config;
            ActorRefProvider = provider;
        }

        /// <summary>Where the actors may live.</summary>
        public Option<ProviderSelection> ActorRefProvider { get; }

        /// <summary>The settings.</summary>
        public Option<Config> Config { get; }

        /// <summary>Living there.</summary>
        public BootstrapSetup WithActorRefProvider(ProviderSelection name) => new(Config, Option<ProviderSelection>.Create(name));

        /// <summary>With those settings.</summary>
        public BootstrapSetup WithConfig(Config config) => new(Option<Config>.Create(config), ActorRefProvider);

        /// <summary>With more settings, for what is not said.</summary>
        public BootstrapSetup WithConfigFallback(Config config) =>
            new(Option<Config>.Create(Config.HasValue ? Config.Value.SafeWithFallback(config) : config), ActorRefProvider);

        /// <summary>With nothing yet.</summary>
        public static BootstrapSetup Create() => new(Option<Config>.None, Option<ProviderSelection>.None);
    }
}
