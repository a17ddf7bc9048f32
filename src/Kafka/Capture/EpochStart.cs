using PolyglotSync.Kafka.Connecting;
using PolyglotSync.Kafka.Cuts;
using PolyglotSync.Kafka.Topics;

namespace PolyglotSync.Kafka.Capture;

/// <summary>Where a capture begins: its epoch is claimed and said to everybody.</summary>
/// <param name="State">The cut that it resumes from.</param>
/// <param name="Relations">Columns that the log names up to there.</param>
/// <param name="Log">The log of cuts as far as it was read, to be read on.</param>
internal sealed record EpochStart(EpochRecord Record, TopicsState State, TopicLayout Layout, IReadOnlyList<RelationRecord> Relations, CutsLog Log)
{
    /// <summary>Claims the next epoch, finds the last cut before the claim, and checks that the topics still hold what it says.</summary>
    /// <exception cref="PipelineFailure">The topics belong to another source, or one of them was deleted.</exception>
    public static async Task<EpochStart> ClaimAsync(CutsTopic cuts, TopicReport topics, PartitionOffsets offsets, SourceIdentity source, KafkaSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        var log = new CutsLog();
        await cuts.ReadToEndAsync(record => log.Take(record), cancellationToken);
        for (var won = false; !won;)
        {
            var claim = new ClaimRecord { Epoch = log.Claimed + 1, By = Guid.NewGuid() };
            var (offset, _) = await cuts.WriteAsync(claim, cancellationToken);
            // what another capture wrote before the claim counts; whoever claimed the same number before has it
            await cuts.ReadThroughAsync(offset, record => won |= log.Take(record) && record is ClaimRecord { By: var by } && by == claim.By, cancellationToken);
        }
        var state = log.State ?? TopicsState.Empty;
        if (log.Epoch is { } last && last.Source != source) throw Other(settings, last.Source, source);
        var layout = new TopicLayout(topics);
        var ends = await EndsAsync(layout, offsets, cancellationToken);
        var reached = Reached(layout, ends, state, topics, settings);
        var record = new EpochRecord
        {
            Epoch = log.Claimed,
            Source = source,
            ResumesEpoch = state.Epoch,
            ResumesChange = state.Change,
            Position = state.Cut.Position,
            Watermark = state.Cut.Watermark,
            Copy = state.Copy,
            Offsets = layout.ByTopic(reached),
            Ends = layout.ByTopic(ends),
            At = time.GetUtcNow(),
        };
        await cuts.WriteAsync(record, cancellationToken);
        var relations = log.Relations.Where(r => r.Epoch < state.Epoch || (r.Epoch == state.Epoch && r.Change <= state.Change)).ToList();
        return new EpochStart(record, state, layout, relations, log);
    }

    private static async Task<long[]> EndsAsync(TopicLayout layout, PartitionOffsets offsets, CancellationToken cancellationToken)
    {
        var ranges = await offsets.ReadAsync(layout.Partitions, cancellationToken);
        return [.. layout.Partitions.Select(p => ranges[p].End)];
    }

    /// <summary>Behind the last message of the cut: for a partition that the cut does not know, its end.</summary>
    private static long[] Reached(TopicLayout layout, long[] ends, TopicsState state, TopicReport topics, KafkaSettings settings)
    {
        var reached = ends.ToArray();
        foreach (var (topic, offsets) in state.Offsets)
        {
            if (layout.CountOf(topic) == 0) continue;
            var isEmpty = offsets.All(o => o == 0);
            for (var p = 0; p < Math.Min(offsets.Length, layout.CountOf(topic)); p++)
            {
                var index = layout.FirstOf(topic) + p;
                if (offsets[p] > ends[index] || (!isEmpty && topics.Made.Contains(topic))) throw Gone(settings, topic, p, offsets[p], ends[index]);
                reached[index] = offsets[p];
            }
        }
        return reached;
    }

    private static PipelineFailure Gone(KafkaSettings settings, string topic, int partition, long offset, long end) => KafkaFailures.Unfit(settings.BootstrapServers,
        $"topic {topic} ends at {end} in partition {partition}, though changes up to {offset} were captured into it: it was deleted and made anew, and what it held is lost; {Resync.Anew}");

    private static PipelineFailure Other(KafkaSettings settings, SourceIdentity theirs, SourceIdentity ours) => KafkaFailures.Unfit(settings.BootstrapServers,
        $"the topics of the prefix '{settings.Prefix}' hold changes of {theirs}, and the source is {ours}; choose another kafka.prefix, or {Resync.Anew}");
}
