using PolyglotSync.Contracts;
using PolyglotSync.Faults.Worlds;

namespace PolyglotSync.Faults.Faults;

/// <summary>What happens to the node itself.</summary>
public static class NodeFaults
{
    /// <summary>Of a fault that starts another node.</summary>
    public const string SecondName = "second node";

    /// <summary>Of a fault that has a node wake after another has followed it.</summary>
    public const string ZombieName = "zombie";

    public static Fault Kill(int downMs) => Kill("node", world => world.Node, downMs);

    public static Fault Stop() => Stop("node", world => world.Node);

    /// <summary>The node runs with a failpoint until it has ended there, or for a while in vain.</summary>
    public static Fault Failpoint(string place, int visit) => Failpoint(place, place, world => world.KeeperAt(place), visit);

    /// <param name="who">What the process is called in the fault's name.</param>
    /// <param name="of">Who keeps it.</param>
    internal static Fault Kill(string who, Func<FaultWorld, NodeKeeper> of, int downMs) => new($"kill {who}", $"kill -9 of the {who}, down for {downMs} ms", async world =>
    {
        await of(world).KillAsync();
        await Fault.ForAsync(downMs);
        of(world).Start();
    });

    internal static Fault Stop(string who, Func<FaultWorld, NodeKeeper> of) => new($"stop {who}", $"SIGTERM of the {who}", async world =>
    {
        await of(world).TerminateAsync();
        of(world).Start();
    });

    internal static Fault Failpoint(string name, string place, Func<FaultWorld, NodeKeeper> of, int visit) => new(name, $"kill -9 at {name}, visit {visit}", async world =>
    {
        var node = of(world);
        // through Kafka the group gives up the one that was killed first
        var withinMs = world.Capture is null ? 6_000 : 6_000 + (2 * FaultWorld.SessionTimeoutMs);
        await node.KillAsync();
        node.Start($"{place}@{visit}");
        if (place == Contracts.Failpoint.Stopping)
        {
            await UntilAsync(node, async () => await NodeKeeper.StatusAsync(node.Current) is { IsStreaming: true }, withinMs);
            if (!node.Current.HasExited) node.Current.AskToStop();
        }
        await UntilAsync(node, () => Task.FromResult(node.Current.HasExited), withinMs);
        await node.KillAsync();
        node.Start();
    });

    /// <summary>The wall clock jumps in the node; what is due by time must not stop or storm for it.</summary>
    public static Fault ClockJump(int seconds) => new("clock jump", $"the node's clock jumps by {seconds} s", async world =>
    {
        await world.Node.KillAsync();
        world.Node.Start($"{Contracts.Failpoint.AfterCommit}@5:clock{seconds:+0;-0}");
        await Fault.ForAsync(2_500);
        await world.Node.KillAsync();
        world.Node.Start();
    });

    /// <summary>A second node by mistake: one of the two ends, with a message.</summary>
    public static Fault SecondNode() => new(SecondName, world => world.Node.CompeteAsync(TimeSpan.FromSeconds(40), mayFindItHeld: world.Capture is not null));

    /// <summary>A node that stands still, loses its connections and is replaced; it wakes when its successor streams, and must end without having written.</summary>
    public static Fault Zombie(int stillMs) => Zombie(ZombieName, "node", world => world.Node, stillMs);

    internal static Fault Zombie(string name, string who, Func<FaultWorld, NodeKeeper> of, int stillMs) => new(name, $"the {who} stands still, is replaced, and wakes {stillMs} ms later", async world =>
    {
        var node = of(world);
        await using var zombie = node.Release();
        if (zombie.HasExited)
        {
            node.Start();
            return;
        }
        zombie.Suspend();
        await world.Postgres.EndStreamsAsync(world.Database);
        node.Start();
        await Fault.ForAsync(stillMs);
        await UntilAsync(node, async () => await NodeKeeper.StatusAsync(node.Current) is { IsStreaming: true }, 15_000);
        zombie.Resume();
        await zombie.ExitAsync(TimeSpan.FromSeconds(30));
        if (zombie.ExitCode == 0) throw new InvalidOperationException($"the zombie ended with 0: {NodeKeeper.Tail(zombie.Error)}");
    });

    private static async Task UntilAsync(NodeKeeper node, Func<Task<bool>> condition, int withinMs)
    {
        try
        {
            await Eventually.AsyncTrue(async () => node.Current.HasExited || await condition(), TimeSpan.FromMilliseconds(withinMs));
        }
        catch (TimeoutException)
        {
            // the place was not reached this time: the plan goes on
        }
    }
}
