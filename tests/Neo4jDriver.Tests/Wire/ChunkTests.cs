using Neo4j.Driver.Internal.Bolt;
using Neo4j.Driver.Internal.PackStream;
using Shouldly;
using Xunit;

namespace PolyglotSync.Neo4jDriver.Tests.Wire;

public class ChunkTests
{
    [Fact]
    public async Task A_small_message_is_one_chunk_and_an_end() =>
        (await Loop.SendAsync(true, 1L)).ShouldBe([0, 1, 1, 0, 0]);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4_096)]
    public async Task Messages_are_told_apart_however_the_bytes_arrive(int atOnce)
    {
        var values = new object[] { 1L, new string('x', 70_000), "", new string('y', 65_530), 2L };
        var stream = new Loop.Trickle(await Loop.SendAsync(true, values), atOnce);
        using var input = new MessageInput();
        foreach (var value in values) Loop.Read(await Loop.NextAsync(input, stream)).ShouldBe(value);
    }

    [Fact]
    public async Task Keep_alives_between_messages_are_skipped_and_a_message_may_have_many_chunks()
    {
        byte[] bytes = [0, 0, 0, 0, 0, 1, 0x82, 0, 1, 0x61, 0, 1, 0x62, 0, 0, 0, 0, 0, 1, 7, 0, 0];
        using var input = new MessageInput();
        var stream = new Loop.Trickle(bytes, 3);
        Loop.Read(await Loop.NextAsync(input, stream)).ShouldBe("ab");
        Loop.Read(await Loop.NextAsync(input, stream)).ShouldBe(7L);
    }

    [Fact]
    public async Task The_end_of_the_stream_in_a_message_is_an_error() =>
        await Should.ThrowAsync<EndOfStreamException>(Loop.ReceiveAsync(new MemoryStream([0, 5, 1])));

    [Theory]
    [InlineData(10)]
    [InlineData(200_000)]
    public async Task A_message_taken_back_leaves_no_trace(int size)
    {
        using var output = new ChunkedOutput();
        var writer = new PackStreamWriter(output);
        output.BeginMessage();
        writer.WriteInteger(1);
        output.EndMessage();
        output.BeginMessage();
        writer.WriteString(new string('x', size));
        output.AbandonMessage();
        output.BeginMessage();
        writer.WriteInteger(2);
        output.EndMessage();
        using var sent = new MemoryStream();
        await output.FlushAsync(sent, CancellationToken.None);
        sent.ToArray().ShouldBe([0, 1, 1, 0, 0, 0, 1, 2, 0, 0]);
    }

    [Fact]
    public async Task Every_length_around_the_end_of_a_segment_survives()
    {
        for (var size = ChunkedOutput.SegmentBytes - 12; size < ChunkedOutput.SegmentBytes + 4; size++)
        {
            var values = new object[] { new string('a', size), 300L, "end" };
            using var input = new MessageInput();
            var stream = new MemoryStream(await Loop.SendAsync(true, values));
            foreach (var value in values) Loop.Read(await Loop.NextAsync(input, stream)).ShouldBe(value);
        }
    }
}
