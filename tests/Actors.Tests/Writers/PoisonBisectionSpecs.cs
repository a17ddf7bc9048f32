using PolyglotSync.Actors.Writers;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;

namespace PolyglotSync.Actors.Tests;

public class PoisonBisectionSpecs
{
    private int _tries;

    [Fact]
    public async Task Finds_the_guilty_among_thousands_in_few_tries()
    {
        var guilty = await FindAsync(5000, tried => tried.Any(i => i is 17 or 4321));

        guilty.ShouldBe([17, 4321]);
        _tries.ShouldBeLessThan(80);
    }

    [Fact]
    public async Task Finds_one_of_two_that_only_clash_with_each_other() =>
        (await FindAsync(100, tried => tried.Contains(3) && tried.Contains(97))).ShouldBe([97]);

    [Fact]
    public async Task Accuses_nobody_where_all_pass() => (await FindAsync(10, _ => false)).ShouldBeEmpty();

    [Fact]
    public async Task Accuses_all_where_none_passes() => (await FindAsync(3, tried => tried.Count > 0)).ShouldBe([0, 1, 2]);

    [Fact]
    public async Task An_outage_while_looking_accuses_nobody() =>
        await Should.ThrowAsync<PipelineFailure>(PoisonBisection.FindAsync(4, _ => throw new PipelineFailure(FailureClass.Transient, "gone")));

    private async Task<int[]> FindAsync(int count, Func<IReadOnlyList<int>, bool> refuses)
    {
        var found = await PoisonBisection.FindAsync(count, tried =>
        {
            _tries++;
            return Task.FromResult(refuses(tried) ? new PipelineFailure(FailureClass.Poison, "refused") : null);
        });
        return [.. found.Select(f => f.Index).Order()];
    }
}
