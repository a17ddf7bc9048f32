using Neo4j.Driver;
using Shouldly;
using Xunit;

namespace PolyglotSync.Neo4jDriver.Tests.Wire;

public class PackStreamTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(-16, 1)]
    [InlineData(127, 1)]
    [InlineData(-17, 2)]
    [InlineData(-128, 2)]
    [InlineData(128, 3)]
    [InlineData(-129, 3)]
    [InlineData(32767, 3)]
    [InlineData(32768, 5)]
    [InlineData(-32769, 5)]
    [InlineData(2147483647, 5)]
    [InlineData(2147483648, 9)]
    [InlineData(long.MinValue, 9)]
    [InlineData(long.MaxValue, 9)]
    public async Task An_integer_takes_the_fewest_bytes_and_comes_back(long value, int bytes)
    {
        var message = await Loop.ReceiveAsync(new MemoryStream(await Loop.SendAsync(true, value)));
        message.Length.ShouldBe(bytes);
        Loop.Read(message).ShouldBe(value);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(65_528)]
    [InlineData(65_534)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(200_003)]
    public async Task Text_lists_maps_and_bytes_come_back_at_every_boundary_of_size(int size)
    {
        var text = string.Concat(Enumerable.Repeat("aé漢😀", (size / 5) + 1))[..size];
        if (size > 0 && char.IsHighSurrogate(text[^1])) text = text[..^1] + "x";
        (await Loop.ThroughAsync(text, bytesAtOnce: 7_001)).ShouldBe(text);

        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        (await Loop.ThroughAsync(bytes)).ShouldBe(bytes);

        var list = Enumerable.Range(0, size).Select(i => (object)(long)i).ToList();
        (await Loop.ThroughAsync(list)).ShouldBeOfType<List<object>>().SequenceEqual(list).ShouldBeTrue();

        var map = Enumerable.Range(0, size).ToDictionary(i => $"k{i}", i => (object)(long)i);
        var back = (await Loop.ThroughAsync(map)).ShouldBeOfType<Dictionary<string, object>>();
        back.Count.ShouldBe(size);
        back.All(e => map[e.Key].Equals(e.Value)).ShouldBeTrue();
    }

    public static TheoryData<object?, object?> Pairs() => new()
    {
        { null, null }, { true, true }, { false, false }, { 1.5, 1.5 }, { double.NaN, double.NaN }, { double.NegativeInfinity, double.NegativeInfinity },
        { (short)-300, -300L }, { (byte)200, 200L }, { (sbyte)-5, -5L }, { 1.5f, 1.5 }, { 2.25m, 2.25 }, { 'x', "x" },
        { new DateTime(2024, 2, 29, 13, 1, 2, DateTimeKind.Unspecified), new LocalDateTime(2024, 2, 29, 13, 1, 2) },
        { new DateTime(2024, 2, 29, 13, 1, 2, DateTimeKind.Utc), new ZonedDateTime(new DateTimeOffset(2024, 2, 29, 13, 1, 2, TimeSpan.Zero)) },
        { new DateTimeOffset(1901, 1, 1, 0, 0, 0, 5, TimeSpan.FromHours(-7)), new ZonedDateTime(new DateTimeOffset(1901, 1, 1, 0, 0, 0, 5, TimeSpan.FromHours(-7))) },
        { new TimeSpan(0, 23, 59, 59, 999), new LocalTime(23, 59, 59, 999_000_000) },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_dotnet_value_becomes_its_Cypher_value(object? sent, object? received) =>
        (await Loop.ThroughAsync(sent)).ShouldBe(received);

    public static TheoryData<object> Structures() => new()
    {
        new LocalDate(1, 1, 1), new LocalDate(-999_999_999, 1, 1), new LocalDate(999_999_999, 12, 31), new LocalDate(1969, 12, 31), new LocalDate(2000, 2, 29),
        new LocalTime(0, 0, 0), new LocalTime(23, 59, 59, 999_999_999),
        new OffsetTime(1, 2, 3, 4, -64_800), new OffsetTime(1, 2, 3, 4, 20_700),
        new LocalDateTime(1969, 12, 31, 23, 59, 59, 1), new LocalDateTime(-44, 3, 15, 12, 0, 0),
        new ZonedDateTime(-1, 999_999_999, Zone.Of(3_600)), new ZonedDateTime(1_700_000_000, 5, Zone.Of("Europe/London")),
        new Duration(-1, 2, -3, 4), new Duration(long.MaxValue, long.MinValue, 0, 0),
        new Point(7203, 1, -2), new Point(4979, 1.5, 2.5, -3.5),
    };

    [Theory]
    [MemberData(nameof(Structures))]
    public async Task A_temporal_or_spatial_value_comes_back_with_and_without_the_utc_patch(object value)
    {
        (await Loop.ThroughAsync(value)).ShouldBe(value);
        (await Loop.ThroughAsync(value, utc: false)).ShouldBe(value);
    }

    [Fact]
    public async Task Rows_of_values_come_back_as_lists_of_lists()
    {
        var rows = Enumerable.Range(0, 5_000).Select(i => new object?[] { (long)i, $"user {i}", null, i * 0.5, i % 2 == 0 }).ToList();
        var back = (await Loop.ThroughAsync(rows, bytesAtOnce: 1_000)).ShouldBeOfType<List<object>>();
        back.Count.ShouldBe(5_000);
        back.Select((row, i) => ((List<object?>)row).SequenceEqual(rows[i])).ShouldAllBe(same => same);
    }

    [Fact]
    public async Task A_lone_surrogate_becomes_the_replacement_character() => (await Loop.ThroughAsync("a\ud800b")).ShouldBe("a\ufffdb");

    [Fact]
    public async Task A_type_that_Cypher_lacks_is_refused_by_name()
    {
        var error = await Should.ThrowAsync<ProtocolException>(Loop.SendAsync(true, Guid.Empty));
        error.Message.ShouldContain("System.Guid");
    }

    [Theory]
    [InlineData(new byte[] { 0xD6, 0x7F, 0xFF, 0xFF, 0xFF })]
    [InlineData(new byte[] { 0x85, 0x61 })]
    [InlineData(new byte[] { 0xC7 })]
    [InlineData(new byte[] { 0xB1, 0x01, 0x01 })]
    public void Nonsense_from_the_server_is_a_protocol_error(byte[] message) => Should.Throw<ProtocolException>(() => Loop.Read(message));
}
