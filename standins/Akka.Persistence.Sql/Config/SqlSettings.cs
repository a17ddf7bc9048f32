namespace Akka.Persistence.Sql.Config;

/// <summary>The settings of one plugin, checked.</summary>
internal sealed class SqlSettings
{
    private readonly Akka.Configuration.Config _mapping;

    public SqlSettings(Akka.Configuration.Config plugin, Akka.Configuration.Config defaults)
    {
        var config = plugin.WithFallback(defaults);
        ConnectionString = config.GetString("connection-string", "");
        if (ConnectionString.Length == 0)
            throw new Akka.Configuration.ConfigurationException("connection-string of the SQL persistence plugin is empty.");
        var provider = config.GetString("provider-name", "");
        if (!provider.StartsWith("PostgreSQL", StringComparison.OrdinalIgnoreCase))
            throw new NotSupportedException($"This stand-in of Akka.Persistence.Sql writes to PostgreSQL only; provider-name is '{provider}'.");
        var mapping = config.GetString("table-mapping", "default");
        if (mapping != "default")
            throw new NotSupportedException($"This stand-in of Akka.Persistence.Sql has the default table mapping only; table-mapping is '{mapping}'.");
        AutoInitialize = config.GetBoolean("auto-initialize", true);
        Serializer = config.GetString("serializer");
        _mapping = config.GetConfig("default");
        Schema = _mapping.GetString("schema-name") is { Length: > 0 } schema and not "null" ? schema : null;
    }

    public string ConnectionString { get; }

    public bool AutoInitialize { get; }

    /// <summary>The name of the serializer for what no other is bound to; null for the default.</summary>
    public string? Serializer { get; }

    public string? Schema { get; }

    /// <summary>The table's name as SQL, with its schema.</summary>
    public string Table(string table) => Schema == null ? Quote(Name(table)) : $"{Quote(Schema)}.{Quote(Name(table))}";

    public string Name(string table) => _mapping.GetString($"{table}.table-name");

    /// <summary>The column's name as SQL.</summary>
    public string Column(string table, string column) => Quote(_mapping.GetString($"{table}.columns.{column}"));

    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"")}\"";
}
