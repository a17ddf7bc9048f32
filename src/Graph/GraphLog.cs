using Microsoft.Extensions.Logging;

namespace PolyglotSync.Graph;

/// <summary>What the graph side tells operators. Event ids 4000 to 4099; no row data.</summary>
internal static partial class GraphLog
{
    [LoggerMessage(4000, LogLevel.Debug, "Pipeline {Pipeline}: a write failed ({Class}): {Reason}")]
    public static partial void WriteFailed(this ILogger log, string pipeline, FailureClass @class, string reason);

    [LoggerMessage(4001, LogLevel.Debug, "What was left behind without an answer ended: {Reason}")]
    public static partial void LeftBehind(this ILogger log, string reason);
}
