using PolyglotSync.Faults.Worlds;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Faults.Faults;

/// <summary>What happens to the graph's server and in it.</summary>
public static class TargetFaults
{
    public static Fault Kill(int downMs) => new("kill graph", $"kill -9 of the graph's server, down for {downMs} ms", async world =>
    {
        await world.Servers.KillGraphAsync(world.Kind);
        await Fault.ForAsync(downMs);
        await world.Servers.StartGraphAgainAsync(world.Kind);
    });

    /// <summary>No memory for a write is granted: FalkorDB is told so, in Neo4j a transaction that stays open takes what all may have together.</summary>
    public static Fault OutOfMemory(int ms) => new("out of memory", $"the graph's server has no memory for {ms} ms", async world =>
    {
        if (world.Kind == GraphKind.Neo4j)
        {
            await TryAsync(() => TakeMemoryAsync(world, TimeSpan.FromMilliseconds(ms)));
            return;
        }
        await SetMemoryAsync(world, "1mb");
        await Fault.ForAsync(ms);
        await SetMemoryAsync(world, "0");
    });

    /// <summary>Another session takes locks on the same nodes in the reverse order, again and again. Neo4j ends one of those that block each other.</summary>
    public static Fault Deadlocks(int ms) => new("deadlocks", $"another session locks the same nodes in reverse for {ms} ms", async world =>
    {
        var until = Environment.TickCount64 + ms;
        while (Environment.TickCount64 < until)
        {
            await TryAsync(() => world.Graph.QueryAsync(
                "MATCH (a:Account) WITH a ORDER BY a.id DESC SET a.lock = 1 REMOVE a.lock WITH count(*) AS c "
                + "MATCH (p:Person) WITH p ORDER BY p.id DESC LIMIT 500 SET p.lock = 1 REMOVE p.lock WITH count(*) AS c MATCH (s:__PolySync {pipeline: 'test'}) SET s.lock = 1 REMOVE s.lock"));
            await Fault.ForAsync(50);
        }
    });

    /// <summary>The server ends what the node has open: its transactions (Neo4j), its connections (FalkorDB).</summary>
    public static Fault KillTransactions(int times) => new("transactions killed", $"the server ends the node's transactions, {times} times", async world =>
    {
        for (var n = 0; n < times; n++)
        {
            await TryAsync(() => EndTransactionsAsync(world));
            await Fault.ForAsync(100);
        }
    });

    private static async Task TakeMemoryAsync(FaultWorld world, TimeSpan time)
    {
        var http = (await world.Servers.Neo4jAsync()).Http;
        // How many times it fits is found out first: what does not fit rolls back all of it. Three transactions, one with much, one with little, one with the least.
        var much = await http.HoldAsync(Take(20_000), 100, TimeSpan.FromMilliseconds(1));
        var holding = await HeldAsync(Take(20_000), much, time + TimeSpan.FromSeconds(6));
        var little = await http.HoldAsync(Take(250), 200, TimeSpan.FromMilliseconds(1));
        var holdingLittle = await HeldAsync(Take(250), little, time + TimeSpan.FromSeconds(3));
        // what a small write would still fit into
        var least = await http.HoldAsync(Take(10), 200, TimeSpan.FromMilliseconds(1));
        await http.HoldAsync(Take(10), least, time);
        await holdingLittle;
        await holding;

        // returns once it is held, or cannot be
        async Task<Task> HeldAsync(string take, int times, TimeSpan forTime)
        {
            var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var hold = http.HoldAsync(take, times, forTime, held);
            await Task.WhenAny(held.Task, hold);
            return hold;
        }

        static string Take(int nodes) => $"UNWIND range(1, {nodes}) AS i CREATE (:__Taken {{i: i, text: toString(i)}})";
    }

    private static async Task EndTransactionsAsync(FaultWorld world)
    {
        if (world.Kind == GraphKind.Falkor)
        {
            using var falkor = (await world.Servers.FalkorAsync()).Connect();
            falkor.Command("CLIENT", "KILL", "TYPE", "NORMAL", "SKIPME", "yes");
            return;
        }
        var http = (await world.Servers.Neo4jAsync()).Http;
        foreach (var row in await http.QueryAsync("SHOW TRANSACTIONS YIELD transactionId, connectionId WHERE connectionId STARTS WITH 'bolt' RETURN transactionId"))
            await http.QueryAsync($"TERMINATE TRANSACTIONS '{Jolt.Text(row[0])}'");
    }

    private static async Task SetMemoryAsync(FaultWorld world, string most)
    {
        using var falkor = (await world.Servers.FalkorAsync()).Connect();
        falkor.Command("CONFIG", "SET", "maxmemory", most);
    }

    private static async Task TryAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidOperationException or System.Net.Sockets.SocketException)
        {
            // the server chose this session to end the deadlock, or it is not there
        }
    }
}
