using System.Buffers.Text;

namespace PolyglotSync.Kafka.PerKey;

/// <summary>What an envelope of Debezium's says behind its rows, looked up without reading them: <c>source</c> follows <c>before</c> and <c>after</c>, and in a row's texts quotes are escaped.</summary>
internal static class EnvelopeTail
{
    /// <summary>Of the change's own record in the log; 0 where the envelope does not say.</summary>
    public static long Lsn(ReadOnlySpan<byte> value)
    {
        var tail = Tail(value);
        var at = tail.IndexOf(",\"lsn\":"u8);
        return at >= 0 && Utf8Parser.TryParse(tail[(at + 7)..], out long lsn, out _) ? lsn : 0;
    }

    public static bool IsTruncate(ReadOnlySpan<byte> value) => Tail(value).IndexOf("\"op\":\"t\""u8) >= 0;

    private static ReadOnlySpan<byte> Tail(ReadOnlySpan<byte> value)
    {
        var source = value.LastIndexOf("\"source\":{"u8);
        return source < 0 ? [] : value[source..];
    }
}
