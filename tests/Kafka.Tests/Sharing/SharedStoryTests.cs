using FsCheck;
using FsCheck.Fluent;
using PolyglotSync.Kafka.Tests.Consuming;

namespace PolyglotSync.Kafka.Tests.Sharing;

/// <summary>However captures died and partitions moved between nodes, the graph that they write together is that of the tables.</summary>
public sealed class SharedStoryTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public void Nodes_that_share_partitions_make_the_graph_of_the_tables_whatever_captures_and_the_group_did() => Prop.ForAll(Gen.Choose(1, int.MaxValue - 1).ToArbitrary(), seed =>
        RunAsync(seed).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    private static async Task RunAsync(int seed)
    {
        var story = new Story(seed);
        var topics = new FakeTopics(story, seed, byKey: true);
        topics.WriteAll();
        var random = new Random(seed);
        var graph = new SharedGraph();
        var partitions = topics.Messages.SelectMany(m => Enumerable.Range(0, m.Value.Length).Select(p => new SourcePartition(m.Key, p))).ToArray();
        List<SharedNode> late = [];
        for (var deaths = random.Next(4); deaths >= 0; deaths--)
        {
            random.Shuffle(partitions);
            var nodes = Deal(partitions, random.Next(1, 4)).Select(dealt => new SharedNode(story, topics, graph, dealt, new Random(random.Next()))).ToList();
            late.ForEach(node => node.WakeUpLate());
            using var stop = new CancellationTokenSource(Soon);
            var reading = nodes.Select(node => Task.Run(() => node.ReadAsync(stop.Token))).ToList();
            if (deaths > 0)
            {
                await Task.WhenAny(Task.WhenAll(reading), Task.Delay(random.Next(1, 30)));
                await stop.CancelAsync();
                await Task.WhenAll(reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                reading.Where(r => r.IsFaulted).ShouldBeEmpty();
                late = nodes;
                continue;
            }
            await Task.WhenAll(reading);
            foreach (var node in nodes)
            {
                node.Watermarks.ShouldBeInOrder();
                node.LookAgain().ShouldBe(topics.Last.Watermark);
            }
        }
        graph.Rows.ShouldBe(SharedGraph.Of(story));
    }

    private static IEnumerable<IReadOnlyList<SourcePartition>> Deal(SourcePartition[] partitions, int nodes) =>
        partitions.Select((partition, i) => (partition, i)).GroupBy(p => p.i % nodes, p => p.partition).Select(p => p.ToList());
}
