using FsCheck;
using FsCheck.Fluent;
using PolyglotSync.Kafka.Consuming;

namespace PolyglotSync.Kafka.Tests.Consuming;

/// <summary>Whatever captures did, a graph that reads their topics gets each change once, in the order of capture, and its cuts are the source's.</summary>
public sealed class StoryTests
{
    [Fact]
    public void Every_change_comes_once_in_order_whatever_captures_and_readers_did() => Prop.ForAll(Gen.Choose(1, int.MaxValue - 1).ToArbitrary(), seed =>
    {
        var story = new Story(seed);
        var topics = new FakeTopics(story, seed);
        topics.WriteAll();
        var random = new Random(seed);
        var graph = new Following(story.Mapping, topics.Messages, topics.Records, random);
        for (var deaths = random.Next(4); deaths > 0; deaths--) graph.ReadAsync(random.Next(1, 12)).GetAwaiter().GetResult();
        graph.ReadAsync().GetAwaiter().GetResult();
        Following.ShouldBeSame(graph.Applied, topics.Expected);
        (graph.Cut.Position, graph.Cut.Watermark).ShouldBe((topics.Last.Position, topics.Last.Watermark));
        CopyStates.Same(graph.Copy, topics.Copy).ShouldBeTrue();
        graph.Cuts.Where(c => c.Cut.Position.IsWhole).ShouldAllBe(c => topics.Boundaries.Contains(c.Count));
        graph.Cuts.Select(c => c.Cut.Watermark).ShouldBeInOrder();
        graph.Refused.ShouldBeEmpty();
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public async Task What_only_one_cut_leads_over_comes_in_batches_that_end_at_transactions()
    {
        var story = new Story(7);
        var topics = new FakeTopics(story, 7);
        topics.WriteAll();
        var last = topics.Records.FindLastIndex(r => r is Kafka.Cuts.CutRecord c && c.Position == topics.Last.Position);
        // as compaction leaves them
        var compacted = topics.Records.Where((r, i) => r is not Kafka.Cuts.CutRecord || i == last).ToList();
        var graph = new Following(story.Mapping, topics.Messages, compacted, new Random(7));
        await graph.ReadAsync(fullRows: 10);
        Following.ShouldBeSame(graph.Applied, topics.Expected);
        graph.Cuts.Count.ShouldBeGreaterThan(5);
        graph.Cuts.Where(c => c.Cut.Position.IsWhole).ShouldAllBe(c => topics.Boundaries.Contains(c.Count));
    }

    [Fact]
    public async Task A_transaction_above_the_limit_comes_in_parts_and_goes_on_after_a_death_between_them()
    {
        var story = new Story(7);
        var topics = new FakeTopics(story, 7);
        topics.WriteAll();
        var limits = new LimitSettings { MaxSourceTransactionRows = 10 };
        var graph = new Following(story.Mapping, topics.Messages, topics.Records, new Random(7));
        for (var deaths = 0; deaths < 20; deaths++) await graph.ReadAsync(batches: 3, limits, fullRows: 5);
        await graph.ReadAsync(limits: limits, fullRows: 5);
        Following.ShouldBeSame(graph.Applied, topics.Expected);
        graph.Cuts.ShouldContain(c => !c.Cut.Position.IsWhole);
        graph.MostRows.ShouldBeLessThanOrEqualTo(6);
    }

    [Fact]
    public async Task Bad_messages_are_refused_with_their_place_and_cost_nothing_else()
    {
        var story = new Story(11);
        var topics = new FakeTopics(story, 11);
        topics.WriteAll();
        var (topic, partitions) = topics.Messages.First();
        var (victim, at) = partitions.SelectMany(p => p.Select((m, i) => (List: p, Index: i))).First(m =>
            m.List[m.Index].TryPlace(out var place) && place.Epoch == topics.Records[^1].Epoch && System.Text.Encoding.UTF8.GetString(m.List[m.Index].Value.Span).Contains("\"op\":\"c\"", StringComparison.Ordinal));
        var good = System.Text.Encoding.UTF8.GetString(victim[at].Value.Span);
        victim[at] = victim[at] with { Value = System.Text.Encoding.UTF8.GetBytes(good.Replace("\"op\":\"c\"", "\"op\":\"x\"", StringComparison.Ordinal)) };
        victim.RemoveAll(m => m.Offset > at && m.Value.Span.SequenceEqual(System.Text.Encoding.UTF8.GetBytes(good)));
        var graph = new Following(story.Mapping, topics.Messages, topics.Records, new Random(11));
        await graph.ReadAsync();
        graph.Applied.Count.ShouldBe(topics.Expected.Count - 1);
        graph.Applied.Except(topics.Expected).ShouldBeEmpty();
        var refused = graph.Refused.ShouldHaveSingleItem();
        (refused.Topic, refused.Offset).ShouldBe((topic, (long)at));
        refused.Reason.ShouldContain("the operation 'x' is unknown");
        refused.Key.ShouldStartWith("{\"id\":");
    }

    [Fact]
    public void A_place_is_read_back_as_it_was_written()
    {
        var place = new ReadPlace("a.b", 3, 42, new Dictionary<string, long[]> { ["a.b.public.users"] = [1, 0, 99_999_999_999], ["a.b.s.x_y-z"] = [] });
        var text = place.ToString();
        text.ShouldBe("a.b|3:42|public.users=1,0,99999999999|s.x_y-z=");
        ReadPlace.Parse(text).ToString().ShouldBe(text);
        Should.Throw<FormatException>(() => ReadPlace.Parse("x"));
        Should.Throw<FormatException>(() => ReadPlace.Parse("a|1:2|t=1,b"));
    }
}
