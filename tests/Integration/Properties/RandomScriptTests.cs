using Npgsql;
using PolyglotSync.Contracts;
using PolyglotSync.Integration.Servers;
using PolyglotSync.Integration.Worlds;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Properties;

/// <summary>The random scripts themselves: a property over scripts that do nothing would prove nothing.</summary>
[Collection(Lane.Refusals)]
[Trait("Category", "Integration")]
public sealed class RandomScriptTests(RealServers servers)
{
    [SkippableFact]
    public async Task Random_scripts_are_valid_and_leave_rows_and_references_behind()
    {
        var postgres = await servers.PostgresAsync();
        var nodes = 0;
        var edges = 0;
        for (var seed = 0; seed < 25; seed++)
        {
            var made = RandomCases.Make(seed, GraphKind.Neo4j, Consistency.Transactional);
            var database = await postgres.CreateDatabaseAsync();
            await postgres.ExecuteAsync(made.Schema.Ddl(), database);
            foreach (var transaction in made.Transactions)
            {
                try
                {
                    await postgres.ExecuteAsync(made.Sql(transaction), database);
                }
                catch (PostgresException e) when (e.SqlState.StartsWith("23", StringComparison.Ordinal))
                {
                    // a deferred constraint refused the commit
                }
            }
            var picture = await new ExpectedPicture(GraphKind.Neo4j, new NamingRules()).BuildAsync(postgres.ConnectionString(database), ["public"]);
            nodes += picture.Nodes.Count;
            edges += picture.Edges.Count;
        }
        nodes.ShouldBeGreaterThan(25 * 20);
        edges.ShouldBeGreaterThan(25 * 10);
    }
}
