using System.Collections.Immutable;
using Akka.Streams.Kafka.Helpers;
using Akka.Util;
using Confluent.Kafka;

namespace Akka.Streams.Kafka.Settings;

/// <summary>What a consumer reads.</summary>
public interface ISubscription
{
    Option<IStatisticsHandler> StatisticsHandler { get; }

    ISubscription WithStatisticsHandler(IStatisticsHandler statisticsHandler);
}

/// <summary>Partitions that are named.</summary>
public interface IManualSubscription : ISubscription
{
}

/// <summary>Partitions that the consumer group deals out.</summary>
public interface IAutoSubscription : ISubscription
{
    Option<IPartitionEventHandler> PartitionEventsHandler { get; }

    /// <summary>For sources that are not partitioned: the real package calls it there alone.</summary>
    IAutoSubscription WithPartitionEventsHandler(IPartitionEventHandler partitionEventHandler);
}

/// <summary>Makes subscriptions.</summary>
public static class Subscriptions
{
    /// <summary>From the offset that the group has committed, or where <c>auto.offset.reset</c> says.</summary>
    public static IManualSubscription Assignment(params TopicPartition[] topicPartitions)
        => new ManualSubscription(topicPartitions.Select(p => new TopicPartitionOffset(p, Offset.Unset)));

    public static IManualSubscription AssignmentWithOffset(params TopicPartitionOffset[] topicPartitions) => new ManualSubscription(topicPartitions);

    /// <param name="topicPattern">A regular expression; librdkafka takes it as one when it starts with '^'.</param>
    public static IAutoSubscription TopicPattern(string topicPattern) => new AutoSubscription([topicPattern]);

    public static IAutoSubscription Topics(params string[] topics) => new AutoSubscription(topics);
}

internal sealed class ManualSubscription(IEnumerable<TopicPartitionOffset> partitions) : IManualSubscription
{
    public IReadOnlyList<TopicPartitionOffset> Partitions { get; } = [.. partitions];

    public Option<IStatisticsHandler> StatisticsHandler { get; private set; }

    public ISubscription WithStatisticsHandler(IStatisticsHandler statisticsHandler)
    {
        StatisticsHandler = Option<IStatisticsHandler>.Create(statisticsHandler);
        return this;
    }
}

internal sealed class AutoSubscription(IEnumerable<string> topics) : IAutoSubscription
{
    public IImmutableSet<string> Topics { get; } = topics.ToImmutableHashSet();

    public Option<IStatisticsHandler> StatisticsHandler { get; private set; }

    public Option<IPartitionEventHandler> PartitionEventsHandler { get; private set; }

    public ISubscription WithStatisticsHandler(IStatisticsHandler statisticsHandler)
    {
        StatisticsHandler = Option<IStatisticsHandler>.Create(statisticsHandler);
        return this;
    }

    public IAutoSubscription WithPartitionEventsHandler(IPartitionEventHandler partitionEventHandler)
    {
        PartitionEventsHandler = Option<IPartitionEventHandler>.Create(partitionEventHandler);
        return this;
    }
}
