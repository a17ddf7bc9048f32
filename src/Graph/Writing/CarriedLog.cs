using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PolyglotSync.Graph.Writing;

/// <summary>
/// For targets without transactions over several statements. What a row takes along to its new key (large values that PostgreSQL did not send) is kept in a node of its own before anything is written, until the write is
/// recorded: the statement that moves the position forgets it. So whoever repeats a write that was cut short finds it by the old key, whatever stands under that key by then; also where the repeat
/// is cut into other sets. What is kept of a key is what it had before the write: true for every change of the key up to the first that leaves it, and forgotten with the set in which the key comes next.
/// Thread-safe: the parts of a round are written at once.
/// </summary>
internal sealed class CarriedLog
{
    public const string Label = "__PolySyncCarried";

    /// <summary>Gives back the names and tables of all that is kept.</summary>
    public const string Load = $"MATCH (k:{Label} {{carried_by: $pipeline}}) RETURN collect([k.row, k.table])";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _kept = [];
    private readonly HashSet<string> _touched = [];
    private Position? _settled;

    /// <summary>Begins with what stands in the graph.</summary>
    /// <param name="record">That of <see cref="Load"/>.</param>
    /// <param name="intent">Up to where the changes may be in the graph although its position does not say so; null where that is not known.</param>
    public void Begin(IReadOnlyList<object?> record, Position? intent)
    {
        lock (_lock)
        {
            _kept.Clear();
            _touched.Clear();
            _settled = intent;
            if (record is not [System.Collections.IEnumerable found]) return;
            foreach (var pair in found.Cast<System.Collections.IEnumerable>().Select(f => f.Cast<object?>().ToList())) _kept[(string)pair[0]!] = (string)pair[1]!;
        }
    }

    public bool IsEmpty
    {
        get
        {
            lock (_lock) return _kept.Count == 0;
        }
    }

    /// <summary>The name of a row's key: 32 hexadecimal digits of a SHA-256 over table and key, each with its length before it.</summary>
    public static string NameOf(RowImage image, Relation relation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(Encoding.UTF8.GetBytes(relation.Table.ToString()));
        foreach (var ordinal in relation.KeyOrdinals) Append(RowKey.Canonical(relation.Columns[ordinal].Type.Kind, image[ordinal]));
        return Convert.ToHexString(hash.GetHashAndReset().AsSpan(0, 16));

        void Append(ReadOnlySpan<byte> bytes)
        {
            Span<byte> length = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
    }

    /// <summary>A set writes a row of the name: the next recorded set forgets what is kept of it.</summary>
    /// <returns>True where something is kept.</returns>
    public bool Touch(string name)
    {
        lock (_lock)
        {
            if (!_kept.ContainsKey(name)) return false;
            _touched.Add(name);
            return true;
        }
    }

    /// <summary>A set empties the table.</summary>
    public void TouchAll(TableName table)
    {
        lock (_lock)
        {
            var text = table.ToString();
            _touched.UnionWith(_kept.Where(k => k.Value == text).Select(k => k.Key));
        }
    }

    /// <summary>Something stands in the graph now.</summary>
    public void Add(string name, TableName table)
    {
        lock (_lock)
        {
            _kept[name] = table.ToString();
            _touched.Add(name);
        }
    }

    /// <summary>What the set that is recorded now forgets.</summary>
    /// <param name="position">That it records; null where it moves partitions.</param>
    public IReadOnlyList<string> Done(Position? position)
    {
        lock (_lock) return position >= _settled ? [.. _kept.Keys] : [.. _touched];
    }

    /// <summary>The set is recorded.</summary>
    public void Forget(IReadOnlyList<string> done)
    {
        lock (_lock)
        {
            foreach (var name in done) _kept.Remove(name);
            _touched.ExceptWith(done);
        }
    }

    /// <summary>To be put behind a statement that records a set: forgets those whose names are in <c>$done</c>, parted by commas.</summary>
    /// <param name="recorded">What is to be returned of the statement, by a name of one word.</param>
    public static string Forgetting(string recorded) => $" WITH {recorded} OPTIONAL MATCH (k:{Label} {{carried_by: $pipeline}}) WHERE k.row IN split($done, ',') DELETE k";

    /// <summary>Rows: name, table, values. What is kept of a name already is older, and stays.</summary>
    public static CypherShape Keep(int fields) => new(
        $"MERGE (k:__PolySync:{Label} {{carried_by: $pipeline, row: r[0]}}) ON CREATE SET {string.Join(", ", Enumerable.Range(0, fields).Select(i => $"k.v{i} = r[{i + 2}]").Prepend("k.table = r[1]"))}", ShapeAnswer.Nothing);

    /// <summary>Rows: name, row number. Gives back <c>[row number, field, …]</c> for each that is kept.</summary>
    public static CypherShape Read(int fields) => new(
        $"MATCH (k:{Label} {{carried_by: $pipeline, row: r[0]}}) RETURN collect([r[1]{string.Concat(Enumerable.Range(0, fields).Select(i => $", k.v{i}"))}])", ShapeAnswer.Values);
}
