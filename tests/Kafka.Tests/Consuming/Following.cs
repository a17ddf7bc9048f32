using PolyglotSync.Kafka.Consuming;
using PolyglotSync.Kafka.Cuts;

namespace PolyglotSync.Kafka.Tests.Consuming;

/// <summary>A graph that reads topics in memory: what it has applied, and where it would go on.</summary>
internal sealed class Following(GraphMapping mapping, IReadOnlyDictionary<string, List<RawMessage>[]> messages, IReadOnlyList<CutsRecord> records, Random random)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    public List<string> Applied { get; } = [];

    public List<RefusedMessage> Refused { get; } = [];

    public Cut Cut { get; private set; } = Cut.Start;

    public CopyState Copy { get; private set; } = CopyState.Empty;

    /// <summary>How many rows were applied at each cut.</summary>
    public List<(Cut Cut, int Count)> Cuts { get; } = [];

    public int MostRows { get; private set; }

    /// <summary>Reads on until nothing is left, or until so many batches were taken: then it dies, and loses what stood behind the last cut.</summary>
    public async Task ReadAsync(int batches = int.MaxValue, LimitSettings? limits = null, int fullRows = 20)
    {
        using var stop = new CancellationTokenSource(Soon);
        var place = Cut.Offsets is null ? ReadPlace.Start(FakeTopics.Prefix) : ReadPlace.Parse(Cut.Offsets);
        var steps = new CutSteps(place, Cut, "test");
        var relations = new RelationHistory(mapping, "test");
        var feeding = new List<Task>();
        var merge = new TopicMerge(mapping.Tables.ToDictionary(t => $"{FakeTopics.Prefix}.{t.Table}", t => t.Table), relations, limits ?? new LimitSettings(), place, Cut, Copy,
            new LaneBudget(long.MaxValue), lanes => feeding.Add(Task.Run(() => Feed(lanes))), "test", fullRows);
        var isEntered = false;
        var told = 0;
        var open = new List<string>();
        while (told < records.Count || steps.HasStep)
        {
            for (var more = random.Next(1, 8); more > 0 && told < records.Count; more--) steps.Take(records[told++]);
            if (!steps.HasStep) continue;
            var step = steps.Next();
            if (!isEntered) relations.Enter(steps.Relations, place.Epoch, place.Change);
            isEntered = true;
            await foreach (var batch in merge.ReadAsync(step, [.. steps.Relations], steps.HasStep, stop.Token))
            {
                Take(batch, open);
                if (--batches == 0) return;
            }
        }
        await Task.WhenAll(feeding);
    }

    /// <summary>A change of columns goes ahead of its transaction's rows.</summary>
    public static bool IsRow(string line) => !line.Contains(" columns +", StringComparison.Ordinal);

    /// <summary>Says where they part: thousands of lines say nothing.</summary>
    public static void ShouldBeSame(IReadOnlyList<string> applied, IReadOnlyList<string> expected)
    {
        var same = applied.Zip(expected).TakeWhile(p => p.First == p.Second).Count();
        if (same == applied.Count && same == expected.Count) return;
        throw new ShouldAssertException($"{applied.Count} changes for {expected.Count}; the first {same} are right, then\n  {string.Join("\n  ", applied.Skip(same).Take(3))}\ninstead of\n  {string.Join("\n  ", expected.Skip(same).Take(3))}");
    }

    private void Take(ChangeBatch batch, List<string> open)
    {
        open.AddRange(batch.Entries.ToArray().Select(e => Happening.LineOf(batch, e)));
        MostRows = Math.Max(MostRows, batch.Count);
        Refused.AddRange(batch.Refused);
        if (batch.Cut is { } cut)
        {
            Applied.AddRange(open);
            open.Clear();
            Cut = cut;
            Copy = batch.CopyState ?? Copy;
            Cuts.Add((cut, Applied.Count(IsRow)));
        }
        batch.Release();
    }

    private void Feed(IReadOnlyList<PartitionLane> lanes)
    {
        foreach (var lane in lanes)
        {
            var all = messages[lane.Topic][lane.Partition];
            foreach (var message in all.Skip((int)lane.Arriving)) lane.Put(message);
            lane.ReachEnd(all.Count);
        }
    }
}
