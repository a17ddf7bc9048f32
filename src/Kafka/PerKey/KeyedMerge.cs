using System.Runtime.CompilerServices;
using PolyglotSync.Kafka.Consuming;
using PolyglotSync.Kafka.Envelope;

namespace PolyglotSync.Kafka.PerKey;

/// <summary>
/// Makes batches of what stands in partitions without cuts. Each batch may be written as it is: it ends where its partitions were read up to. Driven by one task; knows no broker.
/// </summary>
/// <param name="topics">What is read.</param>
/// <param name="order">All their partitions, in the order in which a batch tells of them.</param>
/// <param name="describe">Asks the catalog for a table; null where it is gone.</param>
internal sealed class KeyedMerge(
    IReadOnlyList<TopicLanes> topics, IReadOnlyList<PartitionLane> order, Func<TableName, CancellationToken, Task<TableSchema?>> describe, Arrivals arrivals, int fullRows = BatchCutter.FullRows)
{
    private const int FullBytes = 4 * 1024 * 1024;
    private const int MaxRefused = 100;

    /// <summary>Messages of one topic before the others have their turn.</summary>
    private const int InOneGo = 500;

    private readonly ChangeBatchWriter _writer = new();
    private readonly SourcePartition[] _partitions = [.. order.Select(l => new SourcePartition(l.Topic, l.Partition))];
    private long _timestamp;
    private int _refused;
    private int _taken;

    public long Rows { get; private set; }

    public async IAsyncEnumerable<ChangeBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var arrival = arrivals.Next();
            var hasMoved = false;
            foreach (var topic in topics)
            {
                for (var i = 0; i < InOneGo && topic.TryNext(out var lane, out var message); i++)
                {
                    hasMoved = true;
                    Give(topic, lane, message);
                    topic.Take(lane);
                    _taken++;
                    if (topic.Columns.TakeDoubt() && await describe(topic.Columns.Table, cancellationToken) is { } schema && topic.Columns.Learn(schema) is { } change)
                    {
                        // what was read under the old columns goes first, and this message once more: to write a row twice is no harm here
                        yield return Complete();
                        _writer.AddSchemaChange(change, Position.Start);
                        Give(topic, lane, message);
                    }
                    if (_writer.Count >= fullRows || _writer.Bytes >= FullBytes || _refused >= MaxRefused) yield return Complete();
                }
            }
            if (hasMoved) continue;
            if (_taken > 0) yield return Complete();
            else await arrival.WaitAsync(cancellationToken);
        }
    }

    private void Give(TopicLanes topic, int lane, in RawMessage message)
    {
        var columns = topic.Columns;
        if (topic.Lanes.Count < columns.Partitions && EnvelopeTail.IsTruncate(message.Value.Span))
        {
            Refuse(topic, lane, message, $"the table was truncated, and this node reads {topic.Lanes.Count} of the topic's {columns.Partitions} partitions: which rows of the others were there before cannot be told; "
                + "rows that are gone may be left in the graph. Let one node alone read tables that are truncated, or start again in a graph without the pipeline's data");
            return;
        }
        try
        {
            var read = columns.Reader.Read(message.Key.Span, message.Value.Span, _writer);
            if (read.Kind != EnvelopeKind.Change) return;
            Rows++;
            if (read.SourceTimestamp != 0) _timestamp = read.SourceTimestamp;
        }
        catch (EnvelopeException e)
        {
            Refuse(topic, lane, message, e.Message);
        }
    }

    private void Refuse(TopicLanes topic, int lane, in RawMessage message, string reason)
    {
        _refused++;
        _writer.AddRefused(Refusals.Of(topic.Lanes[lane], topic.Columns.Table, message, new Position(new Lsn(unchecked((ulong)EnvelopeTail.Lsn(message.Value.Span))), 0), reason));
    }

    private ChangeBatch Complete()
    {
        (_taken, _refused) = (0, 0);
        var reached = new PartitionOffset[_partitions.Length];
        for (var i = 0; i < reached.Length; i++) reached[i] = new PartitionOffset(_partitions[i], order[i].Position);
        return _writer.Complete(new Cut(Position.Start, Lsn.Zero) { Partitions = reached }, null, _timestamp);
    }
}
