using PolyglotSync.Contracts;
using PolyglotSync.Faults.Worlds;

namespace PolyglotSync.Faults.Faults;

/// <summary>What happens to the node itself.</summary>
public static class NodeFaults
{
    public static Fault Kill(int downMs) => new("kill node", $"kill -9 of the node, down for {downMs} ms", async world =>
    {
        await world.Node.KillAsync();
        await Fault.ForAsync(downMs);
        world.Node.Start();
    });

    public static Fault Stop() => new("stop node", "SIGTERM of the node", async world =>
    {
        await world.Node.TerminateAsync();
        world.Node.Start();
    });

    /// <summary>The node runs with a failpoint until it has ended there, or for a while in vain.</summary>
    public static Fault Failpoint(string place, int visit) => new($"{place}", $"kill -9 at {place}, visit {visit}", async world =>
    {
        await world.Node.KillAsync();
        world.Node.Start($"{place}@{visit}");
        if (place == Contracts.Failpoint.Stopping)
        {
            await UntilAsync(world, async () => await NodeKeeper.StatusAsync(world.Node.Current) is { IsStreaming: true }, 6_000);
            if (!world.Node.Current.HasExited) world.Node.Current.AskToStop();
        }
        await UntilAsync(world, () => Task.FromResult(world.Node.Current.HasExited), 6_000);
        await world.Node.KillAsync();
        world.Node.Start();
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

    /// <summary>A second node by mistake: it ends with a message, and the first goes on.</summary>
    public static Fault SecondNode() => new("second node", async world =>
    {
        await using var second = world.Node.Launch();
        await second.ExitAsync(TimeSpan.FromSeconds(40));
        if (second.ExitCode == 0) throw new InvalidOperationException($"a second node ended with 0: {second.Error}");
    });

    /// <summary>A node that stands still, loses its connections and is replaced; it wakes when its successor streams, and must end without having written.</summary>
    public static Fault Zombie(int stillMs) => new("zombie", $"the node stands still, is replaced, and wakes {stillMs} ms later", async world =>
    {
        await using var zombie = world.Node.Release();
        if (zombie.HasExited)
        {
            world.Node.Start();
            return;
        }
        zombie.Suspend();
        await world.Postgres.EndStreamsAsync(world.Database);
        world.Node.Start();
        await Fault.ForAsync(stillMs);
        await UntilAsync(world, async () => await NodeKeeper.StatusAsync(world.Node.Current) is { IsStreaming: true }, 15_000);
        zombie.Resume();
        await zombie.ExitAsync(TimeSpan.FromSeconds(30));
        if (zombie.ExitCode == 0) throw new InvalidOperationException($"the zombie ended with 0: {NodeKeeper.Tail(zombie.Error)}");
    });

    private static async Task UntilAsync(FaultWorld world, Func<Task<bool>> condition, int withinMs)
    {
        try
        {
            await Eventually.AsyncTrue(async () => world.Node.Current.HasExited || await condition(), TimeSpan.FromMilliseconds(withinMs));
        }
        catch (TimeoutException)
        {
            // the place was not reached this time: the plan goes on
        }
    }
}
