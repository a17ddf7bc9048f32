using System.Text;

namespace PolyglotSync.Integration.Properties;

public enum KeyKind { Int, Bigint, Uuid, Text, Composite }

/// <param name="HasCode">A second unique column that other tables may refer to.</param>
/// <param name="HasBody">A text of 10 to 50 kB, stored out of line.</param>
public sealed record TableSpec(string Name, KeyKind Key, bool HasCode, bool HasBody, bool IdentityFull, IReadOnlyList<ReferenceSpec> References)
{
    public IReadOnlyList<string> KeyColumns => Key == KeyKind.Composite ? ["id_a", "id_b"] : ["id"];

    public string Keys => string.Join(", ", KeyColumns);
}

/// <param name="ToCode">Refers to the parent's unique code, not to its primary key.</param>
/// <param name="Action">What follows the REFERENCES clause.</param>
public sealed record ReferenceSpec(string Role, string Parent, bool ToCode, string Action);

/// <summary>A table whose key is the keys of two others.</summary>
public sealed record JoinSpec(string Name, string Left, string Right);

/// <summary>A random small schema. Every row has <c>ord</c>, the number its key is computed from, by which statements choose rows.</summary>
public sealed record RandomSchema(IReadOnlyList<TableSpec> Tables, IReadOnlyList<JoinSpec> Joins)
{
    public TableSpec Table(string name) => Tables.First(t => t.Name == name);

    /// <summary>The key's value (or values) of the row with number <paramref name="n"/>, as SQL.</summary>
    public static IReadOnlyList<string> KeyOf(KeyKind kind, string n) => kind switch
    {
        KeyKind.Int => [n],
        KeyKind.Bigint => [$"({n})::bigint * 10000000019"],
        KeyKind.Uuid => [$"md5('key ' || ({n}))::uuid"],
        KeyKind.Text => [$"'k' || ({n})"],
        _ => [$"({n}) / 7", $"'c' || (({n}) % 7)"],
    };

    public static string TypeOf(KeyKind kind) => kind switch { KeyKind.Int => "int", KeyKind.Bigint => "bigint", KeyKind.Uuid => "uuid", _ => "text" };

    /// <summary>Columns of a reference, named after its role.</summary>
    public IReadOnlyList<string> Columns(ReferenceSpec reference) =>
        !reference.ToCode && Table(reference.Parent).Key == KeyKind.Composite ? [$"{reference.Role}_a", $"{reference.Role}_b"] : [$"{reference.Role}_id"];

    public string Ddl()
    {
        var sql = new StringBuilder();
        foreach (var table in Tables)
        {
            var key = table.Key == KeyKind.Composite ? "id_a int, id_b text" : $"id {TypeOf(table.Key)}";
            sql.Append($"create table {table.Name} ({key}, ord int not null, val int, txt text, amount numeric(12, 2)");
            if (table.HasCode) sql.Append(", code text unique");
            if (table.HasBody) sql.Append(", body text");
            foreach (var reference in table.References)
            {
                var parent = Table(reference.Parent);
                var types = reference.ToCode ? ["text"] : parent.Key == KeyKind.Composite ? (string[])["int", "text"] : [TypeOf(parent.Key)];
                foreach (var (column, type) in Columns(reference).Zip(types)) sql.Append($", {column} {type}");
            }
            sql.Append($", primary key ({table.Keys}));\n");
            if (table.HasBody) sql.Append($"alter table {table.Name} alter column body set storage external;\n");
            if (table.IdentityFull) sql.Append($"alter table {table.Name} replica identity full;\n");
        }
        foreach (var table in Tables)
        {
            foreach (var reference in table.References)
            {
                var parent = Table(reference.Parent);
                sql.Append($"alter table {table.Name} add constraint {table.Name}_{reference.Role} foreign key ({string.Join(", ", Columns(reference))}) "
                    + $"references {parent.Name} ({(reference.ToCode ? "code" : parent.Keys)}) {reference.Action};\n");
            }
        }
        foreach (var join in Joins)
        {
            var left = Table(join.Left);
            var right = Table(join.Right);
            sql.Append($"create table {join.Name} ({JoinColumns("l", left, typed: true)}, {JoinColumns("r", right, typed: true)}, note text, "
                + $"primary key ({JoinColumns("l", left)}, {JoinColumns("r", right)}), "
                + $"foreign key ({JoinColumns("l", left)}) references {left.Name} on update cascade on delete cascade, "
                + $"foreign key ({JoinColumns("r", right)}) references {right.Name} on update cascade on delete cascade);\n");
        }
        return sql.ToString();
    }

    public static string JoinColumns(string side, TableSpec table, bool typed = false) => table.Key == KeyKind.Composite
        ? typed ? $"{side}_a int, {side}_b text" : $"{side}_a, {side}_b"
        : typed ? $"{side}_id {TypeOf(table.Key)}" : $"{side}_id";
}
