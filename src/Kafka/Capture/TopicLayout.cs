using Confluent.Kafka;
using PolyglotSync.Kafka.Topics;

namespace PolyglotSync.Kafka.Capture;

/// <summary>The partitions of all tables' topics in one row, for a capture's life: a partition that is added later is written from the next start on.</summary>
internal sealed class TopicLayout
{
    private readonly List<(string Topic, int First, int Count)> _topics = [];

    public TopicLayout(TopicReport report)
    {
        foreach (var (_, topic) in report.OfTables.OrderBy(t => t.Value, StringComparer.Ordinal))
        {
            _topics.Add((topic, Count, report.Partitions[topic]));
            Count += report.Partitions[topic];
        }
        TopicOf = report.OfTables;
    }

    public IReadOnlyDictionary<TableName, string> TopicOf { get; }

    /// <summary>Partitions in all.</summary>
    public int Count { get; }

    public IEnumerable<TopicPartition> Partitions => _topics.SelectMany(t => Enumerable.Range(0, t.Count).Select(p => new TopicPartition(t.Topic, p)));

    public int FirstOf(string topic) => _topics.Find(t => t.Topic == topic).First;

    public int CountOf(string topic) => _topics.Find(t => t.Topic == topic).Count;

    /// <summary>One offset after the other.</summary>
    /// <param name="byTopic">As records of cuts have it.</param>
    public long[] InRow(IReadOnlyDictionary<string, long[]> byTopic) => [.. _topics.SelectMany(t => byTopic[t.Topic])];

    /// <summary>By topic, as records of cuts have it.</summary>
    public IReadOnlyDictionary<string, long[]> ByTopic(ReadOnlySpan<long> offsets)
    {
        var byTopic = new Dictionary<string, long[]>(_topics.Count);
        foreach (var (topic, first, count) in _topics) byTopic[topic] = offsets.Slice(first, count).ToArray();
        return byTopic;
    }
}
