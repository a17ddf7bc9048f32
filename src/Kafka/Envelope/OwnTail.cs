using System.Buffers.Text;

namespace PolyglotSync.Kafka.Envelope;

/// <summary>
/// What stands behind the rows in an envelope of <see cref="EnvelopeWriter"/>, compared with what it always writes instead of read as JSON: two thirds of an envelope, and of the time to read it, are its
/// <c>source</c>. An envelope that is laid out otherwise is not taken, and read as any other.
/// </summary>
internal sealed class OwnTail
{
    private static ReadOnlySpan<byte> Start => ",\"source\":{"u8;

    private byte[] _head = [];
    private byte[] _database = [];

    /// <summary>Takes the parts that are the same in all messages of one writer from one of its envelopes, which was read before.</summary>
    public void Learn(ReadOnlySpan<byte> payload)
    {
        var start = payload.LastIndexOf(Start);
        if (start < 0) return;
        var tail = payload[start..];
        var headEnd = tail.IndexOf("\"ts_ms\":"u8);
        var database = tail.IndexOf("\",\"db\":"u8);
        var sequence = tail.IndexOf("\"sequence\":\"[\\\""u8);
        if (headEnd < 0 || database < headEnd || sequence < database) return;
        _head = tail[..(headEnd + "\"ts_ms\":"u8.Length)].ToArray();
        _database = tail[database..(sequence + "\"sequence\":\"[\\\""u8.Length)].ToArray();
    }

    /// <param name="codec">The table that it is to be of.</param>
    /// <param name="rowsEnd">Where the rows end: in front of it stand <c>before</c> and <c>after</c>.</param>
    public bool TryRead(ReadOnlySpan<byte> payload, RelationCodec codec, out int rowsEnd, out SourceBlock source, out byte operation)
    {
        source = default;
        operation = 0;
        rowsEnd = _head.Length == 0 ? -1 : payload.LastIndexOf(Start);
        if (rowsEnd < 0) return false;
        var rest = payload[rowsEnd..];
        if (!Literal(ref rest, _head) || !Number(ref rest, out _) || !Literal(ref rest, ",\"snapshot\":\""u8)
            || !(Literal(ref rest, "false"u8) || Literal(ref rest, "incremental"u8))
            || !Literal(ref rest, _database) || !Number(ref rest, out _) || !Literal(ref rest, "\\\",\\\""u8) || !Number(ref rest, out _)
            || !Literal(ref rest, "\\\"]\",\"ts_us\":"u8) || !Number(ref rest, out var time) || !Literal(ref rest, ",\"ts_ns\":"u8) || !Number(ref rest, out _)
            || !Literal(ref rest, ","u8) || !Literal(ref rest, codec.SourceTable)
            || !Literal(ref rest, ",\"txId\":null,\"lsn\":"u8) || !Number(ref rest, out var lsn)
            || !Literal(ref rest, ",\"xmin\":null,\"commit_lsn\":"u8) || !Number(ref rest, out var commit)
            || !Literal(ref rest, ",\"event_serial_no\":"u8) || !Number(ref rest, out var serial)) return false;
        source.IsExpectedTable = true;
        source.TimestampMicros = time;
        source.Lsn = lsn;
        source.CommitLsn = commit;
        source.Serial = serial;
        if (Literal(ref rest, ",\"epoch\":"u8))
        {
            if (!Number(ref rest, out source.Epoch) || !Literal(ref rest, ",\"change_no\":"u8) || !Number(ref rest, out source.Number)) return false;
        }
        if (Literal(ref rest, ",\"before_image\":\"full\""u8)) source.FullBefore = true;
        else Literal(ref rest, ",\"before_image\":\"key\""u8);
        source.ExistenceUnknown = Literal(ref rest, ",\"existence_unknown\":true"u8);
        if (!Literal(ref rest, "},\"transaction\":null,\"op\":\""u8) || rest.IsEmpty) return false;
        operation = rest[0];
        rest = rest[1..];
        return Literal(ref rest, "\",\"ts_ms\":"u8) && Number(ref rest, out _) && Literal(ref rest, ",\"ts_us\":"u8) && Number(ref rest, out _)
            && Literal(ref rest, ",\"ts_ns\":"u8) && Number(ref rest, out _) && rest.SequenceEqual("}"u8);
    }

    private static bool Literal(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> expected)
    {
        if (!rest.StartsWith(expected)) return false;
        rest = rest[expected.Length..];
        return true;
    }

    private static bool Number(ref ReadOnlySpan<byte> rest, out long value)
    {
        if (!Utf8Parser.TryParse(rest, out value, out var read)) return false;
        rest = rest[read..];
        return true;
    }
}
