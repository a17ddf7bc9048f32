using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Query;

internal static class GraphReaders
{
    public static bool IsFalkor(Uri uri) => uri.Scheme is "falkor" or "redis" or "rediss";

    /// <exception cref="PipelineFailure">The server cannot be reached.</exception>
    public static async Task<IGraphReader> OpenAsync(TargetSettings target, CancellationToken cancellationToken) =>
        IsFalkor(target.Uri) ? await FalkorReader.ConnectAsync(target, cancellationToken) : new Neo4jReader(target);
}
