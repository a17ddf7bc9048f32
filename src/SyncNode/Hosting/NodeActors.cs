using Akka.Hosting;
using PolyglotSync.Actors.Capture;
using PolyglotSync.Actors.Incidents;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Actors.Placing;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Clustering;

namespace PolyglotSync.SyncNode.Hosting;

/// <summary>The actors of a node.</summary>
internal static class NodeActors
{
    /// <summary>The incident log, then captures and pipelines, whichever are started later.</summary>
    /// <param name="cluster">null: the node is on its own.</param>
    /// <param name="book">Of one of several nodes: the cluster decides which pipelines of it run here, each with its capture beside it.</param>
    public static AkkaConfigurationBuilder WithRooms(this AkkaConfigurationBuilder builder, RoomFactory rooms, ClusterSettings? cluster, PipelineBook book)
    {
        builder.WithIncidents(rooms.CreateIncidents, Failpoint.Clock).WithCaptures(rooms.CreateCapture, Failpoint.Clock);
        return cluster is null ? builder.WithPipelines(rooms, Failpoint.Clock) : builder.WithPlacedPipelines(book, cluster.MinimumMembers, rooms, rooms.CreateCapture, Failpoint.Clock);
    }
}
