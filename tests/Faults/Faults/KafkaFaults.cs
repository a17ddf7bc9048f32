using PolyglotSync.Contracts;
using PolyglotSync.Faults.Worlds;
using PolyglotSync.Testing.Node;

namespace PolyglotSync.Faults.Faults;

/// <summary>What happens to the broker, to a capture of its own, and to nodes that share a consumer group.</summary>
public static class KafkaFaults
{
    /// <summary>Until of two nodes one reads and the other stands by.</summary>
    private static readonly TimeSpan SettleWithin = TimeSpan.FromSeconds(60);

    public static Fault Kill(int downMs) => new("kill Kafka", $"kill -9 of Kafka, down for {downMs} ms", async world =>
    {
        await world.Broker.Server.KillAsync();
        await Fault.ForAsync(downMs);
        await world.Broker.Server.StartAgainAsync();
    });

    public static Fault Restart() => new("restart Kafka", async world =>
    {
        await world.Broker.Server.StopAsync();
        await world.Broker.Server.StartAgainAsync();
    });

    public static Fault Still(int ms) => new("Kafka stands still", $"Kafka stands still for {ms} ms", async world =>
    {
        world.Broker.Server.Suspend();
        await Fault.ForAsync(ms);
        world.Broker.Server.Resume();
    });

    public static Fault KillCapture(int downMs) => NodeFaults.Kill("capture", world => world.Capturer, downMs);

    public static Fault StopCapture() => NodeFaults.Stop("capture", world => world.Capturer);

    /// <summary>The capture is asked to stop, and killed while it waits for the broker.</summary>
    public static Fault KillStoppingCapture() => NodeFaults.Failpoint($"capture's {Failpoint.Stopping}", Failpoint.Stopping, world => world.Capturer, 1);

    /// <summary>A capture that stands still and is replaced must end without readers having seen what it wrote since.</summary>
    public static Fault ZombieCapture(int stillMs) => NodeFaults.Zombie("zombie capture", "capture", world => world.Capturer, stillMs);

    /// <summary>A node that stands still for longer than the group waits is followed by another. When it wakes one of the two reads and the other stands by; then one of them goes.</summary>
    /// <param name="keepsFirst">Whether the one that woke is left.</param>
    public static Fault ZombieReader(int stillMs, bool keepsFirst) => new("zombie reader", $"the node stands still, another follows, and it wakes {stillMs} ms later; the {(keepsFirst ? "second" : "first")} is killed",
        async world =>
        {
            var first = world.Node.Release();
            if (first.HasExited)
            {
                world.Node.Adopt(first);
                return;
            }
            first.Suspend();
            var second = world.Node.Launch();
            await TryAsync(async () => await NodeKeeper.StatusAsync(second) is { IsStreaming: true }, TimeSpan.FromSeconds(15));
            await Fault.ForAsync(stillMs);
            first.Resume();
            await OneGoesAsync(world, first, second, keepsFirst, kill: true);
        });

    /// <summary>A second node joins the group; once one reads and the other stands by, one of them goes, and the other must go on.</summary>
    public static Fault SecondReader(bool keepsFirst, bool kill) => new(NodeFaults.SecondName, $"a second node stands by; the {(keepsFirst ? "second" : "first")} is {(kill ? "killed" : "stopped")}",
        async world =>
        {
            var first = world.Node.Release();
            await OneGoesAsync(world, first, world.Node.Launch(), keepsFirst, kill);
        });

    private static async Task OneGoesAsync(FaultWorld world, SyncNodeProcess first, SyncNodeProcess second, bool keepsFirst, bool kill)
    {
        var (stays, goes) = keepsFirst ? (first, second) : (second, first);
        try
        {
            await Eventually.AsyncTrue(async () => first.HasExited || second.HasExited || await HaveSettledAsync(world, first, second), SettleWithin, "of two nodes one reads, the other stands by",
                () => $"{NodeKeeper.Tail(first.Error)}\n{NodeKeeper.Tail(second.Error)}");
        }
        finally
        {
            if (kill) await goes.KillAsync();
            else await goes.TerminateAsync(TimeSpan.FromSeconds(45));
            await goes.DisposeAsync();
            // one that has ended by itself is the keeper's to judge
            world.Node.Adopt(stays);
        }
    }

    private static async Task<bool> HaveSettledAsync(FaultWorld world, SyncNodeProcess first, SyncNodeProcess second) =>
        (await NodeKeeper.StatusAsync(first), await NodeKeeper.StatusAsync(second)) is var states && (world.SharesPartitions
            // both read then
            ? states is ({ Pipeline.State: PipelineState.Streaming or PipelineState.Copying }, { Pipeline.State: PipelineState.Streaming or PipelineState.Copying })
            : states is ({ IsStreaming: true }, { Pipeline.State: PipelineState.Standby }) or ({ Pipeline.State: PipelineState.Standby }, { IsStreaming: true })
            // while the first copy goes on
            or ({ Pipeline.State: PipelineState.Copying }, { Pipeline.State: PipelineState.Standby }) or ({ Pipeline.State: PipelineState.Standby }, { Pipeline.State: PipelineState.Copying }));

    private static async Task TryAsync(Func<Task<bool>> condition, TimeSpan within)
    {
        try
        {
            await Eventually.AsyncTrue(condition, within);
        }
        catch (TimeoutException)
        {
            // it is not there yet: the plan goes on
        }
    }
}
