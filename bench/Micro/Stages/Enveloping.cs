using BenchmarkDotNet.Attributes;
using PolyglotSync.Bench.Micro.Rows;
using PolyglotSync.Kafka.Envelope;

namespace PolyglotSync.Bench.Micro.Stages;

/// <summary>Changes to Kafka messages and back: what capture and node do beside Kafka's client.</summary>
public class Enveloping
{
    private const int Rows = 5_000;

    private readonly ChangeBatchWriter _batch = new(4 * 1024 * 1024, Rows);
    private ChangeBatch _inserts = null!;
    private EnvelopeWriter _writer = null!;
    private EnvelopeReader _reader = null!;
    private EnvelopeReader _foreign = null!;
    private List<(byte[] Key, byte[] Value)> _messages = [];
    private List<(byte[] Key, byte[] Value)> _theirs = [];

    [GlobalSetup]
    public void Setup()
    {
        _inserts = SocialRows.Batch(SocialTables.UserRelation, ChangeKind.Insert, SocialRows.Users(Rows));
        _writer = new EnvelopeWriter(new EnvelopeOrigin("bench", "bench", "PolyglotSync"), TimeProvider.System);
        _reader = EnvelopeReader.Of(SocialTables.Schema, new EnvelopeOptions());
        _foreign = EnvelopeReader.Of(SocialTables.Schema, new EnvelopeOptions());
        _messages = [.. _inserts.Entries.ToArray().Select(e => _writer.Write(_inserts, e)[0]).Select(m => (m.Key.ToArray(), m.Value.ToArray()))];
        _theirs = [.. _messages.Select(m => (m.Key, WithoutOurs(m.Value)))];
        Console.Out.WriteLine($"a users row: {_messages.Average(m => m.Key.Length + m.Value.Length):N0} bytes of key and value");
    }

    [Benchmark(Description = "batch to envelopes: users", OperationsPerInvoke = Rows)]
    public long Write()
    {
        long bytes = 0;
        foreach (ref readonly var entry in _inserts.Entries) bytes += _writer.Write(_inserts, entry)[0].Value.Length;
        return bytes;
    }

    [Benchmark(Description = "envelopes to batch: users", OperationsPerInvoke = Rows)]
    public int Read() => Read(_reader, _messages);

    [Benchmark(Description = "envelopes to batch: users, of another writer", OperationsPerInvoke = Rows)]
    public int ReadForeign() => Read(_foreign, _theirs);

    private int Read(EnvelopeReader reader, List<(byte[] Key, byte[] Value)> messages)
    {
        foreach (var (key, value) in messages) reader.Read(key, value, _batch);
        var batch = _batch.Complete(null);
        batch.Release();
        return batch.Count;
    }

    /// <summary>The envelope as Debezium would have written it.</summary>
    private static byte[] WithoutOurs(byte[] value)
    {
        var start = value.AsSpan().IndexOf(",\"commit_lsn\""u8);
        var end = start + value.AsSpan(start).IndexOf((byte)'}');
        return [.. value[..start], .. value[end..]];
    }
}
