using FsCheck;
using FsCheck.Fluent;
using PolyglotSync.Contracts;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Properties;

/// <summary>Makes random cases, and smaller ones of a failing one.</summary>
public static class RandomCases
{
    private static readonly string[] Names = ["alpha", "beta", "gamma", "delta", "kappa"];
    private static readonly string[] Actions =
        ["on update cascade on delete cascade", "on update cascade on delete set null", "deferrable initially deferred", "on update cascade deferrable initially deferred", ""];

    public static Arbitrary<RandomCase> Of(GraphKind kind, Consistency consistency) =>
        Arb.From(Gen.Choose(0, int.MaxValue - 1).Select(seed => Make(new Random(seed), kind, consistency)), Smaller);

    public static RandomCase Make(Random random, GraphKind kind, Consistency consistency)
    {
        var schema = Schema(random);
        var transactions = new List<Transaction>();
        var count = random.Next(4, 16);
        for (var i = 0; i < count; i++) transactions.Add(Transaction(random, schema, large: random.Next(8) == 0));
        var before = random.Next(0, count / 2 + 1);
        return new RandomCase(schema, transactions, before, random.Next(0, Math.Min(3, count - before) + 1), kind, consistency);
    }

    private static RandomSchema Schema(Random random)
    {
        var names = Names[..random.Next(2, 5)];
        var bare = names.Select(name => new TableSpec(name, (KeyKind)random.Next(5), random.Next(3) == 0, random.Next(3) == 0, random.Next(4) == 0, [])).ToList();
        var tables = bare.Select(table => table with
        {
            References = [.. Enumerable.Range(0, random.Next(0, 3)).Select(i =>
            {
                var parent = bare[random.Next(bare.Count)];
                return new ReferenceSpec($"ref{i + 1}", parent.Name, parent.HasCode && random.Next(2) == 0, Actions[random.Next(Actions.Length)]);
            })],
        }).ToList();
        IReadOnlyList<JoinSpec> joins = random.Next(2) == 0 ? [] : [new JoinSpec("pairing", names[random.Next(names.Length)], names[random.Next(names.Length)])];
        return new RandomSchema(tables, joins);
    }

    private static Transaction Transaction(Random random, RandomSchema schema, bool large)
    {
        var steps = Enumerable.Range(0, random.Next(1, 4))
            .Select(_ => new Step([.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Statement(random, schema, large))], random.Next(6) == 0)).ToList();
        return new Transaction(steps, random.Next(10) == 0);
    }

    private static Statement Statement(Random random, RandomSchema schema, bool large)
    {
        var salt = random.Next(1, 1000);
        if (schema.Joins.Count > 0 && random.Next(5) == 0)
            return random.Next(3) > 0 ? new Connect(schema.Joins[0].Name, random.Next(1, 6), salt) : new ChangeConnections(schema.Joins[0].Name, salt, random.Next(2) == 0);
        var table = schema.Tables[random.Next(schema.Tables.Count)].Name;
        var modulus = random.Next(1, 8);
        var rest = random.Next(8);
        return random.Next(20) switch
        {
            < 7 => new Insert(table, random.Next(0, 50), large ? random.Next(200, 1000) : random.Next(1, 30), salt),
            < 10 => new UpdateValues(table, modulus, rest, salt),
            < 12 => new UpdateReferences(table, modulus, rest, salt),
            < 13 => new UpdateBody(table, modulus, rest, salt),
            < 14 => new UpdateCode(table, modulus, rest, salt),
            < 17 => new ChangeKey(table, modulus, rest, random.Next(4) switch { 0 => -1, 1 => 1, 2 => 500, _ => -500 }),
            < 19 => new Delete(table, modulus, rest),
            _ => new Truncate(table),
        };
    }

    /// <summary>Smaller cases, the biggest cuts first: transactions, statements, tables, references, rows.</summary>
    public static IEnumerable<RandomCase> Smaller(RandomCase large)
    {
        for (var size = large.Transactions.Count / 2; size >= 1; size /= 2)
            for (var at = 0; at + size <= large.Transactions.Count; at += size)
                yield return Without(large, at, size);
        for (var t = 0; t < large.Transactions.Count; t++)
        {
            var transaction = large.Transactions[t];
            for (var s = 0; s < transaction.Steps.Count; s++)
            {
                var step = transaction.Steps[s];
                if (transaction.Steps.Count > 1) yield return Replace(large, t, transaction with { Steps = [.. transaction.Steps.Where((_, i) => i != s)] });
                for (var i = 0; step.Statements.Count > 1 && i < step.Statements.Count; i++)
                    yield return Replace(large, t, transaction with { Steps = Put(transaction.Steps, s, step with { Statements = [.. step.Statements.Where((_, j) => j != i)] }) });
                for (var i = 0; i < step.Statements.Count; i++)
                    if (step.Statements[i] is Insert { Count: > 1 } insert)
                        yield return Replace(large, t, transaction with { Steps = Put(transaction.Steps, s, step with { Statements = Put(step.Statements, i, insert with { Count = insert.Count / 2 }) }) });
            }
        }
        if (large.Schema.Joins.Count > 0) yield return Drop(large, large.Schema.Joins[0].Name);
        foreach (var table in large.Schema.Tables)
            if (large.Schema.Tables.Count > 1 && large.Schema.Joins.All(j => j.Left != table.Name && j.Right != table.Name)) yield return Drop(large, table.Name);
        for (var t = 0; t < large.Schema.Tables.Count; t++)
        {
            var table = large.Schema.Tables[t];
            foreach (var reference in table.References)
                yield return large with { Schema = large.Schema with { Tables = Put(large.Schema.Tables, t, table with { References = [.. table.References.Where(r => r != reference)] }) } };
        }
        if (large.Before > 0) yield return large with { Before = large.Before - 1, DuringCopy = 0 };
        if (large.DuringCopy > 0) yield return large with { DuringCopy = 0 };
    }

    private static RandomCase Without(RandomCase large, int at, int size) => large with
    {
        Transactions = [.. large.Transactions.Where((_, i) => i < at || i >= at + size)],
        Before = large.Before - Math.Clamp(large.Before - at, 0, size),
        DuringCopy = Math.Min(large.DuringCopy, Math.Max(0, large.Transactions.Count - size - large.Before)),
    };

    private static RandomCase Replace(RandomCase large, int index, Transaction transaction) => large with { Transactions = Put(large.Transactions, index, transaction) };

    private static RandomCase Drop(RandomCase large, string table) => large with
    {
        Schema = new RandomSchema(
            [.. large.Schema.Tables.Where(t => t.Name != table).Select(t => t with { References = [.. t.References.Where(r => r.Parent != table)] })],
            [.. large.Schema.Joins.Where(j => j.Name != table)]),
        Transactions = [.. large.Transactions.Select(t => t with { Steps = [.. t.Steps.Select(s => s with { Statements = [.. s.Statements.Where(x => x.Table != table)] })] })],
    };

    private static IReadOnlyList<T> Put<T>(IReadOnlyList<T> items, int index, T item) => [.. items.Select((old, i) => i == index ? item : old)];
}
