using System.Text;
using PolyglotSync.Kafka.Consuming;
using PolyglotSync.Kafka.PerKey;

namespace PolyglotSync.Kafka.Tests.PerKey;

/// <summary>A topic in memory as Debezium writes them, and the lanes that read it.</summary>
internal sealed class DebeziumTopic
{
    public static readonly TableName Users = new("public", "users");

    private readonly List<string>[] _written;
    private readonly Dictionary<int, PartitionLane> _lanes = [];
    private readonly Arrivals _arrivals = new();

    public DebeziumTopic(int partitions) => _written = [.. Enumerable.Range(0, partitions).Select(_ => new List<string>())];

    /// <summary>What the catalog says.</summary>
    public TableSchema Schema { get; set; } = SchemaOf("id", "name");

    /// <summary>Messages that are there when reading begins.</summary>
    public DebeziumTopic With(int partition, params string[] messages)
    {
        _written[partition].AddRange(messages);
        return this;
    }

    /// <summary>Reads these partitions; nothing has come yet.</summary>
    public KeyedMerge Read(params int[] partitions)
    {
        var budget = new LaneBudget(long.MaxValue);
        foreach (var partition in partitions) _lanes[partition] = new PartitionLane("app.public.users", partition, 0, budget, _arrivals.Tell);
        var columns = new TableColumns(new NodeMapping(Users, ["id"], "User", [], []), Schema, _written.Length);
        PartitionLane[] lanes = [.. partitions.Select(p => _lanes[p])];
        return new KeyedMerge([new TopicLanes(lanes, [.. partitions.Select(p => (long)_written[p].Count)], columns)], lanes, (_, _) => Task.FromResult<TableSchema?>(Schema), _arrivals);
    }

    /// <summary>What stands in a partition comes.</summary>
    public void Arrive(int partition)
    {
        var offset = 0;
        foreach (var message in _written[partition]) _lanes[partition].Put(new RawMessage(offset++, "{\"id\":1}"u8.ToArray(), Encoding.UTF8.GetBytes(message)));
        _lanes[partition].ReachEnd(offset);
    }

    /// <summary>A message after those that were there.</summary>
    public void Arrive(int partition, string message)
    {
        _lanes[partition].Put(new RawMessage(_written[partition].Count, default, Encoding.UTF8.GetBytes(message)));
        _written[partition].Add(message);
    }

    public static string Insert(int id, long lsn, string more = "") => Envelope($$"""{"id":{{id}},"name":"n"{{more}}}""", lsn, "c");

    public static string Truncate(long lsn) => Envelope("null", lsn, "t");

    public static TableSchema SchemaOf(params string[] columns) => new(Users, [.. columns.Select((c, i) => new ColumnSchema(c, i + 1, c == "id" ? new PgType("integer", PgKind.Int4) : new PgType("text", PgKind.Text), false, false, true))], ["id"], [], [],
        ReplicaIdentity.Default, ["id"], false, 0);

    private static string Envelope(string after, long lsn, string op) =>
        $$$"""{"before":null,"after":{{{after}}},"source":{"version":"3.3.1.Final","connector":"postgresql","name":"app","ts_ms":1,"snapshot":"false","db":"shop","schema":"public","table":"users","txId":7,"lsn":{{{lsn}}},"xmin":null},"op":"{{{op}}}","ts_ms":2}""";
}
