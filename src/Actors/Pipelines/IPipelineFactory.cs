using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Pipelines;

/// <summary>Makes the parts of a pipeline that live in other rooms. The pipeline's actor disposes what it gets.</summary>
public interface IPipelineFactory
{
    IChangeSource CreateSource(PipelineSettings settings);

    IGraphTarget CreateTarget(PipelineSettings settings);

    IDeadLetterStore CreateDeadLetters(PipelineSettings settings);

    IIncidentStore CreateIncidents(PipelineSettings settings);

    /// <summary>The mapping in force, inferred where the manifest is silent.</summary>
    /// <exception cref="PipelineFailure">Fatal: the manifest does not fit the schema, every mistake at once.</exception>
    (GraphMapping Mapping, IReadOnlyList<string> Warnings) CreateMapping(PipelineSettings settings, DatabaseSchema schema);

    /// <summary>A change as a Cypher pattern for people; null where changes are not to be shown (row data stays out of status answers).</summary>
    string? Describe(GraphMapping mapping, in RowOperation operation);
}
