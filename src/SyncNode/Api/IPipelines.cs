using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Api;

/// <summary>What the API may ask of the node's pipelines.</summary>
internal interface IPipelines
{
    /// <summary>In a cluster: of all its nodes.</summary>
    /// <exception cref="TimeoutException">The pipelines did not answer in time.</exception>
    Task<IReadOnlyList<PipelineStatus>> StatusAsync(CancellationToken cancellationToken);

    /// <summary>Those of <paramref name="all"/> that run on this very node.</summary>
    IReadOnlyList<PipelineStatus> Own(IReadOnlyList<PipelineStatus> all) => all;

    /// <summary>Why this node is not ready, whatever its pipelines are; null where nothing speaks against it.</summary>
    string? Unready => null;

    /// <summary>Waits until the watermark of a pipeline passes an LSN.</summary>
    /// <param name="lsn">null: everything committed before the call.</param>
    /// <returns>Its watermark, reached or not.</returns>
    /// <exception cref="TimeoutException">The pipeline did not answer in time, not even with a 'not yet'.</exception>
    Task<WatermarkAnswer> WaitAsync(string pipeline, Lsn? lsn, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Has a pipeline paused, resumed or restarted.</summary>
    /// <param name="reason">Of a pause; null where nothing was said.</param>
    /// <returns>Its status after that; of a pause and a restart once what was in flight is written, or the time for that is over.</returns>
    /// <exception cref="ApiRefusal">The node has no such pipeline, or it cannot be asked now.</exception>
    /// <exception cref="TimeoutException">The pipeline did not answer in time.</exception>
    Task<PipelineStatus> ChangeAsync(string pipeline, PipelineVerb verb, string? reason, CancellationToken cancellationToken);
}
