using FsCheck;
using FsCheck.Fluent;
using PolyglotSync.Contracts;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Properties;

/// <summary>Makes random cases, each from one number.</summary>
public static class RandomCases
{
    private static readonly string[] Names = ["alpha", "beta", "gamma", "delta", "kappa"];
    private static readonly string[] Actions =
        ["on update cascade on delete cascade", "on update cascade on delete set null", "deferrable initially deferred", "on update cascade deferrable initially deferred", ""];

    /// <param name="seed">Makes that one case only; null: any.</param>
    public static Arbitrary<RandomCase> Of(GraphKind kind, Consistency consistency, int? seed = null) =>
        Arb.From((seed is { } one ? Gen.Constant(one) : Gen.Choose(0, int.MaxValue - 1)).Select(s => Make(s, kind, consistency)), SmallerCases.Of);

    public static RandomCase Make(int seed, GraphKind kind, Consistency consistency)
    {
        var random = new Random(seed);
        var schema = Schema(random);
        var transactions = new List<Transaction>();
        var count = random.Next(4, 16);
        for (var i = 0; i < count; i++) transactions.Add(Transaction(random, schema, large: random.Next(6) == 0));
        var before = random.Next(0, (count / 2) + 1);
        var duringCopy = random.Next(0, Math.Min(3, count - before) + 1);
        var interruptions = Enumerable.Range(0, random.Next(3)).Select(_ => new Interruption(
            random.Next(before + 1, count + 1), (Trouble)random.Next(4), random.Next(3))).OrderBy(i => i.Before).ToList();
        return new RandomCase(seed, kind, consistency, NodeLimits.Make(random), schema, transactions, before, duringCopy, interruptions);
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
        if (random.Next(8) == 0) return new Transaction([new Step([Statement(random, schema, 1, 2)], false)], false);
        var (fewest, most) = large ? (200, 1000) : (1, 30);
        var steps = Enumerable.Range(0, random.Next(1, 4))
            .Select(_ => new Step([.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Statement(random, schema, fewest, most))], random.Next(6) == 0)).ToList();
        return new Transaction(steps, random.Next(10) == 0);
    }

    private static Statement Statement(Random random, RandomSchema schema, int fewest, int most)
    {
        var salt = random.Next(1, 1000);
        if (schema.Joins.Count > 0 && random.Next(5) == 0)
            return random.Next(3) > 0 ? new Connect(schema.Joins[0].Name, random.Next(1, 6), salt) : new ChangeConnections(schema.Joins[0].Name, salt, random.Next(2) == 0);
        var table = schema.Tables[random.Next(schema.Tables.Count)].Name;
        var modulus = random.Next(1, 8);
        var rest = random.Next(8);
        return random.Next(20) switch
        {
            < 7 => new Insert(table, random.Next(0, 50), random.Next(fewest, most), salt),
            < 10 => new UpdateValues(table, modulus, rest, salt),
            < 12 => new UpdateReferences(table, modulus, rest, salt),
            < 13 => new UpdateBody(table, modulus, rest, salt),
            < 14 => new UpdateCode(table, modulus, rest, salt),
            < 17 => new ChangeKey(table, modulus, rest, random.Next(4) switch { 0 => -1, 1 => 1, 2 => 500, _ => -500 }),
            < 19 => new Delete(table, modulus, rest),
            _ => new Truncate(table),
        };
    }
}
