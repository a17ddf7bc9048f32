using Neo4j.Driver.Internal;

namespace Neo4j.Driver;

/// <summary>Whether a driver whose URI scheme leaves it open encrypts.</summary>
public enum EncryptionLevel
{
    None = 0,
    Encrypted = 1,
}

/// <summary>The settings of a driver; made by <see cref="ConfigBuilder"/>, immutable for its callers.</summary>
public class Config
{
    /// <summary>No limit, where a setting is a number.</summary>
    public const int Infinite = -1;

    /// <summary>No limit, where a setting is a time.</summary>
    public static readonly TimeSpan InfiniteInterval = TimeSpan.FromMilliseconds(-1);

    private int _maxIdleConnectionPoolSize = Infinite;

    public EncryptionLevel EncryptionLevel => ChosenEncryptionLevel ?? EncryptionLevel.None;

    public TrustManager TrustManager { get; internal set; }

    public ILogger Logger { get; internal set; } = SilentLogger.Instance;

    /// <summary>How long a managed transaction is tried again; 30 s.</summary>
    public TimeSpan MaxTransactionRetryTime { get; internal set; } = TimeSpan.FromSeconds(30);

    public int MaxIdleConnectionPoolSize
    {
        get => _maxIdleConnectionPoolSize == Infinite ? MaxConnectionPoolSize : _maxIdleConnectionPoolSize;
        internal set => _maxIdleConnectionPoolSize = value;
    }

    /// <summary>Most connections to one server, idle and in use; 100.</summary>
    public int MaxConnectionPoolSize { get; internal set; } = 100;

    /// <summary>How long a session waits for a free or new connection; one minute.</summary>
    public TimeSpan ConnectionAcquisitionTimeout { get; internal set; } = TimeSpan.FromMinutes(1);

    /// <summary>A connection idle for this long is asked for a sign of life before it is used; null: never.</summary>
    public TimeSpan? ConnectionLivenessThreshold { get; internal set; }

    /// <summary>How long connecting to one address may take; 30 s.</summary>
    public TimeSpan ConnectionTimeout { get; internal set; } = TimeSpan.FromSeconds(30);

    public bool SocketKeepAlive { get; internal set; } = true;

    /// <summary>A connection idle for longer is closed rather than used; no limit.</summary>
    public TimeSpan ConnectionIdleTimeout { get; internal set; } = InfiniteInterval;

    /// <summary>A connection older than this is closed rather than used; one hour.</summary>
    public TimeSpan MaxConnectionLifetime { get; internal set; } = TimeSpan.FromHours(1);

    /// <summary>Records asked for at once; 1,000. <see cref="Infinite"/>: all.</summary>
    public long FetchSize { get; internal set; } = 1000;

    public string UserAgent { get; internal set; } = "neo4j-dotnet/5.25";

    public INotificationsConfig NotificationsConfig { get; internal set; }

    internal EncryptionLevel? ChosenEncryptionLevel { get; set; }
}
