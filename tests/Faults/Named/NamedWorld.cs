using PolyglotSync.Contracts;
using PolyglotSync.Faults.Load;
using PolyglotSync.Faults.Worlds;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Faults.Named;

/// <summary>What named tests share: a world that streams, and the end that each must come to.</summary>
internal static class NamedWorld
{
    private static readonly TimeSpan HealWithin = TimeSpan.FromSeconds(90);

    /// <summary>A world with its tables, without a node.</summary>
    /// <param name="capture">Who captures into Kafka; null: changes go directly.</param>
    public static async Task<FaultWorld> NewAsync(FaultServers servers, GraphKind kind, CaptureMode? capture = null, string settings = FaultWorld.Impatient)
    {
        var world = await FaultWorld.NewAsync(servers, kind, Consistency.Transactional, settings, capture);
        await LoadSchema.MakeAsync(world);
        return world;
    }

    public static async Task<FaultWorld> StreamingAsync(FaultServers servers, GraphKind kind, CaptureMode? capture = null, string settings = FaultWorld.Impatient)
    {
        var world = await NewAsync(servers, kind, capture, settings);
        world.Start();
        await world.Node.UntilStreamingAsync(HealWithin);
        return world;
    }

    /// <summary>Everything is in the graph, once, no row was blamed, the slot was let go, and no node ended that should not have.</summary>
    public static async Task ShouldBeRightAsync(this FaultWorld world)
    {
        var lsn = await world.CaughtUpAsync(HealWithin);
        var differences = await world.DifferencesAsync();
        differences.ShouldBeEmpty($"{PictureDiff.Describe(differences)}\n{NodeKeeper.Tail(world.Said)}");
        (await world.Node.Current.Api.StatusAsync(FaultWorld.Pipeline))!.Pipeline.DeadLetters.ShouldBe(0);
        await world.SlotPassesAsync(lsn);
        world.Failures.ShouldBeEmpty();
    }

    /// <summary>Waits until the pipeline says that it is degraded, and why.</summary>
    /// <param name="saying">What the reason must hold; other reasons before it are waited through.</param>
    public static async Task<string> UntilDegradedAsync(this FaultWorld world, TimeSpan? within = null, string saying = "")
    {
        var reason = "";
        await Eventually.AsyncTrue(async () =>
        {
            if (await NodeKeeper.StatusAsync(world.Node.Current) is not { Pipeline: { State: PipelineState.Degraded } status }) return false;
            reason = status.Reason ?? "";
            return reason.Contains(saying, StringComparison.OrdinalIgnoreCase);
        }, within, $"the pipeline says that it is degraded{(saying.Length == 0 ? "" : $" by '{saying}'")}", () => NodeKeeper.Tail(world.Node.Said));
        return reason;
    }
}
