using FsCheck;
using PolyglotSync.Contracts;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Properties;

/// <summary>A failing case must come out as a script that a person can read and run.</summary>
public sealed class ShrinkingTests
{
    /// <summary>Fails as a product would that gets key changes of rows with a large text wrong.</summary>
    private static Task<string> KeyChangeFailsAsync(RandomCase tried)
    {
        var inserted = new HashSet<string>();
        foreach (var statement in tried.Transactions.Where(t => !t.RolledBack).SelectMany(t => t.Steps).Where(s => !s.Undone).SelectMany(s => s.Statements))
        {
            if (statement is Insert insert) inserted.Add(insert.Table);
            if (statement is ChangeKey change && inserted.Contains(change.Table) && tried.Schema.Table(change.Table).HasBody) return Task.FromResult($"lost in {change.Table}");
        }
        return Task.FromResult("");
    }

    [Fact]
    public void A_failing_case_shrinks_to_the_table_and_the_two_statements_that_matter()
    {
        var seed = Enumerable.Range(0, 1000).First(s => KeyChangeFailsAsync(RandomCases.Make(s, GraphKind.Neo4j, Consistency.Transactional)).Result.Length > 0
            && RandomCases.Make(s, GraphKind.Neo4j, Consistency.Transactional).Interruptions.Count > 1);
        var large = RandomCases.Make(seed, GraphKind.Neo4j, Consistency.Transactional).ToString();
        var report = new CaseSearch(KeyChangeFailsAsync, TimeSpan.FromSeconds(30)).Run(RandomCases.Of(GraphKind.Neo4j, Consistency.Transactional, seed), 1).ShouldNotBeNull();

        report.ShouldContain($"POLYSYNC_SEED={seed} ");
        report.ShouldContain("lost in");
        var script = report[report.IndexOf("-- target", StringComparison.Ordinal)..].TrimEnd().Split('\n');
        large.Split('\n').Length.ShouldBeGreaterThan(2 * script.Length);
        script.Count(l => l.StartsWith("create table", StringComparison.Ordinal)).ShouldBe(1);
        script.Count(l => l.Contains("begin insert into", StringComparison.Ordinal)).ShouldBe(1);
        script.Count(l => l.Contains("begin update", StringComparison.Ordinal)).ShouldBe(1);
        script.Single(l => l.Contains("begin insert into", StringComparison.Ordinal)).ShouldMatch(@"generate_series\((\d+), \1\) n");
        report.ShouldNotContain("foreign key");
        report.ShouldNotContain("SIG");
        script.Length.ShouldBeLessThan(20, report);
    }

    [Fact]
    public void A_seed_makes_the_same_case_again() =>
        RandomCases.Make(4711, GraphKind.Falkor, Consistency.Parallel).ToString().ShouldBe(RandomCases.Make(4711, GraphKind.Falkor, Consistency.Parallel).ToString());

    [Fact]
    public void Every_smaller_case_is_valid()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var made = RandomCases.Make(seed, GraphKind.Neo4j, Consistency.Parallel);
            foreach (var smaller in SmallerCases.Of(made))
            {
                smaller.ToString().Length.ShouldBeLessThanOrEqualTo(made.ToString().Length + 40);
                smaller.Before.ShouldBeInRange(0, smaller.Transactions.Count);
                (smaller.Before + smaller.DuringCopy).ShouldBeInRange(smaller.Before, smaller.Transactions.Count);
                smaller.Interruptions.ShouldAllBe(i => i.Before >= 0 && i.Before <= smaller.Transactions.Count);
            }
        }
    }

    [Fact]
    public void Random_cases_cover_what_they_are_meant_to()
    {
        var cases = Enumerable.Range(0, 300).Select(s => RandomCases.Make(s, GraphKind.Neo4j, Consistency.Transactional)).ToList();
        var tables = cases.SelectMany(c => c.Schema.Tables).ToList();
        var statements = cases.SelectMany(c => c.Transactions).SelectMany(t => t.Steps).SelectMany(s => s.Statements).ToList();
        tables.Select(t => t.Key).Distinct().Count().ShouldBe(5);
        tables.ShouldContain(t => t.References.Any(r => r.Parent == t.Name));
        tables.ShouldContain(t => t.References.Any(r => r.ToCode));
        tables.SelectMany(t => t.References).Select(r => r.Action).Distinct().Count().ShouldBe(5);
        cases.ShouldContain(c => c.Schema.Joins.Any(j => j.Left == j.Right));
        cases.ShouldContain(c => c.Transactions.Any(t => t.RolledBack));
        cases.ShouldContain(c => c.Transactions.Any(t => t.Steps.Any(s => s.Undone)));
        statements.Select(s => s.GetType()).Distinct().Count().ShouldBe(10);
        statements.OfType<Insert>().Min(i => i.Count).ShouldBe(1);
        statements.OfType<Insert>().Max(i => i.Count).ShouldBeInRange(900, 1000);
        cases.SelectMany(c => c.Interruptions).Select(i => i.Trouble).Distinct().Count().ShouldBe(4);
        cases.ShouldContain(c => c.Interruptions.Any(i => i.Before < c.Before + c.DuringCopy));
    }
}
