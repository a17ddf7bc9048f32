using Akka.Actor;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Incidents;

/// <summary>Published on the event stream by pipelines and captures: store this. Holds passwords: never leaves the process.</summary>
/// <param name="Changed">Each whole, as it is now.</param>
public sealed record IncidentsChanged(PipelineSettings Settings, PipelineRole Role, IReadOnlyList<Incident> Changed) : INoSerializationVerificationNeeded;

/// <summary>Published on the event stream: the pipeline or capture has begun to work here, so that what an earlier run left open is over. Holds passwords: never leaves the process.</summary>
/// <param name="Run">Names this life of the actor; what others left open is closed.</param>
/// <param name="IsShared">Other nodes may be at work on the same pipeline.</param>
public sealed record WorkBegan(PipelineSettings Settings, PipelineRole Role, string Run, DateTimeOffset At, bool IsShared) : INoSerializationVerificationNeeded;

/// <summary>To the incidents' actor: store what waits, now. Answered with <see cref="IncidentsStored"/>, whether that went well or not.</summary>
public sealed record StoreIncidents : INoSerializationVerificationNeeded
{
    public static readonly StoreIncidents Instance = new();
}

public sealed record IncidentsStored : INoSerializationVerificationNeeded
{
    public static readonly IncidentsStored Instance = new();
}
