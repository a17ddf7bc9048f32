using PolyglotSync.Kafka.Consuming;
using PolyglotSync.Kafka.Cuts;
using PolyglotSync.Kafka.Envelope;
using PolyglotSync.Kafka.Topics;
using PolyglotSync.Kafka.Tests.Envelope;

namespace PolyglotSync.Kafka.Tests.Consuming;

/// <summary>Topics in memory, and captures that write a story into them: die, leave what belongs to no cut, live on as zombies, send twice.</summary>
/// <param name="byKey">True: a key's messages stand in one partition, as a capture writes them; else anywhere, which readers of whole cuts do not mind.</param>
internal sealed class FakeTopics(Story story, int seed, bool byKey = false)
{
    public const string Prefix = "app";
    private const int Partitions = 3;

    private readonly Random _random = new(seed);
    private readonly CutsLog _log = new();
    private readonly Dictionary<TableName, RelationRecord> _told = [];
    private EnvelopeWriter _writer = null!;
    private EnvelopeWriter? _zombie;
    private long _epoch;
    private long _number;
    private int _done;

    public Dictionary<string, List<RawMessage>[]> Messages { get; } = story.Relations.Keys.ToDictionary(t => $"{Prefix}.{t}", _ => Enumerable.Range(0, Partitions).Select(_ => new List<RawMessage>()).ToArray());

    public List<CutsRecord> Records { get; } = [];

    /// <summary>Every change that stands before the last cut, in order, with whether a transaction ends behind it.</summary>
    public List<string> Expected { get; } = [];

    /// <summary>How many rows stand before each place at which no transaction is half in.</summary>
    public HashSet<int> Boundaries { get; } = [0];

    public Cut Last { get; private set; } = Cut.Start;

    public CopyState Copy { get; private set; } = CopyState.Empty;

    /// <summary>All of the story, with as many captures as it takes.</summary>
    public void WriteAll()
    {
        Begin();
        var made = 0;
        while (made < story.Transactions.Count)
        {
            foreach (var happening in story.Transactions[made]) Write(happening);
            made++;
            if (_zombie is not null && _random.Next(3) == 0) Haunt();
            if (made == story.Transactions.Count || _random.Next(3) == 0) Publish(made);
            else if (_random.Next(6) == 0)
            {
                Begin();
                made = _done;
            }
        }
    }

    private void Begin()
    {
        var state = _log.State ?? TopicsState.Empty;
        _zombie = _epoch > 0 ? _writer : null;
        Add(new ClaimRecord { Epoch = ++_epoch, By = Guid.NewGuid() });
        Add(new EpochRecord
        {
            Epoch = _epoch, Source = new SourceIdentity("1", "d"), ResumesEpoch = state.Epoch, ResumesChange = state.Change, Position = state.Cut.Position, Watermark = state.Cut.Watermark,
            Copy = state.Copy, Offsets = state.Offsets, Ends = Ends(),
        });
        _writer = new EnvelopeWriter(new EnvelopeOrigin(Prefix, "d", "1", _epoch), TimeProvider.System);
        _number = 0;
        _told.Clear();
        foreach (var relation in _log.Relations) _told[relation.Table] = relation;
    }

    private void Write(Happening happening)
    {
        _number++;
        if (happening.Change is { } change)
        {
            Tell(happening, new ColumnsChange([], change.Dropped, change.Added));
            return;
        }
        if (!_told.TryGetValue(happening.Relation.Table, out var told) || !told.Columns.SequenceEqual(happening.Relation.Columns)) Tell(happening, null);
        foreach (var message in Envelopes(_writer, happening, _number)) Put(happening.Relation.Table, message);
    }

    private void Tell(Happening happening, ColumnsChange? changed)
    {
        var record = new RelationRecord { Epoch = _epoch, Change = _number, Table = happening.Relation.Table, At = happening.At, Columns = happening.Relation.Columns, Key = ["id"], Changed = changed };
        _told[record.Table] = record;
        Add(record);
    }

    private void Put(TableName table, RawMessage message)
    {
        var partitions = Messages[$"{Prefix}.{table}"];
        var partition = partitions[byKey ? KeyPartitioner.PartitionOf(message.Key.Span, Partitions) : _random.Next(Partitions)];
        if (message.Key.IsEmpty)
        {
            foreach (var one in partitions) one.Add(message with { Offset = one.Count });
            return;
        }
        partition.Add(message with { Offset = partition.Count });
        if (_random.Next(12) == 0) partition.Add(message with { Offset = partition.Count });
    }

    /// <summary>The capture before goes on writing.</summary>
    private void Haunt()
    {
        var happening = story.Transactions[_random.Next(story.Transactions.Count)][0];
        if (happening.Kind != ChangeKind.Schema)
            foreach (var message in Envelopes(_zombie!, happening, _number + _random.Next(5))) Put(happening.Relation.Table, message);
        Add(new CutRecord { Epoch = _epoch - 1, Change = 1_000 + _number, Position = Position.EndOf(new Lsn(90_000)), Watermark = new Lsn(90_001), Offsets = Ends() });
    }

    private void Publish(int made)
    {
        var commit = story.Transactions[made - 1][0].At.CommitLsn;
        Copy = _random.Next(3) == 0 ? new CopyState(new Dictionary<string, TableCopy> { ["public.users"] = new(CopyPhase.Copying, [$"{made}"], made, 100) }) : Copy;
        Last = new Cut(Position.EndOf(commit), new Lsn(commit.Value + 8));
        Add(new CutRecord { Epoch = _epoch, Change = _number, Position = Last.Position, Watermark = Last.Watermark, CommitTimestamp = made, Copy = Copy, Offsets = Ends() });
        for (; _done < made; _done++)
        {
            Expected.AddRange(story.Transactions[_done].Select(h => h.Line));
            Boundaries.Add(Expected.Count(Following.IsRow));
        }
    }

    private void Add(CutsRecord record)
    {
        _log.Take(record);
        Records.Add(CutsCodec.Read(CutsCodec.Key(record), CutsCodec.Value(record), "test")!);
    }

    private Dictionary<string, long[]> Ends() => Messages.ToDictionary(m => m.Key, m => m.Value.Select(p => (long)p.Count).ToArray());

    private static List<RawMessage> Envelopes(EnvelopeWriter writer, Happening happening, long number)
    {
        var batch = Images.Batch(happening.Relation, happening.Kind, happening.New, happening.Old, happening.OldImage, happening.Unknown, happening.At);
        return [.. writer.Write(batch, batch.Entries[0], number).Select(m => new RawMessage(0, m.Key.ToArray(), m.Value.ToArray()))];
    }
}
