namespace PolyglotSync.Contracts;

/// <summary>Where a pipeline's time went since the process started, in seconds. Stages work beside one another, so the sum may exceed the time that passed.</summary>
/// <param name="Capture">Decoding the log and reading copy chunks.</param>
/// <param name="Entities">Parting batches by bucket and coalescing them into net effects.</param>
/// <param name="Plan">Sorting net effects into statements.</param>
/// <param name="Encoding">Turning row images into the statements' parameters.</param>
/// <param name="Server">In the graph's client and server: sending, executing, committing.</param>
/// <param name="Waiting">The writers had nothing to write.</param>
public sealed record StageTimes(double Capture, double Entities, double Plan, double Encoding, double Server, double Waiting)
{
    public static readonly StageTimes None = new(0, 0, 0, 0, 0, 0);
}
