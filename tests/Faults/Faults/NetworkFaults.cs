using PolyglotSync.Faults.Network;
using PolyglotSync.Faults.Worlds;

namespace PolyglotSync.Faults.Faults;

/// <summary>What networks do between the node and one of its servers.</summary>
public static class NetworkFaults
{
    public static Fault Cut(bool source, int times) => Of(source, "cut", $"cut {times} times", async proxy =>
    {
        for (var n = 0; n < times; n++)
        {
            proxy.Cut();
            await Fault.ForAsync(150);
        }
    });

    public static Fault Refuse(bool source, int ms) => Of(source, "refused", $"refused for {ms} ms", async proxy =>
    {
        proxy.Refuse();
        await Fault.ForAsync(ms);
    });

    public static Fault Delay(bool source, int delayMs, int ms) => Of(source, "slow", $"each message {delayMs} ms late, for {ms} ms", async proxy =>
    {
        proxy.Delay(TimeSpan.FromMilliseconds(delayMs));
        await Fault.ForAsync(ms);
    });

    public static Fault Halve(bool source, int times) => Of(source, "halved", $"{times} messages halved", async proxy =>
    {
        for (var n = 0; n < times; n++)
        {
            proxy.HalveNext();
            await Fault.ForAsync(200);
        }
    });

    /// <param name="cut">True: the connections are gone at the end; false: what was held back comes late.</param>
    public static Fault Silence(bool source, int ms, bool cut) => Of(source, "half-open", $"silent for {ms} ms, then {(cut ? "cut" : "all of it late")}", async proxy =>
    {
        proxy.Silence();
        await Fault.ForAsync(ms);
        if (cut) proxy.Cut();
    });

    /// <summary>The server does what it is told and its answers are lost: commits of unknown outcome.</summary>
    public static Fault Deafen(bool source, int ms) => Of(source, "answers lost", $"answers lost for {ms} ms", async proxy =>
    {
        proxy.Deafen();
        await Fault.ForAsync(ms);
    });

    private static Fault Of(bool source, string name, string description, Func<TcpProxy, Task> run)
    {
        var where = source ? "source" : "target";
        return new Fault($"{where} {name}", $"{where}: {description}", async world =>
        {
            var proxy = source ? world.Source : world.Target;
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
