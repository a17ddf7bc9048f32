using PolyglotSync.SyncNode.Load.Choosing;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests.Load;

public sealed class ChoosingSpecs
{
    private const int Draws = 200_000;

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.99)]
    [InlineData(1)]
    [InlineData(2)]
    public void The_k_th_rank_is_as_likely_as_1_by_k_to_the_exponent(double exponent)
    {
        const int Ranks = 50;
        var counts = Counted(exponent, Ranks);
        var sum = Enumerable.Range(1, Ranks).Sum(k => Math.Pow(k, -exponent));
        for (var k = 1; k <= Ranks; k++)
        {
            var expected = Draws * Math.Pow(k, -exponent) / sum;
            ((double)counts[k - 1]).ShouldBe(expected, 5 * Math.Sqrt(expected) + 1, $"rank {k} of exponent {exponent}");
        }
    }

    [Fact]
    public void Without_skew_all_ranks_are_alike() => Counted(0, 20).ShouldAllBe(count => Math.Abs(count - (Draws / 20)) < 500);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5_000_000)]
    public void Each_number_of_ranks_is_drawn_from_without_a_table(int ranks)
    {
        var random = new Random(1);
        foreach (var exponent in (double[])[0, 0.01, 0.99, 1, 1.5, 5])
        {
            for (var i = 0; i < 1000; i++) new Zipf(exponent).Draw(random, ranks).ShouldBeInRange(0, ranks - 1);
        }
    }

    [Fact]
    public void A_mix_is_drawn_as_it_is_written()
    {
        var mix = LoadMix.Parse(" inserts=60, updates=30,keys=10");
        mix.ToString().ShouldBe("inserts=60,updates=30,deletes=0,keys=10");
        var random = new Random(3);
        var drawn = Enumerable.Range(0, Draws).Select(_ => mix.Draw(random)).CountBy(kind => kind).ToDictionary();
        ((double)drawn[LoadKind.Insert] / Draws).ShouldBe(0.6, 0.01);
        ((double)drawn[LoadKind.Update] / Draws).ShouldBe(0.3, 0.01);
        ((double)drawn[LoadKind.KeyChange] / Draws).ShouldBe(0.1, 0.01);
        drawn.ShouldNotContainKey(LoadKind.Delete);
    }

    [Theory]
    [InlineData("inserts=1,updatse=2,deletes=x,deletes", "'updatse' is none of inserts, updates, deletes, keys", "'deletes=x' is not deletes=N", "'deletes' is not deletes=N")]
    [InlineData("inserts=1,inserts=2", "inserts is there twice")]
    [InlineData("inserts=-1", "'inserts=-1' is not inserts=N")]
    [InlineData("inserts=0", "it leaves nothing to do")]
    [InlineData("", "it leaves nothing to do")]
    public void What_is_wrong_with_a_mix_is_said_at_once(string text, params string[] mistakes)
    {
        var message = Should.Throw<FormatException>(() => LoadMix.Parse(text)).Message;
        foreach (var mistake in mistakes) message.ShouldContain(mistake);
    }

    [Fact]
    public void Sizes_are_a_number_or_a_range()
    {
        RowRange.Parse("7").ShouldBe(new RowRange(7, 7));
        RowRange.Parse("1..20").ToString().ShouldBe("1..20");
        var random = new Random(1);
        Enumerable.Range(0, 1000).Select(_ => RowRange.Parse("2..4").Draw(random)).Distinct().Order().ShouldBe([2, 3, 4]);
        foreach (var wrong in (string[])["0", "1..", "..2", "5..2", "1..200000", "x", "1-2"]) Should.Throw<FormatException>(() => RowRange.Parse(wrong));
    }

    private static int[] Counted(double exponent, int ranks)
    {
        var random = new Random(42);
        var zipf = new Zipf(exponent);
        var counts = new int[ranks];
        for (var i = 0; i < Draws; i++) counts[zipf.Draw(random, ranks)]++;
        return counts;
    }
}
