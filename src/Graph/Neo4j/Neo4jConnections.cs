using Microsoft.Extensions.Logging;
using Neo4j.Driver;

namespace PolyglotSync.Graph.Neo4j;

/// <summary>
/// The driver and how long it is waited for. The driver itself waits for an answer without end: a connection that a firewall forgot, or a machine that lost its power, would hold the
/// pipeline until TCP gives up, for hours. What does not answer in time is left behind with its driver, and a new one is made.
/// </summary>
internal sealed class Neo4jConnections : IAsyncDisposable
{
    /// <summary>For indexes and constraints, and for renames of properties, which touch every node.</summary>
    public static readonly TimeSpan SchemaTime = TimeSpan.FromMinutes(30);

    private readonly TargetSettings _settings;
    private readonly LimitSettings _limits;
    private readonly Microsoft.Extensions.Logging.ILogger _log;
    private readonly Lock _leaving = new();
    private volatile IDriver _driver;

    public Neo4jConnections(TargetSettings settings, LimitSettings limits, Microsoft.Extensions.Logging.ILogger log)
    {
        (_settings, _limits, _log) = (settings, limits, log);
        _driver = NewDriver();
    }

    /// <summary>The server ends a transaction of its own accord after the write timeout; its word of that gets as long as a connection may take.</summary>
    public TimeSpan WriteTime => TimeSpan.FromMilliseconds((double)_settings.WriteTimeoutMs + _settings.ConnectTimeoutMs);

    /// <summary>Scheme, host, port and database.</summary>
    public static string Describe(TargetSettings settings) => $"{Server(settings)}{(settings.Database is { } database ? "/" + database : "")}";

    public Task VerifyAsync(CancellationToken cancellationToken) =>
        _driver.VerifyConnectivityAsync().WaitAsync(TimeSpan.FromMilliseconds(_settings.ConnectTimeoutMs), cancellationToken);

    public IAsyncSession Session() => Session(_driver);

    /// <summary>Runs work on a session of its own.</summary>
    /// <param name="work">Its token is cancelled when the time is over: it must not go on writing should the server answer after all.</param>
    /// <exception cref="TimeoutException">There was no end within the time.</exception>
    public async Task<T> WithinAsync<T>(TimeSpan time, Func<IAsyncSession, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        var driver = _driver;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = RunAsync(driver, work, limit.Token);
        try
        {
            return await running.WaitAsync(time, CancellationToken.None);
        }
        catch (TimeoutException) when (!running.IsCompleted)
        {
            await limit.CancelAsync();
            Report(running);
            Leave(driver);
            throw;
        }
    }

    public ValueTask DisposeAsync() => _driver.DisposeAsync();

    private async Task<T> RunAsync<T>(IDriver driver, Func<IAsyncSession, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var session = Session(driver);
        return await work(session, cancellationToken);
    }

    /// <summary>Closing waits for a server that does not answer, so nobody waits for it. Writers that time out together leave one driver once.</summary>
    private void Leave(IDriver driver)
    {
        lock (_leaving)
        {
            if (_driver != driver) return;
            _driver = NewDriver();
        }
        Report(Task.Run(async () => await driver.DisposeAsync()));
    }

    private void Report(Task task) => task.ContinueWith(t => _log.LeftBehind(t.Exception?.GetBaseException().Message ?? ""),
        CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    private IAsyncSession Session(IDriver driver) => driver.AsyncSession(o =>
    {
        o.WithDefaultAccessMode(AccessMode.Write);
        if (_settings.Database is { } database) o.WithDatabase(database);
    });

    private IDriver NewDriver() => GraphDatabase.Driver(new Uri(Server(_settings)),
        _settings.User is { } user ? AuthTokens.Basic(user, _settings.Password ?? "") : AuthTokens.None, config => config
            .WithConnectionTimeout(TimeSpan.FromMilliseconds(_settings.ConnectTimeoutMs))
            .WithConnectionAcquisitionTimeout(TimeSpan.FromMilliseconds(_settings.ConnectTimeoutMs))
            .WithMaxConnectionPoolSize(Math.Max(8, _limits.Writers + 4)));

    private static string Server(TargetSettings settings) =>
        $"{settings.Uri.Scheme}://{settings.Uri.Host}:{(settings.Uri.Port > 0 ? settings.Uri.Port : 7687)}";
}
