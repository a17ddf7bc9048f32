using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Run;

/// <summary>
/// What a person's first start gets wrong is said at once, with its exit code: source and target are reached and looked at once before the pipeline starts.
/// Later failures of the same kinds are the pipeline's own business: it waits for a server that goes away.
/// </summary>
internal static class Preflight
{
    /// <returns>Warnings of the mapping.</returns>
    /// <exception cref="PipelineFailure">What is missing and what to do.</exception>
    public static async Task<IReadOnlyList<string>> CheckAsync(IPipelineFactory factory, PipelineSettings settings, CancellationToken cancellationToken)
    {
        var warnings = await CheckSourceAsync(factory, settings, cancellationToken);
        await using var target = factory.CreateTarget(settings);
        await target.ConnectAsync(cancellationToken);
        return warnings;
    }

    /// <summary>The same without the target.</summary>
    public static async Task<IReadOnlyList<string>> CheckSourceAsync(IPipelineFactory factory, PipelineSettings settings, CancellationToken cancellationToken)
    {
        await using var source = factory.CreateSource(settings);
        var schema = await source.DescribeAsync(cancellationToken);
        var (mapping, warnings) = factory.CreateMapping(settings, schema);
        return mapping.Tables.Count > 0 ? warnings : throw NothingToKeepInStep(settings, warnings);
    }

    private static PipelineFailure NothingToKeepInStep(PipelineSettings settings, IReadOnlyList<string> warnings) => new(FailureClass.Fatal,
        $"pipeline '{settings.Name}' has no table to keep in step in schema {string.Join(", ", settings.Source.Schemas)}"
        + (warnings.Count == 0 ? "; make one, or name another schema (--schema)" : $":\n  {string.Join("\n  ", warnings)}"))
    { ExitCode = ExitCode.SourceUnfit };
}
