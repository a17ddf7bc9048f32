namespace Neo4j.Driver;

/// <summary>The settings of a transaction.</summary>
public sealed class TransactionConfig
{
    internal static readonly TransactionConfig Default = new();

    /// <summary>The server ends a transaction that takes longer; null: the server's default; zero: no limit.</summary>
    public TimeSpan? Timeout { get; internal set; }

    /// <summary>Shown by <c>SHOW TRANSACTIONS</c> and the query log.</summary>
    public IDictionary<string, object> Metadata { get; internal set; } = new Dictionary<string, object>();

    public override string ToString() => $"TransactionConfig{{Metadata={string.Join(", ", Metadata)}, Timeout={Timeout}}}";
}

/// <summary>Sets up one transaction.</summary>
public sealed class TransactionConfigBuilder
{
    private readonly TransactionConfig _config;

    internal TransactionConfigBuilder(TransactionConfig config) => _config = config;

    internal static TransactionConfig Build(Action<TransactionConfigBuilder> action)
    {
        if (action == null) return TransactionConfig.Default;
        var config = new TransactionConfig();
        action(new TransactionConfigBuilder(config));
        return config;
    }

    /// <param name="timeout">Zero: no limit; sent in whole milliseconds, a part of one counts as one.</param>
    public TransactionConfigBuilder WithTimeout(TimeSpan? timeout)
    {
        if (timeout < TimeSpan.Zero && timeout != TimeSpan.MaxValue)
        {
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "A transaction timeout is zero or more.");
        }

        _config.Timeout = timeout is { } t && t.Ticks % TimeSpan.TicksPerMillisecond != 0
            ? TimeSpan.FromMilliseconds((t.Ticks / TimeSpan.TicksPerMillisecond) + 1)
            : timeout;
        return this;
    }

    public TransactionConfigBuilder WithMetadata(IDictionary<string, object> metadata)
    {
        _config.Metadata = metadata ?? throw new ArgumentNullException(nameof(metadata));
        return this;
    }
}
