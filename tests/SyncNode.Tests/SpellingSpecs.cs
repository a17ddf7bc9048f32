using PolyglotSync.SyncNode.Demo;
using PolyglotSync.SyncNode.Manifests;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests;

public sealed class SpellingSpecs
{
    [Theory]
    [InlineData("lable", "label", 1)]
    [InlineData("label", "label", 0)]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    public void Distance_counts_letters_swaps_as_one(string a, string b, int distance) => Spelling.Distance(a, b).ShouldBe(distance);

    [Fact]
    public void A_far_word_gets_the_whole_list() => Spelling.Hint("zebra", ["label", "key"]).ShouldBe("known here: key, label");
}
