using Akka.Hosting;
using PolyglotSync.Actors.Capture;
using PolyglotSync.Actors.Incidents;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Hosting;

/// <summary>The actors of a node.</summary>
internal static class NodeActors
{
    /// <summary>The incident log, then captures and pipelines, whichever are started later.</summary>
    public static AkkaConfigurationBuilder WithRooms(this AkkaConfigurationBuilder builder, RoomFactory rooms) =>
        builder.WithIncidents(rooms.CreateIncidents, Failpoint.Clock).WithCaptures(rooms.CreateCapture, Failpoint.Clock).WithPipelines(rooms, Failpoint.Clock);
}
