using PolyglotSync.SyncNode.Load.Choosing;
using PolyglotSync.SyncNode.Load.Statements;
using PolyglotSync.SyncNode.Load.Worlds;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests.Load;

public sealed class GeneratorSpecs
{
    private static readonly KnownRows Nothing = new(new Dictionary<KeySet, IReadOnlyList<(long, long)>>(), 0, 0);

    public static TheoryData<string> Worlds => [.. LoadWorld.All.Select(w => w.Name)];

    [Theory]
    [MemberData(nameof(Worlds))]
    public void The_same_seed_gives_the_same_statements_and_another_one_others(string world)
    {
        Said(world, seed: 7).ShouldBe(Said(world, seed: 7));
        Said(world, seed: 7).ShouldNotBe(Said(world, seed: 8));
        Said(world, seed: 7, number: 1, connections: 2).ShouldNotBe(Said(world, seed: 7, number: 0, connections: 2));
    }

    [Theory]
    [MemberData(nameof(Worlds))]
    public void Every_kind_has_actions_and_the_first_one_needs_no_other_row(string world)
    {
        var of = Of(world);
        of.Actions.Select(a => a.Kind).Distinct().ShouldBe(Enum.GetValues<LoadKind>(), ignoreOrder: true);
        of.Actions.ShouldAllBe(a => a.Arguments == a.Sql.Split("::bigint[]", StringSplitOptions.None).Length - 1);
        var first = Generator(of, 1, "deletes=1,updates=1,keys=1").Next(1).ShouldHaveSingleItem();
        first.Action.ShouldBeSameAs(of.Actions[0]);
    }

    [Theory]
    [MemberData(nameof(Worlds))]
    public void The_kinds_are_drawn_as_the_mix_says(string world)
    {
        var generator = Generator(Of(world), 3, "inserts=60,updates=30,deletes=8,keys=2");
        generator.Next(2000);
        var rows = new long[4];
        for (var i = 0; i < 500; i++)
        {
            foreach (var statement in generator.Next(20)) rows[(int)statement.Action.Kind] += statement.Count;
        }
        rows.Sum().ShouldBe(10_000);
        rows[0].ShouldBeInRange(5_700, 6_300);
        rows[1].ShouldBeInRange(2_800, 3_200);
        rows[2].ShouldBeInRange(650, 950);
        rows[3].ShouldBeInRange(130, 280);
    }

    [Fact]
    public void Rows_that_are_changed_are_there_and_keys_are_never_used_twice()
    {
        var entries = Of("keyvalue").Keys[0];
        var known = new KnownRows(new Dictionary<KeySet, IReadOnlyList<(long, long)>> { [entries] = [(1, 0), (2, 0), (3, 0)] }, 3, 0);
        var generator = new TransactionGenerator(Of("keyvalue"), known, LoadMix.Parse("inserts=30,updates=30,deletes=30,keys=10"), RowRange.Parse("1..30"), 0.99, 0, 1, TransactionGenerator.RandomOf(1, 0));
        var there = new HashSet<long> { 1, 2, 3 };
        var ever = new HashSet<long>(there);
        for (var i = 0; i < 2000; i++)
        {
            foreach (var statement in generator.Next(generator.NextSize()))
            {
                var keys = statement.Column(0);
                keys.Distinct().Count().ShouldBe(keys.Length);
                if (statement.Action.Kind == LoadKind.Insert) keys.ShouldAllBe(key => there.Add(key) && ever.Add(key));
                else keys.ShouldAllBe(key => there.Contains(key));
                if (statement.Action.Kind is LoadKind.Delete or LoadKind.KeyChange) there.ExceptWith(keys);
                if (statement.Action.Kind == LoadKind.KeyChange) statement.Column(1).ShouldAllBe(key => there.Add(key) && ever.Add(key));
            }
        }
    }

    [Fact]
    public void Connections_make_keys_of_their_own_above_those_that_a_person_s_insert_gets()
    {
        var keys = Enumerable.Range(0, 3).Select(number => new TransactionGenerator(
            Of("keyvalue"), Nothing, LoadMix.Parse("inserts=1"), RowRange.Parse("1"), 0, number, 3, TransactionGenerator.RandomOf(1, number)).Next(100).Single().Column(0)).ToList();
        keys.SelectMany(k => k).Distinct().Count().ShouldBe(300);
        keys.SelectMany(k => k).Min().ShouldBeGreaterThan(OwnRows.FirstId);
        for (var number = 0; number < 3; number++) keys[number].ShouldAllBe(key => key % 3 == number);
    }

    [Fact]
    public void Skew_makes_the_first_rows_hot()
    {
        var entries = Of("keyvalue").Keys[0];
        var known = new KnownRows(new Dictionary<KeySet, IReadOnlyList<(long, long)>> { [entries] = [.. Enumerable.Range(1, 1000).Select(n => ((long)n, 0L))] }, 1000, 0);
        double Share(double skew)
        {
            var generator = new TransactionGenerator(Of("keyvalue"), known, LoadMix.Parse("updates=1"), RowRange.Parse("1"), skew, 0, 1, TransactionGenerator.RandomOf(5, 0));
            return Enumerable.Range(0, 10_000).Count(_ => generator.Next(1).Single().Column(0)[0] == 1) / 10_000.0;
        }
        Share(0).ShouldBeLessThan(0.01);
        Share(0.99).ShouldBe(0.13, 0.02);
    }

    [Fact]
    public void More_rows_than_a_connection_remembers_push_others_out()
    {
        var pool = new KeyPool(10, countsParents: true);
        var random = new Random(1);
        for (var i = 0; i < 100; i++) pool.Add(i, i % 3, random);
        pool.Count.ShouldBe(10);
        Enumerable.Range(0, 100).Count(i => pool.Contains(i, i % 3)).ShouldBe(10);
        while (pool.Count > 0)
        {
            pool.HasChildren(pool[0].B).ShouldBeTrue();
            pool.RemoveAt(0);
        }
        pool.HasChildren(0).ShouldBeFalse();
    }

    private static LoadWorld Of(string name) => LoadWorld.All.First(w => w.Name == name);

    private static TransactionGenerator Generator(LoadWorld world, int seed, string mix = LoadMix.Default, int number = 0, int connections = 1) =>
        new(world, Nothing, LoadMix.Parse(mix), RowRange.Parse("1..20"), 0.99, number, connections, TransactionGenerator.RandomOf(seed, number));

    private static string Said(string world, int seed, int number = 0, int connections = 1)
    {
        var generator = Generator(Of(world), seed, number: number, connections: connections);
        return string.Join('\n', Enumerable.Range(0, 200).SelectMany(_ => generator.Next(generator.NextSize())));
    }
}
