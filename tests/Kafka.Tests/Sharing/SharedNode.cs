using Microsoft.Extensions.Logging.Abstractions;
using PolyglotSync.Kafka.Consuming;
using PolyglotSync.Kafka.Cuts;
using PolyglotSync.Kafka.Envelope;
using PolyglotSync.Kafka.Sharing;
using PolyglotSync.Kafka.Tests.Consuming;

namespace PolyglotSync.Kafka.Tests.Sharing;

/// <summary>A node that was dealt some of the partitions of topics in memory.</summary>
internal sealed class SharedNode(Story story, FakeTopics topics, SharedGraph graph, IReadOnlyList<SourcePartition> dealt, Random random)
{
    private readonly IReadOnlyList<PartitionState> _claims = graph.Claim(dealt);
    private readonly SharedWatermark _watermark = new([.. topics.Messages.Keys]);

    /// <summary>What it had read and not written when it stopped.</summary>
    public ChangeBatch? InHand { get; private set; }

    public List<Lsn> Watermarks { get; } = [];

    /// <summary>Reads on until nothing is left, or until it is stopped.</summary>
    public async Task ReadAsync(CancellationToken stop)
    {
        IReadOnlyList<PartitionOffset> from = [.. _claims.Select(c => new PartitionOffset(c.Partition, c.Offset))];
        var applied = new AppliedOffsets();
        applied.Tell(from);
        var barriers = new BarrierCrossing("p", _claims, graph, TimeProvider.System, NullLogger.Instance);
        var lanes = _claims.Select(c => new PartitionLane(c.Partition.Source, c.Partition.Partition, Math.Max(0, c.Offset), new LaneBudget(long.MaxValue))).ToArray();
        var relations = new RelationHistory(story.Mapping, "test", new EnvelopeOptions(KeyChanges: KeyChanges.Split, ExistenceUnknown: true));
        var merge = new SharedMerge(story.Mapping.Tables.ToDictionary(t => $"{FakeTopics.Prefix}.{t.Table}", t => t.Table), relations, lanes, barriers, "test", fullRows: 7);
        var walk = new SharedWalk(merge, barriers, applied, from);
        foreach (var lane in lanes)
        {
            foreach (var message in topics.Messages[lane.Topic][lane.Partition]) lane.Put(message);
            lane.ReachEnd(topics.Messages[lane.Topic][lane.Partition].Count);
        }
        var steps = new CutSteps(ReadPlace.Start(FakeTopics.Prefix), Cut.Start, "test");
        var told = 0;
        while (told < topics.Records.Count || steps.HasStep)
        {
            for (var more = random.Next(1, 8); more > 0 && told < topics.Records.Count; more--) steps.Take(topics.Records[told++]);
            if (!steps.HasStep) continue;
            var step = steps.Next();
            await foreach (var batch in walk.ReadAsync(step, [.. steps.Relations], steps.HasStep, () => _watermark.Reached, stop))
            {
                InHand = batch;
                await Task.Yield();
                stop.ThrowIfCancellationRequested();
                graph.Apply(batch, _claims);
                applied.Tell(batch.Cut!.Value.Partitions!);
                InHand = null;
            }
            _watermark.Passed(step);
            _watermark.Look(await graph.ReadPartitionsAsync("p", null, stop));
            Watermarks.Add(_watermark.Reached.Watermark);
        }
    }

    /// <summary>Wakes up late, and writes what it had in its hands.</summary>
    public void WakeUpLate()
    {
        if (InHand is { } batch) Should.Throw<PipelineFailure>(() => graph.Apply(batch, _claims)).Class.ShouldBe(FailureClass.Fenced);
    }

    public Lsn LookAgain()
    {
        _watermark.Look(graph.ReadPartitionsAsync("p", null, CancellationToken.None).GetAwaiter().GetResult());
        return _watermark.Reached.Watermark;
    }
}
