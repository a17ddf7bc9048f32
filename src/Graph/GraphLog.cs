using Microsoft.Extensions.Logging;

namespace PolyglotSync.Graph;

/// <summary>What the graph side tells operators. Event ids 4000 to 4099; no row data.</summary>
internal static partial class GraphLog
{
    [LoggerMessage(4000, LogLevel.Debug, "Pipeline {Pipeline}: a write failed ({Class}): {Reason}")]
    public static partial void WriteFailed(this ILogger log, string pipeline, FailureClass @class, string reason);

    [LoggerMessage(4001, LogLevel.Debug, "What was left behind without an answer ended: {Reason}")]
    public static partial void LeftBehind(this ILogger log, string reason);

    [LoggerMessage(4002, LogLevel.Warning, "Index {Name} belongs to no constraint: making its constraint was cut short; it is dropped, and the constraint made anew")]
    public static partial void IndexLeftBehind(this ILogger log, string name);

    [LoggerMessage(4003, LogLevel.Debug, "A text was not planned ahead, its statements are sent one by one: {Reason}")]
    public static partial void NotPlanned(this ILogger log, string reason);
}
