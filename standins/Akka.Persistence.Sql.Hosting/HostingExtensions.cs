using System.Text;
using Akka.Configuration;
using Akka.Hosting;
using Akka.Persistence.Hosting;
using Akka.Persistence.Sql.Config;

namespace Akka.Persistence.Sql.Hosting;

/// <summary>Names of tables and columns. This stand-in has the default ones only.</summary>
public enum DatabaseMapping
{
    Default = 0,
    Sqlite = 1,
    SqlServer = 2,
    PostgreSql = 3,
    MySql = 4,
}

/// <summary>SQL persistence for a host.</summary>
public static class HostingExtensions
{
    /// <param name="builder">The system's configuration.</param>
    /// <param name="connectionString">An Npgsql connection string.</param>
    /// <param name="providerName">Starts with "PostgreSQL".</param>
    /// <param name="mode">Journal, snapshot store or both.</param>
    /// <param name="schemaName">The schema of the tables; null for the connection's own.</param>
    /// <param name="journalBuilder">Called; takes nothing here.</param>
    /// <param name="autoInitialize">Whether missing tables are made.</param>
    /// <param name="pluginIdentifier">The last part of the plugins' paths.</param>
    /// <param name="isDefaultPlugin">Whether actors that name no plugin use these.</param>
    /// <param name="databaseMapping">The default one or null.</param>
    /// <param name="tagStorageMode">Nothing is tagged, so this changes nothing.</param>
    /// <param name="deleteCompatibilityMode">False or null.</param>
    /// <param name="useWriterUuidColumn">True or null.</param>
    public static AkkaConfigurationBuilder WithSqlPersistence(this AkkaConfigurationBuilder builder, string connectionString, string providerName, PersistenceMode mode = PersistenceMode.Both, string? schemaName = null, Action<AkkaPersistenceJournalBuilder>? journalBuilder = null, bool autoInitialize = true, string pluginIdentifier = "sql", bool isDefaultPlugin = true, DatabaseMapping? databaseMapping = default, TagMode? tagStorageMode = default, bool? deleteCompatibilityMode = default, bool? useWriterUuidColumn = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        ArgumentException.ThrowIfNullOrWhiteSpace(providerName);
        if (databaseMapping is not (null or DatabaseMapping.Default) || deleteCompatibilityMode == true || useWriterUuidColumn == false)
            throw new NotSupportedException("This stand-in of Akka.Persistence.Sql has the default table mapping with the writer's id and without delete compatibility.");
        journalBuilder?.Invoke(new AkkaPersistenceJournalBuilder(pluginIdentifier, builder));
        var hocon = new StringBuilder();
        if (mode != PersistenceMode.SnapshotStore)
            Add("akka.persistence.journal", SqlPersistence.JournalConfigPath);
        if (mode != PersistenceMode.Journal)
            Add("akka.persistence.snapshot-store", SqlPersistence.SnapshotStoreConfigPath);
        return builder
            .AddHocon(ConfigurationFactory.ParseString(hocon.ToString()), HoconAddMode.Prepend)
            .AddHocon(SqlPersistence.DefaultConfiguration, HoconAddMode.Append);

        void Add(string kind, string defaults)
        {
            hocon.AppendLine($"{kind}.{pluginIdentifier} {{");
            hocon.AppendLine($"class = {SqlPersistence.DefaultConfiguration.GetString(defaults + ".class").ToHocon()}");
            hocon.AppendLine($"connection-string = {connectionString.ToHocon()}");
            hocon.AppendLine($"provider-name = {providerName.ToHocon()}");
            hocon.AppendLine($"auto-initialize = {autoInitialize.ToHocon()}");
            if (schemaName != null)
                hocon.AppendLine($"default.schema-name = {schemaName.ToHocon()}");
            hocon.AppendLine("}");
            if (isDefaultPlugin)
                hocon.AppendLine($"{kind}.plugin = \"{kind}.{pluginIdentifier}\"");
        }
    }
}
