using PolyglotSync.Faults.Network;
using PolyglotSync.Faults.Worlds;

namespace PolyglotSync.Faults.Faults;

/// <summary>What networks do between the node and one of its servers.</summary>
public static class NetworkFaults
{
    public static Fault Cut(NetworkLink link, int times) => Of(link, "cut", $"cut {times} times", async proxy =>
    {
        for (var n = 0; n < times; n++)
        {
            proxy.Cut();
            await Fault.ForAsync(150);
        }
    });

    public static Fault Refuse(NetworkLink link, int ms) => Of(link, "refused", $"refused for {ms} ms", async proxy =>
    {
        proxy.Refuse();
        await Fault.ForAsync(ms);
    });

    public static Fault Delay(NetworkLink link, int delayMs, int ms) => Of(link, "slow", $"each message {delayMs} ms late, for {ms} ms", async proxy =>
    {
        proxy.Delay(TimeSpan.FromMilliseconds(delayMs));
        await Fault.ForAsync(ms);
    });

    public static Fault Halve(NetworkLink link, int times) => Of(link, "halved", $"{times} messages halved", async proxy =>
    {
        for (var n = 0; n < times; n++)
        {
            proxy.HalveNext();
            await Fault.ForAsync(200);
        }
    });

    /// <param name="cut">True: the connections are gone at the end; false: what was held back comes late.</param>
    public static Fault Silence(NetworkLink link, int ms, bool cut) => Of(link, "half-open", $"silent for {ms} ms, then {(cut ? "cut" : "all of it late")}", async proxy =>
    {
        proxy.Silence();
        await Fault.ForAsync(ms);
        if (cut) proxy.Cut();
    });

    /// <summary>The server does what it is told and its answers are lost: commits of unknown outcome.</summary>
    public static Fault Deafen(NetworkLink link, int ms) => Of(link, "answers lost", $"answers lost for {ms} ms", async proxy =>
    {
        proxy.Deafen();
        await Fault.ForAsync(ms);
    });

    private static Fault Of(NetworkLink link, string name, string description, Func<TcpProxy, Task> run)
    {
        var where = link.ToString().ToLowerInvariant();
        return new Fault($"{where} {name}", $"{where}: {description}", async world =>
        {
            var proxy = link switch
            {
                NetworkLink.Source => world.Source,
                NetworkLink.Target => world.Target,
                NetworkLink.Kafka => world.Broker.Proxy,
                _ => throw new ArgumentOutOfRangeException(nameof(link)),
            };
            try
            {
                await run(proxy);
            }
            finally
            {
                proxy.Heal();
            }
        });
    }
}

/// <summary>Between a node and what.</summary>
public enum NetworkLink
{
    /// <summary>PostgreSQL.</summary>
    Source,

    /// <summary>The graph.</summary>
    Target,

    /// <summary>The broker.</summary>
    Kafka,
}
