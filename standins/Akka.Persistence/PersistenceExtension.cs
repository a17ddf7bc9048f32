using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Persistence;

/// <summary>The journals and snapshot stores of an actor system, started when first used. A plugin id is its path in the configuration.</summary>
public class PersistenceExtension : IExtension
{
    private readonly ConcurrentDictionary<string, Lazy<IActorRef>> _plugins = new();
    private readonly ExtendedActorSystem _system;

    public PersistenceExtension(ExtendedActorSystem system)
    {
        _system = system;
        system.Settings.InjectTopLevelFallback(Persistence.DefaultConfig());
    }

    /// <summary>How long a recovery may go without a sign from the plugin.</summary>
    internal TimeSpan RecoveryEventTimeout(string journalPluginId)
        => (_system.Settings.Config.GetConfig(Named(journalPluginId, "akka.persistence.journal.plugin")) ?? Config.Empty)
            .GetTimeSpan("recovery-event-timeout", _system.Settings.Config.GetTimeSpan("akka.persistence.journal-plugin-fallback.recovery-event-timeout"));

    /// <param name="journalPluginId">Empty for the default one.</param>
    public IActorRef JournalFor(string journalPluginId) => Plugin(Named(journalPluginId, "akka.persistence.journal.plugin"));

    /// <summary>The id that an actor has unless it names its own: its path.</summary>
    public string PersistenceId(IActorRef actor) => actor.Path.ToStringWithoutAddress();

    /// <param name="snapshotPluginId">Empty for the default one.</param>
    public IActorRef SnapshotStoreFor(string snapshotPluginId) => Plugin(Named(snapshotPluginId, "akka.persistence.snapshot-store.plugin"));

    private string Named(string pluginId, string defaultPath) => string.IsNullOrEmpty(pluginId) ? _system.Settings.Config.GetString(defaultPath) : pluginId;

    private IActorRef Plugin(string id) => _plugins.GetOrAdd(id, _ => new Lazy<IActorRef>(() => Start(id))).Value;

    private IActorRef Start(string id)
    {
        var config = _system.Settings.Config.GetConfig(id) ?? throw new ArgumentException($"Persistence config is missing plugin config path for: {id}", nameof(id));
        var name = config.GetString("class") ?? throw new ArgumentException($"The plugin {id} names no class.", nameof(id));
        var type = Type.GetType(name, throwOnError: false);
        if (type == null || !typeof(Journal.JournalActor).IsAssignableFrom(type) && !typeof(Snapshot.SnapshotStoreActor).IsAssignableFrom(type))
            throw new NotSupportedException($"This stand-in of Akka.Persistence has the plugins inmem and sql; {id} is '{name}'.");
        return _system.SystemActorOf(Props.Create(type, config), id);
    }
}

/// <inheritdoc cref="PersistenceExtension"/>
public class Persistence : ExtensionIdProvider<PersistenceExtension>
{
    public static Persistence Instance { get; } = new();

    public override PersistenceExtension CreateExtension(ExtendedActorSystem system) => new(system);

    public static Config DefaultConfig()
    {
        using var text = new StreamReader(typeof(Persistence).Assembly.GetManifestResourceStream("Akka.Persistence.persistence.conf")!);
        return ConfigurationFactory.ParseString(text.ReadToEnd());
    }
}
