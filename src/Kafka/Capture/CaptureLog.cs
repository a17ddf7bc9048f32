using Microsoft.Extensions.Logging;

namespace PolyglotSync.Kafka.Capture;

/// <summary>What capture into Kafka tells operators; event ids 1300 to 1349.</summary>
internal static partial class CaptureLog
{
    [LoggerMessage(1300, LogLevel.Information, "capturing into {Prefix} as epoch {Epoch} from {Position}")]
    public static partial void Begun(ILogger log, string prefix, long epoch, Position position);

    [LoggerMessage(1301, LogLevel.Information, "topics made: {Topics}")]
    public static partial void TopicsMade(ILogger log, string topics);

    [LoggerMessage(1302, LogLevel.Warning, "{Remark}")]
    public static partial void TopicRemark(ILogger log, string remark);

    [LoggerMessage(1303, LogLevel.Warning, "stopped with {Messages} messages that the broker had not acknowledged: they are sent again at the next start")]
    public static partial void NotDrained(ILogger log, int messages);

    [LoggerMessage(1304, LogLevel.Information, "stopped at {Position}")]
    public static partial void Drained(ILogger log, Position position);

    [LoggerMessage(1305, LogLevel.Warning, "somebody else writes into the topics: {Messages} messages so far; readers pass them over")]
    public static partial void Foreign(ILogger log, long messages);

    [LoggerMessage(1306, LogLevel.Warning, "another capture has claimed the topics of prefix '{Prefix}' without having the slot, which is this one's (epoch {Epoch}): a newer epoch is claimed, and the other cannot go on")]
    public static partial void Overtaken(ILogger log, string prefix, long epoch);
}
