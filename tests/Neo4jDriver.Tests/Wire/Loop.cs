using Neo4j.Driver.Internal.Bolt;
using Neo4j.Driver.Internal.PackStream;

namespace PolyglotSync.Neo4jDriver.Tests.Wire;

/// <summary>Values through the writer, chunks, a stream that hands out a few bytes at a time, and the reader.</summary>
internal static class Loop
{
    public static async Task<object?> ThroughAsync(object? value, bool utc = true, int bytesAtOnce = int.MaxValue) =>
        Read(await ReceiveAsync(new Trickle(await SendAsync(utc, value), bytesAtOnce)));

    /// <summary>One message for each value.</summary>
    public static async Task<byte[]> SendAsync(bool utc, params object?[] values)
    {
        using var output = new ChunkedOutput();
        var writer = new PackStreamWriter(output) { UtcDateTimes = utc };
        foreach (var value in values)
        {
            output.BeginMessage();
            writer.Write(value);
            output.EndMessage();
        }

        using var sent = new MemoryStream();
        await output.FlushAsync(sent, CancellationToken.None);
        return sent.ToArray();
    }

    public static async Task<byte[]> ReceiveAsync(Stream stream)
    {
        using var input = new MessageInput();
        return await NextAsync(input, stream);
    }

    public static async Task<byte[]> NextAsync(MessageInput input, Stream stream)
    {
        ReadOnlyMemory<byte> message;
        while (!input.TryRead(out message)) await input.FillAsync(stream, CancellationToken.None);
        return message.ToArray();
    }

    public static object? Read(byte[] message) => new PackStreamReader(message).Read();

    internal sealed class Trickle(byte[] bytes, int atOnce) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, atOnce)], cancellationToken);
    }
}
