using Akka.Actor;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Capture;

/// <summary>To the captures actor: capture for this pipeline. One that failed before is tried afresh. Holds passwords: never leaves the process.</summary>
public sealed record StartCapture(PipelineSettings Settings) : INoSerializationVerificationNeeded;
