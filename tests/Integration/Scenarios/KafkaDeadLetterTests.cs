using System.Text.Json;
using PolyglotSync.Integration.Servers;
using PolyglotSync.Integration.Worlds;

namespace PolyglotSync.Integration.Scenarios;

/// <summary>What the graph refuses of what came through a broker, from the refusal to the row in the graph.</summary>
[Collection(Lane.Neo4j)]
[Trait("Length", "Long")]
[Trait("Category", "Integration")]
public sealed class KafkaDeadLetterTests(RealServers servers)
{
    [SkippableFact]
    public async Task A_row_that_a_constraint_refused_is_written_by_a_retry_once_the_constraint_is_gone()
    {
        await using var world = await World.NewAsync(servers);
        await world.ThroughKafkaAsync(more: "dead_letter_topic: true");
        await world.SqlAsync("create table pages (id int primary key, slug text); create table links (id int primary key, page_id int references pages)");
        await world.StartStreamingAsync();
        await world.DamageAsync("CREATE CONSTRAINT owners_rule FOR (p:Page) REQUIRE p.slug IS UNIQUE");
        try
        {
            await world.SqlAsync("insert into pages select n, 's' || n from generate_series(1, 50) n");
            await world.SqlAsync("insert into pages values (51, 's51'), (52, 's7'); insert into links values (1, 52)");
            await world.SqlAsync("update pages set slug = 'changed' where id = 1");
            await world.CaughtUpAsync();
            using var list = JsonDocument.Parse((await world.CommandAsync("dlq", "list", "--table", "pages", "-o", "json")).Output);
            var letter = list.RootElement.EnumerateArray().ShouldHaveSingleItem();
            letter.GetProperty("reason").GetString()!.ShouldContain("slug");
            var id = letter.GetProperty("id").GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture);
            var (refused, said, _) = await world.CommandAsync("dlq", "retry", id);
            refused.ShouldBe(13, said);
            said.ShouldContain("slug");
        }
        finally
        {
            await world.DamageAsync("DROP CONSTRAINT owners_rule IF EXISTS");
        }
        var (code, output, error) = await world.CommandAsync("dlq", "retry", "--all");
        code.ShouldBe(0, $"{output}{error}\nThe node says:\n{world.Node!.Error}");
        output.ShouldContain("resolved");
        await world.ShouldAgreeAsync();
        (await world.CommandAsync("dlq", "list")).Output.ShouldContain("no dead letters");
        using var broker = new BrokerClient(world.Broker!);
        broker.Read($"{world.Database}.__dead").ShouldContain(m => m.Key.Contains("\"id\":\"52\"", StringComparison.Ordinal) && m.Value.Contains("slug", StringComparison.Ordinal));
    }
}
