using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Api;

/// <summary>What the API may ask of the node's pipelines. Nothing here changes anything; see <see cref="IDeadLetterDesk"/> for what does.</summary>
internal interface IPipelines
{
    /// <exception cref="TimeoutException">The pipelines did not answer in time.</exception>
    Task<IReadOnlyList<PipelineStatus>> StatusAsync(CancellationToken cancellationToken);

    /// <summary>Waits until the watermark of a pipeline passes an LSN.</summary>
    /// <param name="lsn">null: everything committed before the call.</param>
    /// <returns>Its watermark, reached or not.</returns>
    /// <exception cref="TimeoutException">The pipeline did not answer in time, not even with a 'not yet'.</exception>
    Task<WatermarkAnswer> WaitAsync(string pipeline, Lsn? lsn, TimeSpan timeout, CancellationToken cancellationToken);
}
