using System.Text;
using BenchmarkDotNet.Attributes;
using PolyglotSync.Bench.Micro.Rows;
using PolyglotSync.Postgres;

namespace PolyglotSync.Bench.Micro.Stages;

/// <summary>The bytes of COPY to a chunk's batch.</summary>
public class Copying
{
    private const int Rows = 5_000;

    private readonly ChangeBatchWriter _writer = new();
    private readonly TableGate _gate = new(true, new TableCopy(CopyPhase.Copying, null, 0, 0));
    private byte[][] _lines = [];

    [GlobalSetup]
    public void Setup() => _lines = [.. SocialRows.Users(Rows).Select(row => Encoding.UTF8.GetBytes(string.Join('\t', row.Select(Encoding.UTF8.GetString))))];

    [Benchmark(Description = "copy rows to batch: a chunk of 5,000", OperationsPerInvoke = Rows)]
    public int Chunk()
    {
        var relation = SocialTables.UserRelation;
        var images = new List<int>();
        foreach (var line in _lines) images.Add(CopyText.Row(line, relation.Columns.Length, _writer));
        var chunk = new Chunk(1, relation.Table, relation, _writer, images, ["105000"], false, ChunkSnapshot.Parse("700:700:"), null);
        ChunkMerger.Merge(chunk, _gate, new Lsn(100));
        var batch = _writer.Complete(new Cut(Position.EndOf(new Lsn(100)), new Lsn(200)));
        batch.Release();
        return batch.Count;
    }
}
