using PolyglotSync.Graph.Tests.Compliance;

namespace PolyglotSync.Graph.Tests.PerKey;

/// <summary>What became of one key of one table. A change of key is two of them, as topics have it.</summary>
/// <param name="Row">By column; null where the row went.</param>
internal sealed record RowEvent(string Table, string Key, IReadOnlyDictionary<string, string?> KeyColumns, IReadOnlyDictionary<string, string?>? Row);

/// <summary>
/// A small database whose foreign keys hold at the end of each step, and what its log would say: rows that come, change, refer elsewhere, go with all that refers to them, come back, and change
/// or swap their keys, also where their children stay as they are.
/// </summary>
internal sealed class History
{
    private const int Keys = 6;

    private readonly Random _random;
    private readonly Dictionary<string, SortedDictionary<string, Dictionary<string, string?>>> _rows;
    private int _values;

    public History(int seed)
    {
        _random = new Random(seed);
        _rows = Schema.Tables.ToDictionary(t => t.Name.Name, _ => new SortedDictionary<string, Dictionary<string, string?>>(StringComparer.Ordinal));
    }

    /// <summary>Self-references, a relationship type that two tables share, other unique keys (one that is part of the key, one that holds it, one by itself), join tables by either kind.</summary>
    public static DatabaseSchema Schema { get; } = new Tables()
        .Add("users", ["id int8", "name text", "email text", "manager_id int8"], ["id"], "manager_id > users(id)")
        .Add("posts", ["id int8", "author_id int8", "editor_email text", "title text", "body text"], ["id"], "author_id > users(id)", "editor_email > users(email)")
        .Add("comments", ["id int8", "post_id int8", "author_id int8", "said text"], ["id"], "post_id > posts(id)", "author_id > users(id)")
        .Add("follows", ["follower_id int8", "followee_id int8", "note text"], ["follower_id", "followee_id"], "follower_id > users(id)", "followee_id > users(id)")
        .Add("mentions", ["post_id int8", "email text", "times int8"], ["post_id", "email"], "post_id > posts(id)", "email > users(email)")
        .Add("orders", ["tenant text", "no int8", "code text"], ["tenant", "no"])
        .Add("order_lines", ["tenant text", "order_no int8", "line int8", "what text"], ["tenant", "order_no", "line"], "tenant,order_no > orders(tenant,no)")
        .Add("shipments", ["id int8", "tenant text", "code text"], ["id"], "tenant,code > orders(tenant,code)")
        .Add("bills", ["id int8", "tenant text", "no int8", "code text"], ["id"], "tenant,no,code > orders(tenant,no,code)")
        .Build();

    public List<RowEvent> Events { get; } = [];

    /// <summary>Columns that no two rows share.</summary>
    private static string? OtherUnique(string table) => table switch { "users" => "email", "orders" => "code", _ => null };

    public History Run(int steps)
    {
        for (var i = 0; i < steps; i++) Step();
        return this;
    }

    private void Step()
    {
        var table = Schema.Tables[_random.Next(Schema.Tables.Count)];
        var name = table.Name.Name;
        var any = Any(name);
        switch (_random.Next(10))
        {
            case < 5: Insert(table); break;
            case < 7 when any is not null: Change(table, any); break;
            case 7 when any is not null: Remove(table, any, new HashSet<string>()); break;
            case 8 when any is not null && Any(name) is { } other: Swap(table, any, other); break;
            case 9 when any is not null: Rekey(table, any); break;
        }
    }

    private void Insert(TableSchema table)
    {
        var row = new Dictionary<string, string?>();
        foreach (var column in table.Columns) row[column.Name] = column.Type.Kind == PgKind.Int8 ? $"{_random.Next(Keys)}" : table.PrimaryKey.Contains(column.Name) ? $"t{_random.Next(2)}" : NewText();
        if (OtherUnique(table.Name.Name) is { } unique) row[unique] = FreeText(table, unique);
        foreach (var key in table.ForeignKeys)
            if (!Refer(table, key, row)) return;
        var rows = _rows[table.Name.Name];
        if (rows.TryGetValue(KeyOf(table, row), out var there)) ChangeTo(table, there, row);
        else Put(table, row);
    }

    /// <returns>False where it must refer to something and there is nothing.</returns>
    private bool Refer(TableSchema table, ForeignKey key, Dictionary<string, string?> row)
    {
        var isOptional = !key.Columns.Any(table.PrimaryKey.Contains);
        var parent = isOptional && _random.Next(4) == 0 ? null : Any(key.ReferencedTable.Name);
        if (parent is null && !isOptional) return false;
        for (var i = 0; i < key.Columns.Count; i++)
            row[key.Columns[i]] = parent?[key.ReferencedColumns[i]];
        // MATCH SIMPLE: one NULL is enough
        if (parent is null && key.Columns.Count > 1) row[key.Columns[0]] = "t0";
        return true;
    }

    private void Change(TableSchema table, Dictionary<string, string?> row)
    {
        var after = new Dictionary<string, string?>(row);
        foreach (var column in table.Columns.Where(c => !table.PrimaryKey.Contains(c.Name) && _random.Next(2) == 0)) after[column.Name] = column.Type.Kind == PgKind.Int8 ? $"{_random.Next(Keys)}" : NewText();
        if (OtherUnique(table.Name.Name) is { } unique) after[unique] = _random.Next(2) == 0 ? row[unique] : FreeText(table, unique);
        foreach (var key in table.ForeignKeys.Where(k => !k.Columns.Any(table.PrimaryKey.Contains))) Refer(table, key, after);
        ChangeTo(table, row, after);
    }

    private void ChangeTo(TableSchema table, Dictionary<string, string?> row, Dictionary<string, string?> after)
    {
        foreach (var column in table.PrimaryKey) after[column] = row[column];
        var before = new Dictionary<string, string?>(row);
        Put(table, after);
        Follow(table, before, after, new HashSet<string>());
    }

    /// <summary>Two rows take each other's keys, primary or other, in one transaction; those who refer to them stay as they are.</summary>
    private void Swap(TableSchema table, Dictionary<string, string?> one, Dictionary<string, string?> two)
    {
        if (ReferenceEquals(one, two) || table.ForeignKeys.Any(k => k.Columns.Any(table.PrimaryKey.Contains))) return;
        // who refers by more than what is swapped would refer to nothing
        if (table.Name.Name == "orders") return;
        var columns = OtherUnique(table.Name.Name) is { } unique && _random.Next(2) == 0 ? [unique] : table.PrimaryKey;
        var (first, second) = (new Dictionary<string, string?>(one), new Dictionary<string, string?>(two));
        foreach (var column in columns) (first[column], second[column]) = (second[column], first[column]);
        if (columns != table.PrimaryKey)
        {
            Put(table, first);
            Put(table, second);
            return;
        }
        Drop(table, one);
        Drop(table, two);
        Put(table, first);
        Put(table, second);
    }

    private void Rekey(TableSchema table, Dictionary<string, string?> row)
    {
        if (table.ForeignKeys.Any(k => k.Columns.Any(table.PrimaryKey.Contains))) return;
        var after = new Dictionary<string, string?>(row) { [table.PrimaryKey[^1]] = $"{_random.Next(Keys)}" };
        if (_rows[table.Name.Name].ContainsKey(KeyOf(table, after))) return;
        Drop(table, row);
        Put(table, after);
        Follow(table, row, after, new HashSet<string>());
    }

    private void Remove(TableSchema table, Dictionary<string, string?> row, HashSet<string> going)
    {
        if (!going.Add($"{table.Name} {KeyOf(table, row)}")) return;
        // the parent's delete stands before its children's in the log
        Drop(table, row);
        Follow(table, row, null, going);
    }

    /// <summary>Children of a row that changed what they refer to: they follow, refer to nothing, or go.</summary>
    private void Follow(TableSchema table, Dictionary<string, string?> before, Dictionary<string, string?>? after, HashSet<string> going)
    {
        foreach (var child in Schema.Tables)
        {
            foreach (var key in child.ForeignKeys.Where(k => k.ReferencedTable == table.Name))
            {
                if (after is not null && key.ReferencedColumns.All(c => before[c] == after[c])) continue;
                while (_rows[child.Name.Name].Values.FirstOrDefault(r => Refers(r, key, before)) is { } row)
                {
                    var isKey = key.Columns.Any(child.PrimaryKey.Contains);
                    var follows = new Dictionary<string, string?>(row);
                    for (var i = 0; i < key.Columns.Count; i++) follows[key.Columns[i]] = after?[key.ReferencedColumns[i]];
                    if (after is null && (isKey || _random.Next(2) == 0))
                    {
                        Remove(child, row, going);
                        continue;
                    }
                    if (!isKey)
                    {
                        Put(child, follows);
                        continue;
                    }
                    Drop(child, row);
                    if (!_rows[child.Name.Name].ContainsKey(KeyOf(child, follows))) Put(child, follows);
                }
            }
        }
    }

    private static bool Refers(Dictionary<string, string?> child, ForeignKey key, Dictionary<string, string?> parent)
    {
        for (var i = 0; i < key.Columns.Count; i++)
            if (child[key.Columns[i]] is not { } value || value != parent[key.ReferencedColumns[i]]) return false;
        return true;
    }

    private void Put(TableSchema table, Dictionary<string, string?> row)
    {
        _rows[table.Name.Name][KeyOf(table, row)] = row;
        Say(table, row, isThere: true);
    }

    private void Drop(TableSchema table, Dictionary<string, string?> row)
    {
        _rows[table.Name.Name].Remove(KeyOf(table, row));
        Say(table, row, isThere: false);
    }

    private void Say(TableSchema table, Dictionary<string, string?> row, bool isThere) => Events.Add(new RowEvent(table.Name.Name, KeyOf(table, row),
        table.PrimaryKey.ToDictionary(c => c, c => row[c]), isThere ? new Dictionary<string, string?>(row) : null));

    private Dictionary<string, string?>? Any(string table) => _rows[table].Count == 0 ? null : _rows[table].Values.ElementAt(_random.Next(_rows[table].Count));

    private static string KeyOf(TableSchema table, Dictionary<string, string?> row) => string.Join('|', table.PrimaryKey.Select(c => row[c]));

    private string NewText() => $"v{++_values}";

    private string FreeText(TableSchema table, string column)
    {
        for (; ; )
        {
            var text = $"{column}{_random.Next((2 * Keys) + 4)}";
            if (_rows[table.Name.Name].Values.All(r => r[column] != text)) return text;
        }
    }
}
