using System.Text;
using PolyglotSync.Contracts;

namespace PolyglotSync.Kafka.Envelope;

/// <summary>A relation's columns as envelopes hold them, found by name.</summary>
internal sealed class RelationCodec
{
    private readonly Dictionary<string, int> _ordinals = new(StringComparer.Ordinal);

    public RelationCodec(Relation relation)
    {
        Relation = relation;
        Columns = [.. relation.Columns.Select(ColumnCodec.Of)];
        var table = new ByteBuffer();
        table.Raw("\"schema\":"u8);
        table.String(Encoding.UTF8.GetBytes(relation.Table.Schema));
        table.Raw(",\"table\":"u8);
        table.String(Encoding.UTF8.GetBytes(relation.Table.Name));
        SourceTable = table.Written.ToArray();
        for (var i = 0; i < relation.Columns.Length; i++)
        {
            _ordinals[relation.Columns[i].Name] = i;
            _ordinals.TryAdd(Widened(Columns[i].Name), i);
        }
    }

    public Relation Relation { get; }

    public ColumnCodec[] Columns { get; }

    /// <summary><c>"schema":"public","table":"users"</c></summary>
    public byte[] SourceTable { get; }

    /// <returns>-1 where the relation has no column of the name.</returns>
    public int Ordinal(string name) => _ordinals.GetValueOrDefault(name, -1);

    /// <summary>Debezium before 3.4 reads names off pgoutput byte by byte, as signed numbers: a column called <c>né</c> comes as <c>nￃﾩ</c>.</summary>
    private static string Widened(byte[] name) => string.Concat(name.Select(b => (char)(sbyte)b));
}
