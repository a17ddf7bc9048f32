using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Api;

namespace PolyglotSync.SyncNode.Hosting;

/// <summary>Changes which pipelines the node runs.</summary>
internal interface IPipelineRunner
{
    /// <summary>Starts a pipeline, or has it go on with other settings. What is in flight is written before.</summary>
    /// <exception cref="ApiRefusal">It is just being changed.</exception>
    /// <exception cref="TimeoutException">It did not end in time.</exception>
    Task ReplaceAsync(PipelineSettings settings, CancellationToken cancellationToken);

    /// <summary>Writes what is in flight and stops a pipeline for good.</summary>
    /// <exception cref="ApiRefusal">It is just being changed.</exception>
    /// <exception cref="TimeoutException">It did not end in time.</exception>
    Task RemoveAsync(string pipeline, CancellationToken cancellationToken);

    /// <summary>In a cluster: another node changed these settings; whichever node runs the pipeline goes on with them by itself.</summary>
    Task TakeAsync(PipelineSettings settings);

    /// <summary>In a cluster: another node removed this pipeline, and has it ended.</summary>
    Task LeaveAsync(string pipeline);

    /// <summary>What a pipeline that runs makes of its source; null where it is not known now.</summary>
    Task<GraphMapping?> MappingAsync(string pipeline, CancellationToken cancellationToken);
}

/// <summary>What the source of a pipeline has, for a manifest that is to be applied.</summary>
internal interface ISourceCatalog
{
    /// <exception cref="PipelineFailure">The source cannot be asked.</exception>
    Task<DatabaseSchema> DescribeAsync(PipelineSettings settings, CancellationToken cancellationToken);

    /// <exception cref="PipelineFailure">The settings do not fit the schema, every mistake at once.</exception>
    (GraphMapping Mapping, IReadOnlyList<string> Warnings) Map(PipelineSettings settings, DatabaseSchema schema);

    /// <summary>Reaches whatever a pipeline that is new needs.</summary>
    /// <returns>Warnings of the mapping.</returns>
    /// <exception cref="PipelineFailure">What is missing and what to do.</exception>
    Task<IReadOnlyList<string>> CheckAsync(PipelineSettings settings, CancellationToken cancellationToken);

    /// <summary>Drops what the pipeline has in its source.</summary>
    /// <returns>What was dropped.</returns>
    /// <exception cref="PipelineFailure">The source cannot be asked, or refuses.</exception>
    Task<IReadOnlyList<string>> DropAsync(PipelineSettings settings, CancellationToken cancellationToken);
}
