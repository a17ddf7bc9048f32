using Microsoft.Extensions.Logging;

namespace PolyglotSync.Kafka.PerKey;

internal static partial class KeyedLog
{
    [LoggerMessage(1310, LogLevel.Information, "Pipeline {Pipeline}: reading {Partitions} partitions of {Topics} topics of {Prefix}")]
    public static partial void Reading(ILogger log, string pipeline, int partitions, int topics, string prefix);

    [LoggerMessage(1311, LogLevel.Warning, "Pipeline {Pipeline}: {Topic} [{Partition}] begins at offset {Offset}; rows that were written before and not since are not in the graph")]
    public static partial void BeginsLate(ILogger log, string pipeline, string topic, int partition, long offset);
}
