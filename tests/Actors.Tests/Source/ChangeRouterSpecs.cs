using PolyglotSync.Actors.Source;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;

namespace PolyglotSync.Actors.Tests;

public class ChangeRouterSpecs
{
    private readonly ChangeRouter _router = new(buckets: 8);

    [Fact]
    public void Every_change_goes_to_one_bucket_in_order()
    {
        var rows = new Rows();
        for (var i = 0; i < 1000; i++) rows.Insert(i % 50, $"{i}");
        var slices = _router.Part(rows.Batch(), Position.Start).ToList();

        slices.Sum(s => s.Count).ShouldBe(1000);
        slices.Count.ShouldBeGreaterThan(4);
        foreach (var slice in slices) slice.Indexes.Take(slice.Count).ShouldBeInOrder();
    }

    [Fact]
    public void A_row_that_changes_its_key_stays_with_its_bucket_until_the_drain()
    {
        var moved = Enumerable.Range(2, 50).First(to => BucketOf(new Rows().Update(to, "x")) != BucketOf(new Rows().Update(1, "x")));
        var home = BucketOf(new Rows().Update(1, "x"));

        BucketOf(new Rows().Move(1, moved, "x")).ShouldBe(home);
        BucketOf(new Rows().Update(moved, "y")).ShouldBe(home);
        _router.Forget();
        BucketOf(new Rows().Update(moved, "y")).ShouldNotBe(home);
    }

    [Fact]
    public void A_key_that_a_moved_row_gave_up_is_found_by_itself_again()
    {
        var moved = Enumerable.Range(2, 50).First(to => BucketOf(new Rows().Update(to, "x")) != BucketOf(new Rows().Update(1, "x")));
        var natural = BucketOf(new Rows().Update(moved, "x"));
        BucketOf(new Rows().Move(1, moved, "x"));
        BucketOf(new Rows().Delete(moved));

        BucketOf(new Rows().Insert(moved, "other")).ShouldBe(natural);
    }

    [Fact]
    public void A_truncate_reaches_every_bucket_and_is_remembered_until_the_drain()
    {
        _router.Part(new Rows().Truncate().Batch(), Position.Start).Count().ShouldBe(8);
        _router.Truncated.ShouldBe([new TableName("public", "t")]);
        _router.Forget();
        _router.Truncated.ShouldBeEmpty();
    }

    private int BucketOf(Rows rows) => _router.Part(rows.Batch(), Position.Start).ShouldHaveSingleItem().Bucket;
}
