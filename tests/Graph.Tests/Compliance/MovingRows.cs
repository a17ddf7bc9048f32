using System.Text;
using PolyglotSync.Actors.Entities;

namespace PolyglotSync.Graph.Tests.Compliance;

/// <summary>
/// A random log of rows that come, go, change and above all move to other keys, mostly without sending their large values: a node table <c>items</c> and a join table <c>links</c>. Each span of it gives the operations that
/// an entity makes of it.
/// </summary>
internal sealed class MovingRows
{
    private const int Keys = 5;

    private readonly Random _random;
    private readonly Dictionary<string, Dictionary<string, (string Title, string Body)>> _now = new() { ["items"] = [], ["links"] = [] };
    private readonly List<Change> _log = [];
    private int _values;

    public MovingRows(int seed, int changes)
    {
        _random = new Random(seed);
        while (_log.Count < changes) Step(_random.Next(3) == 0 ? "links" : "items");
    }

    public static DatabaseSchema Schema { get; } = new Tables()
        .Add("items", ["id int8", "title text", "body text"], ["id"])
        .Add("users", ["id int8"], ["id"])
        .Add("links", ["a int8", "b int8", "title text", "body text"], ["a", "b"], "a > users(id)", "b > users(id)")
        .Build();

    public int Count => _log.Count;

    /// <summary>The users that links are between.</summary>
    public static RowOperation[] Users(Rows rows) => [.. Enumerable.Range(1, Keys).Select(i => rows.Insert("users", ("id", $"{i}")))];

    /// <summary>What the graph says at the end, as <see cref="Asked"/> asks it.</summary>
    public string[] Items => [.. _now["items"].Select(r => $"{r.Key} {r.Value.Title} {r.Value.Body}").Order(StringComparer.Ordinal)];

    public string[] Links => [.. _now["links"].Select(r => $"{r.Key} {r.Value.Title} {r.Value.Body}").Order(StringComparer.Ordinal)];

    public static (string Items, string Links) Asked => ("MATCH (i:Item) RETURN i.id, i.title, i.body", "MATCH (a:User)-[l:LINKS]->(b:User) RETURN a.id, b.id, l.title, l.body");

    /// <param name="unknownTo">Changes before this one may be in the graph.</param>
    public RowOperation[] Operations(Rows rows, int from, int to, int unknownTo)
    {
        var writer = new ChangeBatchWriter(1024, 1);
        for (var i = from; i < to; i++)
        {
            var change = _log[i];
            var relation = rows[change.Table];
            var image = change.Key is null ? -1 : Image(writer, relation, change.Key, change.Title, change.Body);
            var old = change.Old is null ? -1 : Image(writer, relation, change.Old, null, null);
            var kind = change.Key is null ? ChangeKind.Delete : change.IsNew ? ChangeKind.Insert : ChangeKind.Update;
            writer.Add(new ChangeEntry(kind, change.Old is null ? OldImage.None : OldImage.Key, i < unknownTo, relation, image, old, new Position(new Lsn(1), i)));
        }
        var (coalescer, operations, batch) = (new RowCoalescer(), new OperationBuffer(), writer.Complete(null));
        foreach (var entry in batch.Entries) coalescer.Add(batch, entry, entry.ExistenceUnknown);
        coalescer.Drain(0, operations);
        return [.. operations];
    }

    private static int Image(ChangeBatchWriter writer, Relation relation, string key, string? title, string? body)
    {
        var image = writer.BeginImage(relation.Columns.Length);
        var values = key.Split(' ').Append(title).Append(body).ToList();
        for (var i = 0; i < values.Count; i++)
            if (values[i] is { } value) writer.Column(image, i, Encoding.UTF8.GetBytes(value));
        return image;
    }

    private void Step(string table)
    {
        var rows = _now[table];
        var (key, other) = (AnyKey(table), AnyKey(table));
        var isThere = rows.TryGetValue(key, out var row);
        if (!isThere)
        {
            rows[key] = (NewText("t"), NewText("b"));
            _log.Add(new Change(table, null, key, rows[key].Title, rows[key].Body, IsNew: true));
            return;
        }
        switch (_random.Next(6))
        {
            case 0:
                rows.Remove(key);
                _log.Add(new Change(table, key, null, null, null, IsNew: false));
                break;
            case 1:
                rows[key] = (NewText("t"), row.Body);
                _log.Add(new Change(table, null, key, rows[key].Title, null, IsNew: false));
                break;
            case 2:
                rows[key] = (row.Title, NewText("b"));
                _log.Add(new Change(table, null, key, row.Title, rows[key].Body, IsNew: false));
                break;
            case 3 when rows.ContainsKey(other) && other != key:
                // by a third key, as they must: a primary key that is the replica identity is checked at once
                var third = table == "items" ? "99" : $"{Keys} {Keys}";
                if (rows.ContainsKey(third) || third == key || third == other) break;
                Move(table, key, third);
                Move(table, other, key);
                Move(table, third, other);
                break;
            default:
                if (!rows.ContainsKey(other)) Move(table, key, other);
                break;
        }
    }

    private void Move(string table, string from, string to)
    {
        var row = _now[table][from];
        _now[table].Remove(from);
        var sends = _random.Next(5) == 0;
        _now[table][to] = row = (row.Title, sends ? NewText("b") : row.Body);
        _log.Add(new Change(table, from, to, row.Title, sends ? row.Body : null, IsNew: false));
    }

    private string AnyKey(string table) => table == "items" ? $"{_random.Next(1, Keys + 1)}" : $"{_random.Next(1, 4)} {_random.Next(1, 3)}";

    private string NewText(string prefix) => $"{prefix}{++_values}";

    /// <param name="Old">The key that the row left; null where it has it still.</param>
    /// <param name="Key">Null where the row went.</param>
    /// <param name="Body">Null: not sent.</param>
    private sealed record Change(string Table, string? Old, string? Key, string? Title, string? Body, bool IsNew);
}
