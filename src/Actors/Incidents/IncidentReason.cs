using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Incidents;

/// <summary>What the incident log says of a failure. Messages about servers are made for people and hold neither rows nor passwords; what a graph says of a row quotes it, and what a bug says nobody knows.</summary>
internal static class IncidentReason
{
    public static string Of(Exception failure) => failure switch
    {
        PipelineFailure { Class: FailureClass.Poison } => "the graph refuses a row, and on_poison is halt; status and the node's log say which",
        PipelineFailure known => known.Message,
        _ => $"an unexpected {failure.GetType().Name}; the node's log says more",
    };
}
