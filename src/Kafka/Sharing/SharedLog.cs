using Microsoft.Extensions.Logging;

namespace PolyglotSync.Kafka.Sharing;

internal static partial class SharedLog
{
    [LoggerMessage(1320, LogLevel.Information, "Pipeline {Pipeline}: reading {Partitions} partitions of {Topics} topics of {Prefix}, which the nodes of the pipeline share")]
    public static partial void Reading(ILogger log, string pipeline, int partitions, int topics, string prefix);

    [LoggerMessage(1321, LogLevel.Information, "Pipeline {Pipeline}: {What}; waiting for partitions of {Topic} that other nodes read: {Partitions}")]
    public static partial void Waiting(ILogger log, string pipeline, string what, string topic, string partitions);
}
