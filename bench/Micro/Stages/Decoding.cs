using BenchmarkDotNet.Attributes;
using PolyglotSync.Bench.Micro.Rows;
using PolyglotSync.Postgres;

namespace PolyglotSync.Bench.Micro.Stages;

/// <summary>pgoutput messages to batches, with the consumer that takes each: what capture does between the socket and the stream.</summary>
public class Decoding
{
    private const int Rows = 5_000;

    private List<byte[]> _inserts = [];
    private List<byte[]> _updates = [];
    private List<byte[]> _small = [];
    private PgOutputDecoder _decoder = null!;
    private BatchAssembler _assembler = null!;

    [GlobalSetup]
    public void Setup()
    {
        _inserts = PgOutputMessages.Transactions(10, Rows / 10, i => PgOutputMessages.Insert(SocialRows.User(i)));
        _updates = PgOutputMessages.Transactions(10, Rows / 10, i => PgOutputMessages.Update(SocialRows.User(i)));
        _small = PgOutputMessages.Transactions(500, 1, i => PgOutputMessages.Update(SocialRows.User(i)));
        _assembler = new BatchAssembler(Cut.Start);
        _decoder = new PgOutputDecoder(Position.Start) { Writer = _assembler.Writer };
        var relation = SocialTables.UserRelation;
        _decoder.Decode(PgOutputMessages.Relation(relation));
        _decoder.Define(PgOutputMessages.Oid, new StreamTable(_decoder.Announced!, relation, new TableGate(true, new TableCopy(CopyPhase.Done, null, 0, 0))));
    }

    [GlobalCleanup]
    public void Cleanup() => _assembler.Dispose();

    [Benchmark(Description = "pgoutput to batch: inserts, 500 a transaction", OperationsPerInvoke = Rows)]
    public int Inserts() => Decode(_inserts, Rows / 10);

    [Benchmark(Description = "pgoutput to batch: updates, 500 a transaction", OperationsPerInvoke = Rows)]
    public int Updates() => Decode(_updates, Rows / 10);

    [Benchmark(Description = "pgoutput to batch: updates, a batch each", OperationsPerInvoke = 500)]
    public int Single() => Decode(_small, 1);

    private int Decode(List<byte[]> messages, int batchRows)
    {
        var taken = 0;
        foreach (var message in messages)
        {
            switch (_decoder.Decode(message))
            {
                case WalStep.Begin:
                    _assembler.Enter();
                    break;
                case WalStep.Commit:
                    _assembler.Leave(new Cut(Position.EndOf(_decoder.CommitLsn), _decoder.CommitEnd), _decoder.CommitTimestamp);
                    if (_assembler.Writer.Count >= batchRows) taken += Take();
                    break;
                default:
                    break;
            }
        }
        return taken;
    }

    private int Take()
    {
        var batch = _assembler.TakeAsync(default).GetAwaiter().GetResult();
        batch.Release();
        return batch.Count;
    }
}
