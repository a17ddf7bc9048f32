using Neo4j.Driver.Internal;

namespace Neo4j.Driver;

/// <summary>Whether a session or transaction only reads; routed drivers choose the server by it.</summary>
public enum AccessMode
{
    Read = 0,
    Write = 1,
}

/// <summary>The settings of a session.</summary>
public sealed class SessionConfig
{
    internal SessionConfig()
    {
    }

    /// <summary>Null: the user's home database.</summary>
    public string Database { get; internal set; }

    public AccessMode DefaultAccessMode { get; internal set; } = AccessMode.Write;

    /// <summary>The session's first transaction sees at least what these stand for.</summary>
    public IEnumerable<Bookmarks> Bookmarks { get; internal set; }

    /// <summary>Null: the driver's.</summary>
    public long? FetchSize { get; internal set; }

    public string ImpersonatedUser { get; internal set; }

    public INotificationsConfig NotificationsConfig { get; internal set; }
}

/// <summary>Sets up one session.</summary>
public sealed class SessionConfigBuilder
{
    private readonly SessionConfig _config;

    internal SessionConfigBuilder(SessionConfig config) => _config = config;

    internal SessionConfig Build() => _config;

    public static Action<SessionConfigBuilder> ForDatabase(string database) => builder => builder.WithDatabase(database);

    public SessionConfigBuilder WithDatabase(string database)
    {
        _config.Database = string.IsNullOrEmpty(database) ? throw new ArgumentNullException(nameof(database)) : database;
        return this;
    }

    public SessionConfigBuilder WithDefaultAccessMode(AccessMode defaultAccessMode)
    {
        _config.DefaultAccessMode = defaultAccessMode;
        return this;
    }

    public SessionConfigBuilder WithBookmarks(params Bookmarks[] bookmarks)
    {
        _config.Bookmarks = bookmarks;
        return this;
    }

    /// <param name="size">1 or more, or <see cref="Config.Infinite"/> for all records at once.</param>
    public SessionConfigBuilder WithFetchSize(long size)
    {
        _config.FetchSize = FetchSizes.Checked(size);
        return this;
    }

    public SessionConfigBuilder WithImpersonatedUser(string impersonatedUser)
    {
        _config.ImpersonatedUser = string.IsNullOrEmpty(impersonatedUser)
            ? throw new ArgumentNullException(nameof(impersonatedUser))
            : impersonatedUser;
        return this;
    }

    public SessionConfigBuilder WithNotificationsDisabled()
    {
        _config.NotificationsConfig = Internal.NotificationsConfig.Disabled;
        return this;
    }

    public SessionConfigBuilder WithNotifications(Severity? minimumSeverity, Category[] disabledCategories)
    {
        _config.NotificationsConfig = new NotificationsConfig(minimumSeverity, disabledCategories);
        return this;
    }
}
