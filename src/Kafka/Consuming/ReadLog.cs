using Microsoft.Extensions.Logging;

namespace PolyglotSync.Kafka.Consuming;

internal static partial class ReadLog
{
    [LoggerMessage(1300, LogLevel.Information, "Pipeline {Pipeline}: reading the topics of {Prefix} from {Position} on (epoch {Epoch}, change {Change})")]
    public static partial void Reading(ILogger log, string pipeline, string prefix, Position position, long epoch, long change);

    [LoggerMessage(1301, LogLevel.Information, "Pipeline {Pipeline} waits: {Reason}")]
    public static partial void Waiting(ILogger log, string pipeline, string reason);
}
