using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using PolyglotSync.Contracts;
using PolyglotSync.Integration.Servers;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Properties;

/// <summary>
/// Random schemas, random writes and random troubles through the real servers; a failing case is shrunk to a short script. POLYSYNC_RUNS says how many cases each test
/// tries, POLYSYNC_SEED makes the one case of a seed that a failure printed, POLYSYNC_FAULT is a Cypher statement done behind the node's back, to see that it is found.
/// </summary>
public abstract class RandomWriteTests(RealServers servers, GraphKind kind)
{
    /// <summary>Shrinking costs a round through the servers each: it ends in time to be read.</summary>
    private static readonly TimeSpan Shrinking = TimeSpan.FromSeconds(90);

    private static readonly string? Fault = Environment.GetEnvironmentVariable("POLYSYNC_FAULT");

    [SkippableTheory]
    [InlineData(Consistency.Transactional, 2)]
    [InlineData(Consistency.Parallel, 2)]
    public async Task After_any_writes_and_troubles_the_graph_is_the_picture_of_the_tables(Consistency consistency, int runs)
    {
        // skips by name where a server is missing
        await servers.CleanTargetAsync(kind, "probe");
        await servers.PostgresAsync();
        int? seed = int.TryParse(Environment.GetEnvironmentVariable("POLYSYNC_SEED"), out var given) ? given : null;
        if (int.TryParse(Environment.GetEnvironmentVariable("POLYSYNC_RUNS"), out var wanted)) runs = wanted;
        var search = new CaseSearch(made => CaseRun.ProblemAsync(servers, made, Fault is null ? null : world => world.DamageAsync(Fault)), Shrinking);
        (await Task.Run(() => search.Run(RandomCases.Of(kind, consistency, seed), seed is null ? runs : 1))).ShouldBeNull();
    }
}

/// <summary>Looks for a failing case by FsCheck and makes it small.</summary>
/// <param name="problem">What is wrong with a case; empty: nothing.</param>
/// <param name="patience">How long it makes a failing case smaller.</param>
public sealed class CaseSearch(Func<RandomCase, Task<string>> problem, TimeSpan patience)
{
    private readonly Stopwatch _shrinking = new();
    private (RandomCase Case, string Problem)? _smallest;
    private int _smaller = -1;

    /// <returns>The smallest failing case as a script, and how to make it again; null where none fails.</returns>
    public string? Run(Arbitrary<RandomCase> cases, int runs)
    {
        try
        {
            Prop.ForAll(cases, Passes).Check(Config.QuickThrowOnFailure.WithMaxTest(runs));
            return null;
        }
        catch (Exception) when (_smallest is not null)
        {
            var (made, why) = _smallest.Value;
            return $"\nPOLYSYNC_SEED={made.Seed} makes this case again (before it was made {_smaller} times smaller). It ends with:\n{why}\nThe smallest case that fails:\n\n{made}";
        }
    }

    private bool Passes(RandomCase tried)
    {
        if (_shrinking.Elapsed > patience) return true;
        var found = problem(tried).GetAwaiter().GetResult();
        if (found.Length == 0) return true;
        // FsCheck goes on from a failing case only: the last one that failed is the smallest
        _smallest = (tried, found);
        _smaller++;
        _shrinking.Start();
        return false;
    }
}

[Collection(Lane.Neo4j)]
[Trait("Category", "Integration")]
public sealed class Neo4jRandomWriteTests(RealServers servers) : RandomWriteTests(servers, GraphKind.Neo4j);

[Collection(Lane.Falkor)]
[Trait("Category", "Integration")]
public sealed class FalkorRandomWriteTests(RealServers servers) : RandomWriteTests(servers, GraphKind.Falkor);
