using Akka.Actor;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Capture;

/// <summary>To the captures actor: capture for this pipeline. One that failed before is tried afresh. Holds passwords: never leaves the process.</summary>
public sealed record StartCapture(PipelineSettings Settings) : INoSerializationVerificationNeeded;

/// <summary>
/// To the captures actor: let the broker have what is on its way, then capture for this pipeline no more. Answered with <see cref="CaptureEnded"/> once nothing of it runs, also where nothing
/// did, or <see cref="Status.Failure"/> where it is just being ended.
/// </summary>
public sealed record EndCapture(string Pipeline);

public sealed record CaptureEnded(string Pipeline);
