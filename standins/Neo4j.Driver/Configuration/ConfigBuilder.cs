using Neo4j.Driver.Internal;

namespace Neo4j.Driver;

/// <summary>Sets what the caller of <see cref="GraphDatabase"/> wants otherwise than the defaults of <see cref="Config"/>.</summary>
public sealed class ConfigBuilder
{
    private readonly Config _config;

    internal ConfigBuilder(Config config) => _config = config;

    internal Config Build() => _config;

    public ConfigBuilder WithEncryptionLevel(EncryptionLevel level)
    {
        _config.ChosenEncryptionLevel = level;
        return this;
    }

    public ConfigBuilder WithTrustManager(TrustManager manager)
    {
        _config.TrustManager = manager;
        return this;
    }

    public ConfigBuilder WithLogger(ILogger logger)
    {
        _config.Logger = logger ?? SilentLogger.Instance;
        return this;
    }

    /// <param name="size">0 or more, or <see cref="Config.Infinite"/>.</param>
    public ConfigBuilder WithMaxIdleConnectionPoolSize(int size)
    {
        _config.MaxIdleConnectionPoolSize = size;
        return this;
    }

    /// <param name="size">1 or more, or <see cref="Config.Infinite"/>.</param>
    public ConfigBuilder WithMaxConnectionPoolSize(int size)
    {
        if (size == 0) throw new ArgumentOutOfRangeException(nameof(size), size, "A pool needs room for a connection.");
        _config.MaxConnectionPoolSize = size;
        return this;
    }

    public ConfigBuilder WithConnectionAcquisitionTimeout(TimeSpan timeSpan)
    {
        _config.ConnectionAcquisitionTimeout = timeSpan;
        return this;
    }

    public ConfigBuilder WithConnectionTimeout(TimeSpan timeSpan)
    {
        _config.ConnectionTimeout = timeSpan;
        return this;
    }

    public ConfigBuilder WithSocketKeepAliveEnabled(bool enable)
    {
        _config.SocketKeepAlive = enable;
        return this;
    }

    public ConfigBuilder WithMaxTransactionRetryTime(TimeSpan time)
    {
        _config.MaxTransactionRetryTime = time;
        return this;
    }

    public ConfigBuilder WithConnectionIdleTimeout(TimeSpan timeSpan)
    {
        _config.ConnectionIdleTimeout = timeSpan;
        return this;
    }

    public ConfigBuilder WithConnectionLivenessCheckTimeout(TimeSpan timeout)
    {
        _config.ConnectionLivenessThreshold = timeout;
        return this;
    }

    public ConfigBuilder WithMaxConnectionLifetime(TimeSpan timeSpan)
    {
        _config.MaxConnectionLifetime = timeSpan;
        return this;
    }

    /// <param name="size">1 or more, or <see cref="Config.Infinite"/> for all records at once.</param>
    public ConfigBuilder WithFetchSize(long size)
    {
        _config.FetchSize = FetchSizes.Checked(size);
        return this;
    }

    public ConfigBuilder WithUserAgent(string userAgent)
    {
        _config.UserAgent = string.IsNullOrEmpty(userAgent)
            ? throw new ArgumentNullException(nameof(userAgent), "The user agent must not be empty.")
            : userAgent;
        return this;
    }

    public ConfigBuilder WithNotificationsDisabled()
    {
        _config.NotificationsConfig = NotificationsConfig.Disabled;
        return this;
    }

    public ConfigBuilder WithNotifications(Severity? minimumSeverity, Category[] disabledCategories)
    {
        _config.NotificationsConfig = new NotificationsConfig(minimumSeverity, disabledCategories);
        return this;
    }
}
