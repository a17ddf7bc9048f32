using Akka.Hosting;
using PolyglotSync.Actors.Capture;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Hosting;

/// <summary>The actors of a node.</summary>
internal static class NodeActors
{
    /// <summary>Captures and pipelines, whichever are started later.</summary>
    public static AkkaConfigurationBuilder WithRooms(this AkkaConfigurationBuilder builder, RoomFactory rooms) =>
        builder.WithCaptures(rooms.CreateCapture, Failpoint.Clock).WithPipelines(rooms, Failpoint.Clock);
}
