namespace PolyglotSync.Integration.Properties;

/// <summary>One statement of a random script. What fails (a key that is taken, a parent that is missing) is undone and passed over, like a client would.</summary>
public abstract record Statement(string Table)
{
    public abstract string Sql(RandomSchema schema);

    /// <summary>Statements that do less, the least first.</summary>
    public virtual IEnumerable<Statement> Simpler() => [];

    protected static string Where(int modulus, int rest) => modulus <= 1 ? "" : $" where ord % {modulus} = {rest % modulus}";

    /// <summary>Columns and values of references, each to the row whose number is <paramref name="n"/> (NULL where there is none).</summary>
    protected static IEnumerable<(string Column, string Value)> Refer(RandomSchema schema, TableSpec table, string n) =>
        table.References.SelectMany(r => Refer(schema, r, n));

    protected static IEnumerable<(string Column, string Value)> Refer(RandomSchema schema, ReferenceSpec reference, string n)
    {
        var parent = schema.Table(reference.Parent);
        var columns = schema.Columns(reference);
        var keys = reference.ToCode ? ["code"] : parent.KeyColumns;
        return columns.Zip(keys, (column, key) => (column, $"(select p.{key} from {parent.Name} p where p.ord = {n} order by {parent.Keys} limit 1)"));
    }
}

public sealed record Insert(string Table, int From, int Count, int Salt) : Statement(Table)
{
    public override string Sql(RandomSchema schema)
    {
        var table = schema.Table(Table);
        var values = new List<(string Column, string Value)>(table.KeyColumns.Zip(RandomSchema.KeyOf(table.Key, "n")))
        {
            ("ord", "n"), ("val", $"n * {Salt}"), ("txt", $"case when n % 5 = 0 then null else 'row ' || n || ' of {Salt}' end"), ("amount", $"(n + {Salt}) / 4.0"),
        };
        if (table.HasCode) values.Add(("code", $"'code' || n"));
        if (table.HasBody) values.Add(("body", $"case when n % 3 = 0 then null else repeat(md5((n + {Salt})::text), {400 + (Salt % 5 * 250)}) end"));
        values.AddRange(Refer(schema, table, $"(n * 7 + {Salt}) % 40"));
        return $"insert into {Table} ({string.Join(", ", values.Select(v => v.Column))}) select {string.Join(", ", values.Select(v => v.Value))} "
            + $"from generate_series({From}, {From + Count - 1}) n on conflict do nothing";
    }

    public override IEnumerable<Statement> Simpler()
    {
        if (Count <= 1) yield break;
        yield return this with { Count = 1 };
        yield return this with { Count = Count / 2 };
        yield return this with { From = From + (Count / 2), Count = Count - (Count / 2) };
        yield return this with { Count = Count - 1 };
    }
}

public sealed record UpdateValues(string Table, int Modulus, int Rest, int Salt) : Statement(Table)
{
    public override string Sql(RandomSchema schema) =>
        $"update {Table} set val = {(Salt % 4 == 0 ? "null" : $"coalesce(val, 0) + {Salt}")}, txt = 'changed by {Salt}'{Where(Modulus, Rest)}";
}

public sealed record UpdateBody(string Table, int Modulus, int Rest, int Salt) : Statement(Table)
{
    public override string Sql(RandomSchema schema) => schema.Table(Table).HasBody
        ? $"update {Table} set body = {(Salt % 3 == 0 ? "null" : $"repeat(md5((ord + {Salt})::text), 600)")}{Where(Modulus, Rest)}"
        : $"update {Table} set amount = amount + 1{Where(Modulus, Rest)}";
}

public sealed record UpdateCode(string Table, int Modulus, int Rest, int Salt) : Statement(Table)
{
    public override string Sql(RandomSchema schema) => schema.Table(Table).HasCode
        ? $"update {Table} set code = {(Salt % 5 == 0 ? "null" : $"'code {Salt} ' || ord")}{Where(Modulus, Rest)}"
        : $"update {Table} set txt = null{Where(Modulus, Rest)}";
}

/// <summary>References change to other rows or to none.</summary>
public sealed record UpdateReferences(string Table, int Modulus, int Rest, int Salt) : Statement(Table)
{
    public override string Sql(RandomSchema schema)
    {
        var table = schema.Table(Table);
        if (table.References.Count == 0) return $"update {Table} set val = {Salt}{Where(Modulus, Rest)}";
        var changed = Refer(schema, table.References[Salt % table.References.Count], $"(ord * 3 + {Salt}) % 40");
        return $"update {Table} set {string.Join(", ", changed.Select(c => $"{c.Column} = {(Salt % 4 == 0 ? "null" : c.Value.Replace("(ord", $"({Table}.ord", StringComparison.Ordinal))}"))}{Where(Modulus, Rest)}";
    }
}

public sealed record ChangeKey(string Table, int Modulus, int Rest, int By) : Statement(Table)
{
    public override string Sql(RandomSchema schema)
    {
        var table = schema.Table(Table);
        var key = table.KeyColumns.Zip(RandomSchema.KeyOf(table.Key, $"ord + {By}"), (column, value) => $"{column} = {value}");
        return $"update {Table} set {string.Join(", ", key)}, ord = ord + {By}{Where(Modulus, Rest)}";
    }
}

public sealed record Delete(string Table, int Modulus, int Rest) : Statement(Table)
{
    public override string Sql(RandomSchema schema) => $"delete from {Table}{Where(Modulus, Rest)}";
}

public sealed record Truncate(string Table) : Statement(Table)
{
    public override string Sql(RandomSchema schema) => $"truncate {Table} cascade";
}

public sealed record Connect(string Join, int Modulus, int Salt) : Statement(Join)
{
    public override string Sql(RandomSchema schema)
    {
        var join = schema.Joins.First(j => j.Name == Join);
        var left = schema.Table(join.Left);
        var right = schema.Table(join.Right);
        string Keys(string alias, TableSpec table) => string.Join(", ", table.KeyColumns.Select(k => $"{alias}.{k}"));
        return $"insert into {Join} select {Keys("l", left)}, {Keys("r", right)}, 'note {Salt}' from {left.Name} l, {right.Name} r "
            + $"where (l.ord * 31 + r.ord * 17 + {Salt}) % {Math.Max(Modulus * 11, 1)} = 0 order by l.ord, r.ord limit 300 on conflict do nothing";
    }
}

public sealed record ChangeConnections(string Join, int Salt, bool Away) : Statement(Join)
{
    public override string Sql(RandomSchema schema) => Away
        ? $"delete from {Join} where hashtext({Join}::text) % 3 = {Salt % 3}"
        : $"update {Join} set note = {(Salt % 3 == 0 ? "null" : $"'changed {Salt}'")} where hashtext({Join}::text) % 2 = 0";
}
