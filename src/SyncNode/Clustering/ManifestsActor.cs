using Akka.Actor;
using Akka.Event;
using PolyglotSync.Actors.Placing;

namespace PolyglotSync.SyncNode.Clustering;

/// <summary>
/// <c>/user/manifests</c> of a node of role cluster: hears of manifests that were applied on another node, and tells all the others again and again which it has, so that a node that was away, or is new, gets what it missed.
/// </summary>
internal sealed class ManifestsActor : ReceiveActor, IWithTimers
{
    public static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(10);

    private readonly ILoggingAdapter _log = Context.GetLogger();

    /// <param name="others">The manifests of the other nodes, as they are now.</param>
    public ManifestsActor(string node, IManifestShare share, Func<IEnumerable<ICanTell>> others)
    {
        Receive<CheckManifest>(check => Sender.Tell(new ManifestHeard(node, share.Check(check.Manifest))));
        Receive<TakeManifest>(take => TakeAsync(node, share, take.Manifest).PipeTo(Sender));
        Receive<ManifestVersions>(theirs =>
        {
            foreach (var newer in ManifestVersion.Newer(share.Shared(), theirs.Manifests)) Sender.Tell(new TakeManifest(newer));
        });
        Receive<ManifestHeard>(heard =>
        {
            foreach (var mistake in heard.Mistakes) _log.Warning("Node {0} cannot take a manifest that this node has: {1}", heard.Node, mistake);
        });
        Receive<Tell>(_ =>
        {
            var own = new ManifestVersions([.. share.Shared().Select(m => m with { Text = null })]);
            foreach (var other in others()) other.Tell(own, Self);
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(string node, IManifestShare share, Func<IEnumerable<ICanTell>> others) => Akka.Actor.Props.Create(() => new ManifestsActor(node, share, others));

    protected override void PreStart() => Timers.StartPeriodicTimer("tell", Tell.Instance, TimeSpan.FromSeconds(1), TellEvery);

    private async Task<ManifestHeard> TakeAsync(string node, IManifestShare share, SharedManifest manifest)
    {
        var mistakes = await share.TakeAsync(manifest);
        foreach (var mistake in mistakes) _log.Error("A manifest of pipeline {0} came from another node, and this one cannot take it: {1}", manifest.Pipeline, mistake);
        return new ManifestHeard(node, mistakes);
    }

    private sealed record Tell
    {
        public static readonly Tell Instance = new();
    }
}
