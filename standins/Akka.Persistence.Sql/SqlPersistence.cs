using Akka.Actor;
using Akka.Configuration;

namespace Akka.Persistence.Sql;

/// <summary>
/// Journal and snapshot store in PostgreSQL, with the tables of the real plugin's default mapping. Other databases, tags and delete
/// compatibility are not offered.
/// </summary>
public sealed class SqlPersistence : IExtension
{
    public const string JournalConfigPath = "akka.persistence.journal.sql";
    public const string SnapshotStoreConfigPath = "akka.persistence.snapshot-store.sql";

    /// <summary>The settings of both plugins, to fall back on.</summary>
    public static readonly Akka.Configuration.Config DefaultConfiguration = Read();

    public SqlPersistence(ActorSystem system) => system.Settings.InjectTopLevelFallback(DefaultConfiguration);

    public static SqlPersistence Get(ActorSystem system) => system.WithExtension<SqlPersistence, SqlPersistenceProvider>();

    private static Akka.Configuration.Config Read()
    {
        using var text = new StreamReader(typeof(SqlPersistence).Assembly.GetManifestResourceStream("Akka.Persistence.Sql.persistence.conf")!);
        return ConfigurationFactory.ParseString(text.ReadToEnd());
    }
}

/// <inheritdoc cref="SqlPersistence"/>
public sealed class SqlPersistenceProvider : ExtensionIdProvider<SqlPersistence>
{
    public override SqlPersistence CreateExtension(ExtendedActorSystem system) => new(system);
}
