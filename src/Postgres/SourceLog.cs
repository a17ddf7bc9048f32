using Microsoft.Extensions.Logging;
using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>What this room tells operators; event ids 1100 to 1199.</summary>
internal static partial class SourceLog
{
    [LoggerMessage(1100, LogLevel.Information, "streaming from slot {Slot} (confirmed up to {Confirmed}); rows at or before {From} are passed over")]
    public static partial void Streaming(ILogger log, string slot, Lsn confirmed, Position from);

    [LoggerMessage(1101, LogLevel.Information, "table {Table}: {Rows} rows read ({Phase})")]
    public static partial void TableRead(ILogger log, TableName table, long rows, CopyPhase phase);

    [LoggerMessage(1102, LogLevel.Information, "slot {Slot} made")]
    public static partial void SlotMade(ILogger log, string slot);

    [LoggerMessage(1103, LogLevel.Information, "publication {Publication} {What}: {Tables} tables")]
    public static partial void PublicationSet(ILogger log, string publication, string what, int tables);

    [LoggerMessage(1104, LogLevel.Warning, "no heartbeat: {Reason}; an idle source holds back its log until a table of the mapping changes")]
    public static partial void NoHeartbeat(ILogger log, string reason);

    [LoggerMessage(1105, LogLevel.Information, "table {Table}: columns changed (added: {Added}; dropped: {Dropped}; renamed: {Renamed}); rows read again: {IsRefreshed}")]
    public static partial void SchemaChanged(ILogger log, TableName table, string added, string dropped, string renamed, bool isRefreshed);

    [LoggerMessage(1106, LogLevel.Information, "table {Table}: a chunk is read again ({Reason})")]
    public static partial void ChunkAgain(ILogger log, TableName table, string reason);

    [LoggerMessage(1108, LogLevel.Warning, "table {Table} was dropped or renamed: its nodes stay in the graph as they are; restart the pipeline to go on with the tables that are there now")]
    public static partial void TableGone(ILogger log, TableName table);

    [LoggerMessage(1109, LogLevel.Information, "table {Table} was dropped and made anew: its nodes are deleted and it is copied again")]
    public static partial void TableAnew(ILogger log, TableName table);

    [LoggerMessage(1110, LogLevel.Information, "table {Table}: {Asked} rows asked for once more, {Found} are there")]
    public static partial void RowsRead(ILogger log, TableName table, int asked, int found);

    [LoggerMessage(1111, LogLevel.Warning, "table {Table}: {Asked} rows that were asked for once more cannot be read: {Reason}")]
    public static partial void RequestDropped(ILogger log, TableName table, int asked, string reason);

    [LoggerMessage(1107, LogLevel.Debug, "status sent to slot {Slot}: {Flushed}")]
    public static partial void StatusSent(ILogger log, string slot, Lsn flushed);
}
