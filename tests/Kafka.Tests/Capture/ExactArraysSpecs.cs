using PolyglotSync.Kafka.Capture;

namespace PolyglotSync.Kafka.Tests.Capture;

public sealed class ExactArraysSpecs
{
    private readonly ExactArrays _arrays = new();

    [Theory]
    [InlineData(0), InlineData(1), InlineData(330), InlineData(4096), InlineData(10_000)]
    public void A_copy_is_exactly_as_long_as_what_it_copies(int length)
    {
        var bytes = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
        _arrays.Copy(bytes).ShouldBe(bytes);
    }

    [Fact]
    public void What_came_back_is_used_again_and_a_few_of_each_length_are_kept()
    {
        var made = Enumerable.Range(0, 6).Select(_ => _arrays.Copy("abc"u8)).ToList();
        foreach (var array in made) _arrays.Return(array);
        var again = Enumerable.Range(0, 6).Select(_ => _arrays.Copy("xyz"u8)).ToList();
        again.Count(array => made.Any(m => ReferenceEquals(m, array))).ShouldBe(4);
        byte[] expected = [.. "xyz"u8];
        foreach (var array in again) array.ShouldBe(expected);
    }

    [Fact]
    public void What_is_none_empty_or_long_is_not_kept()
    {
        _arrays.Return(null);
        _arrays.Return([]);
        var large = _arrays.Copy(new byte[5_000]);
        _arrays.Return(large);
        _arrays.Copy(new byte[5_000]).ShouldNotBeSameAs(large);
    }
}
