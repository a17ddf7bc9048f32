namespace PolyglotSync.Integration.Properties;

/// <summary>Smaller cases of a failing one, the biggest cuts first: transactions, interruptions, steps, statements, tables, references, rows, then what is left of a table.</summary>
public static class SmallerCases
{
    public static IEnumerable<RandomCase> Of(RandomCase large)
    {
        for (var size = large.Transactions.Count / 2; size >= 1; size /= 2)
            for (var at = 0; at + size <= large.Transactions.Count; at += size)
                yield return Without(large, at, size);
        foreach (var interruption in large.Interruptions)
        {
            yield return large with { Interruptions = [.. large.Interruptions.Where(i => i != interruption)] };
            if (interruption.Down > 0) yield return large with { Interruptions = [.. large.Interruptions.Select(i => i == interruption ? i with { Down = 0 } : i)] };
        }
        foreach (var table in large.Schema.Tables)
            if (large.Schema.Tables.Count > 1 && large.Schema.Joins.All(j => j.Left != table.Name && j.Right != table.Name)) yield return Drop(large, table.Name);
        if (large.Schema.Joins.Count > 0) yield return Drop(large, large.Schema.Joins[0].Name);
        foreach (var smaller in Transactions(large)) yield return smaller;
        foreach (var smaller in Tables(large)) yield return smaller;
        if (large.DuringCopy > 0) yield return large with { DuringCopy = 0 };
        if (large.Before > 0) yield return large with { Before = large.Before - 1 };
        if (large.Limits != NodeLimits.Default) yield return large with { Limits = NodeLimits.Default };
    }

    private static IEnumerable<RandomCase> Transactions(RandomCase large)
    {
        for (var t = 0; t < large.Transactions.Count; t++)
        {
            var transaction = large.Transactions[t];
            for (var s = 0; transaction.Steps.Count > 1 && s < transaction.Steps.Count; s++)
                yield return large with { Transactions = Put(large.Transactions, t, transaction with { Steps = Cut(transaction.Steps, s) }) };
            for (var s = 0; s < transaction.Steps.Count; s++)
            {
                var step = transaction.Steps[s];
                for (var i = 0; step.Statements.Count > 1 && i < step.Statements.Count; i++) yield return Replace(large, t, s, Cut(step.Statements, i));
                for (var i = 0; i < step.Statements.Count; i++)
                    foreach (var simpler in step.Statements[i].Simpler()) yield return Replace(large, t, s, Put(step.Statements, i, simpler));
            }
        }
    }

    private static IEnumerable<RandomCase> Tables(RandomCase large)
    {
        for (var t = 0; t < large.Schema.Tables.Count; t++)
        {
            var table = large.Schema.Tables[t];
            for (var r = 0; r < table.References.Count; r++)
            {
                yield return Put(large, t, table with { References = Cut(table.References, r) });
                if (table.References[r].Action.Length > 0)
                    yield return Put(large, t, table with { References = Put(table.References, r, table.References[r] with { Action = "" }) });
            }
            if (table.HasBody) yield return Put(large, t, table with { HasBody = false });
            if (table.IdentityFull) yield return Put(large, t, table with { IdentityFull = false });
            if (table.HasCode && !large.Schema.Tables.Any(o => o.References.Any(r => r.ToCode && r.Parent == table.Name))) yield return Put(large, t, table with { HasCode = false });
            if (table.Key != KeyKind.Int) yield return Put(large, t, table with { Key = KeyKind.Int });
        }
    }

    private static RandomCase Without(RandomCase large, int at, int size)
    {
        int Moved(int index) => index - Math.Clamp(index - at, 0, size);
        return large with
        {
            Transactions = [.. large.Transactions.Where((_, i) => i < at || i >= at + size)],
            Before = Moved(large.Before),
            DuringCopy = Moved(large.Before + large.DuringCopy) - Moved(large.Before),
            Interruptions = [.. large.Interruptions.Select(i => i with { Before = Moved(i.Before) })],
        };
    }

    private static RandomCase Replace(RandomCase large, int transaction, int step, IReadOnlyList<Statement> statements)
    {
        var old = large.Transactions[transaction];
        return large with { Transactions = Put(large.Transactions, transaction, old with { Steps = Put(old.Steps, step, old.Steps[step] with { Statements = statements }) }) };
    }

    private static RandomCase Put(RandomCase large, int table, TableSpec changed) => large with { Schema = large.Schema with { Tables = Put(large.Schema.Tables, table, changed) } };

    private static RandomCase Drop(RandomCase large, string table) => large with
    {
        Schema = new RandomSchema(
            [.. large.Schema.Tables.Where(t => t.Name != table).Select(t => t with { References = [.. t.References.Where(r => r.Parent != table)] })],
            [.. large.Schema.Joins.Where(j => j.Name != table)]),
        Transactions = [.. large.Transactions.Select(t => t with { Steps = [.. t.Steps.Select(s => s with { Statements = [.. s.Statements.Where(x => x.Table != table)] })] })],
    };

    private static IReadOnlyList<T> Put<T>(IReadOnlyList<T> items, int index, T item) => [.. items.Select((old, i) => i == index ? item : old)];

    private static IReadOnlyList<T> Cut<T>(IReadOnlyList<T> items, int index) => [.. items.Where((_, i) => i != index)];
}
