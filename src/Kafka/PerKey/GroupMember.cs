using System.Collections.Immutable;
using Akka.Actor;
using Confluent.Kafka;
using PolyglotSync.Kafka.Connecting;
using PolyglotSync.Kafka.Consuming;

namespace PolyglotSync.Kafka.PerKey;

/// <summary>
/// A member of the pipeline's consumer group, to which the group deals partitions of the tables' topics. It reads none of them: what is dealt is read where offsets of the graph and the bounds of memory are
/// kept. A static member (KIP-345): who begins a run anew within the session timeout gets what it had, without a rebalance of the others.
/// </summary>
internal sealed class GroupMember : IAsyncDisposable
{
    /// <summary>A rebalance takes everything away before it deals it out: that long it may take.</summary>
    private static readonly TimeSpan SettlesWithin = TimeSpan.FromSeconds(1);

    /// <summary>How often it is looked at whether a run is over for another reason than the group's.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    private static readonly string ThisProcess = Guid.NewGuid().ToString("N");

    private readonly Lock _lock = new();
    private readonly KafkaSettings _kafka;
    private readonly string _pipeline;
    private readonly GroupStream _group;
    private readonly HashSet<TopicPartition> _dealt = [];
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PipelineFailure? _failure;

    /// <param name="node">Names the member in its group; null: this process.</param>
    public GroupMember(KafkaSettings settings, string pipeline, IReadOnlyCollection<string> topics, ActorSystem system, string? node = null)
    {
        (_kafka, _pipeline) = (settings, pipeline);
        var config = KafkaClients.Consumer(settings, pipeline);
        config.GroupInstanceId ??= $"{config.ClientId}-{node ?? ThisProcess}";
        config.PartitionAssignmentStrategy = PartitionAssignmentStrategy.RoundRobin;
        // nothing is read
        config.AutoOffsetReset = AutoOffsetReset.Latest;
        // partitions that are added are dealt out soon
        config.TopicMetadataRefreshIntervalMs = 10_000;
        _group = new GroupStream(config, topics, settings.BootstrapServers, system, Dealt, Taken, static _ => { }, failure => Tell(() => _failure ??= failure));
    }

    /// <summary>Waits until something is dealt to this member.</summary>
    /// <param name="waiting">Called while there is nothing.</param>
    /// <returns>By name and number.</returns>
    /// <exception cref="PipelineFailure">What ended it.</exception>
    public async Task<IReadOnlyList<SourcePartition>> DealtAsync(Action waiting, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (dealt, news) = Look();
            if (dealt.Count > 0) return dealt;
            waiting();
            await news.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Waits until other partitions are dealt to this member than those.</summary>
    /// <exception cref="PipelineFailure">What ended it: Fenced where that goes away, since a member that ended owns nothing any more, and another is to be made.</exception>
    public async Task ChangedAsync(IReadOnlyList<SourcePartition> from, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (dealt, news) = LookAtOwned();
            if (!dealt.SequenceEqual(from))
            {
                await Task.WhenAny(news, Task.Delay(SettlesWithin, cancellationToken));
                // a rebalance may deal out what it took
                if (!news.IsCompleted) return;
                continue;
            }
            await news.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Ends a run once the partitions are dealt out otherwise: the next one claims what it is dealt.</summary>
    /// <param name="from">What this member had.</param>
    /// <param name="isOver">Whether the run is to begin anew for another reason; asked now and then.</param>
    /// <param name="end">Told of it, or of a failure.</param>
    public async Task WatchAsync(IReadOnlyList<SourcePartition> from, Func<CancellationToken, Task<bool>> isOver, Action<PipelineFailure> end, CancellationToken cancel)
    {
        try
        {
            var changed = ChangedAsync(from, cancel);
            while (!changed.IsCompleted && !await isOver(cancel)) await Task.WhenAny(changed, Task.Delay(LookEvery, cancel));
            if (changed.IsCompleted) await changed;
            end(new PipelineFailure(FailureClass.Fenced, $"Kafka {_kafka.BootstrapServers}: the consumer group '{KafkaClients.GroupOf(_kafka, _pipeline)}' shares the partitions of '{_kafka.Prefix}' anew") { ExitCode = ExitCode.Fenced });
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // reading has ended
        }
        catch (PipelineFailure ended)
        {
            end(ended);
        }
    }

    public ValueTask DisposeAsync() => _group.DisposeAsync();

    private (IReadOnlyList<SourcePartition> Dealt, Task News) Look()
    {
        lock (_lock)
        {
            if (_failure is not null) throw _failure;
            return ([.. _dealt.Select(p => new SourcePartition(p.Topic, p.Partition.Value)).Order()], _news.Task);
        }
    }

    private (IReadOnlyList<SourcePartition> Dealt, Task News) LookAtOwned()
    {
        try
        {
            return Look();
        }
        catch (PipelineFailure failure) when (failure.Class == FailureClass.Transient)
        {
            throw new PipelineFailure(FailureClass.Fenced, failure.Message, failure) { ExitCode = failure.ExitCode };
        }
    }

    private void Dealt(IImmutableSet<TopicPartition> partitions) => Tell(() => _dealt.UnionWith(partitions));

    private void Taken(IImmutableSet<TopicPartition> partitions) => Tell(() => _dealt.ExceptWith(partitions));

    private void Tell(Action change)
    {
        TaskCompletionSource news;
        lock (_lock)
        {
            change();
            (news, _news) = (_news, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        news.TrySetResult();
    }
}
