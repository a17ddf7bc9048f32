using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using Npgsql;
using PolyglotSync.Contracts;
using PolyglotSync.Integration.Servers;
using PolyglotSync.Integration.Worlds;
using PolyglotSync.Testing.Oracle;
using Xunit.Abstractions;

namespace PolyglotSync.Integration.Properties;

/// <summary>
/// Random schemas and random writes through the real servers. POLYSYNC_RUNS sets how many cases each test tries (default 6), POLYSYNC_REPLAY a seed printed
/// by a failure (<c>StdGen (a,b)</c> as <c>a,b</c>).
/// </summary>
[Collection(RealServersCollection.Name)]
[Trait("Category", "Integration")]
public sealed class RandomWriteTests(RealServers servers, ITestOutputHelper output)
{
    private static readonly int Runs = int.TryParse(Environment.GetEnvironmentVariable("POLYSYNC_RUNS"), out var runs) ? runs : 6;

    [SkippableTheory]
    [InlineData(GraphKind.Neo4j, Consistency.Transactional)]
    [InlineData(GraphKind.Neo4j, Consistency.Parallel)]
    [InlineData(GraphKind.Falkor, Consistency.Transactional)]
    [InlineData(GraphKind.Falkor, Consistency.Parallel)]
    public async Task After_any_writes_the_graph_is_the_picture_of_the_tables(GraphKind kind, Consistency consistency)
    {
        // skips by name where a server is missing
        await servers.CleanTargetAsync(kind, "probe");
        await servers.PostgresAsync();
        var config = Config.QuickThrowOnFailure.WithMaxTest(kind == GraphKind.Neo4j && consistency == Consistency.Transactional ? Runs * 2 : Runs);
        if (Environment.GetEnvironmentVariable("POLYSYNC_REPLAY") is { Length: > 0 } replay)
            config = config.WithReplay(ulong.Parse(replay.Split(',')[0]), ulong.Parse(replay.Split(',')[1]));
        var shrinking = new Stopwatch();
        await Task.Run(() => Prop.ForAll(RandomCases.Of(kind, consistency), tried =>
        {
            // shrinking costs a server round each: it ends in time to be read
            if (shrinking.Elapsed > TimeSpan.FromSeconds(120)) return true.Label("not tried");
            var problem = RunAsync(tried).GetAwaiter().GetResult();
            if (problem.Length > 0) shrinking.Start();
            return (problem.Length == 0).Label(problem);
        }).Check(config));
    }

    /// <summary>Empty where all agrees, else what differs.</summary>
    private async Task<string> RunAsync(RandomCase tried)
    {
        await using var world = await World.NewAsync(servers, tried.Kind);
        world.Consistency = tried.Consistency;
        try
        {
            await world.SqlAsync(tried.Schema.Ddl());
            foreach (var transaction in tried.Transactions.Take(tried.Before)) await CommitAsync(world, tried.Sql(transaction));
            var node = world.Start();
            foreach (var transaction in tried.Transactions.Skip(tried.Before).Take(tried.DuringCopy)) await CommitAsync(world, tried.Sql(transaction));
            await node.UntilStreamingAsync(World.Pipeline);
            foreach (var transaction in tried.Transactions.Skip(tried.Before + tried.DuringCopy)) await CommitAsync(world, tried.Sql(transaction));
            await world.CaughtUpAsync(20_000);
            var differences = PictureDiff.Describe(await world.DifferencesAsync());
            return differences.Length == 0 ? "" : $"{differences}\nThe node says:\n{node.Error}";
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException)
        {
            output.WriteLine(e.Message);
            return e.Message;
        }
    }

    /// <summary>A deferred constraint may refuse the commit: then nothing has happened, which is a case like any other.</summary>
    private static async Task CommitAsync(World world, string sql)
    {
        try
        {
            await world.SqlAsync(sql);
        }
        catch (PostgresException e) when (e.SqlState.StartsWith("23", StringComparison.Ordinal))
        {
            // refused as a whole
        }
    }
}
