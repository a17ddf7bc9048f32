using PolyglotSync.Contracts;
using PolyglotSync.Integration.Servers;
using PolyglotSync.Integration.Worlds;
using PolyglotSync.Testing.Node;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Scenarios;

/// <summary>Manifests of a running node, by the commands that a person uses.</summary>
[Collection(Lane.Neo4j)]
[Trait("Category", "Integration")]
public sealed class ManifestTests(RealServers servers) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("polysync-manifests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public async Task A_second_pipeline_is_applied_one_changed_and_one_deleted_while_the_node_runs()
    {
        await using var world = await World.NewAsync(servers);
        await world.SqlAsync("create table users (id int primary key, name text); create table posts (id int primary key, author_id int references users); insert into users values (1, 'Ada'); insert into posts values (1, 1)");
        await world.SqlAsync("create schema shop; create table shop.orders (id int primary key); insert into shop.orders values (1), (2)");
        var first = Path.Combine(_folder, "social.yaml");

        await File.WriteAllTextAsync(first, $"pipeline: social\nsource: {{ dsn: \"{world.Source}\" }}\ntarget: {{ uri: \"{world.Target}\" }}\ntables: {{ users: {{ label: User }} }}\nexclude_tables: [posts]\n");
        await File.WriteAllTextAsync(Path.Combine(_folder, "broken.yaml"), "pipeline: a b\n");

        await using var node = SyncNodeProcess.Run(_folder);
        await node.UntilStreamingAsync("social");
        node.Error.ShouldContain("broken.yaml:1:11");

        // a second one, as init writes it
        var offered = Directory.CreateDirectory(Path.Combine(_folder, "offered")).FullName;
        var second = Path.Combine(offered, "orders.yaml");
        var init = await SyncNodeProcess.CommandAsync(Eventually.Patience, "init", "--source", world.Source, "--target", world.Target, "--name", "orders", "--schema", "shop", "-f", second);
        init.ExitCode.ShouldBe(0, init.Error);
        (await CommandAsync(node, "diff", second)).ExitCode.ShouldBe((int)ExitCode.Diverged);
        var dry = await CommandAsync(node, "apply", second, "--dry-run");
        (dry.ExitCode, File.Exists(Path.Combine(_folder, "orders.yaml"))).ShouldBe((0, false), dry.Error);
        (await CommandAsync(node, "apply", second)).ExitCode.ShouldBe(0);
        await node.UntilStreamingAsync("orders");
        (await CommandAsync(node, "diff", second)).ExitCode.ShouldBe(0);

        // one changed: a table more is copied beside the stream, a label is refused
        var text = await File.ReadAllTextAsync(first);
        var changed = Path.Combine(offered, "social.yaml");
        await File.WriteAllTextAsync(changed, text.Replace("exclude_tables: [posts]", "limits: { batch_rows: 100 }", StringComparison.Ordinal));
        var apply = await CommandAsync(node, "apply", changed);
        apply.ExitCode.ShouldBe(0, apply.Error);
        apply.Output.ShouldContain("copies public.posts");
        await node.UntilStreamingAsync("social");
        await world.SqlAsync("insert into users values (2, 'Bob'); insert into posts values (2, 2)");
        await CountAsync("(:Post)-[:AUTHOR]->(:User)", 2);
        (await File.ReadAllTextAsync(first)).ShouldContain("batch_rows: 100");
        await File.WriteAllTextAsync(changed, text.Replace("label: User", "label: Person", StringComparison.Ordinal));
        (await CommandAsync(node, "apply", changed)).Output.ShouldContain("User, not Person");

        // one deleted, with its slot
        var delete = await CommandAsync(node, "delete", "orders", "--yes", "--drop-slot");
        delete.Output.ShouldContain("slot 'polysync_orders' and publication 'polysync_orders' dropped", Case.Sensitive, delete.Error);
        (await world.ScalarAsync<long>("select count(*) from pg_replication_slots where slot_name = 'polysync_orders'")).ShouldBe(0);
        await CountAsync("(o:Order)", 2);
        (await CommandAsync(node, "get", "-o", "json")).Output.ShouldNotContain("orders");

        // what was applied is there after a restart
        (await node.TerminateAsync()).ShouldBe(0, node.Error);
        await using var again = SyncNodeProcess.Run(_folder);
        await again.UntilStreamingAsync("social");
        await world.SqlAsync("insert into posts values (3, 1)");
        await CountAsync("(:Post)-[:AUTHOR]->(:User)", 3);
        (await again.TerminateAsync()).ShouldBe(0, again.Error);
    }

    private static Task<(int ExitCode, string Output, string Error)> CommandAsync(SyncNodeProcess node, params string[] arguments) =>
        SyncNodeProcess.CommandAsync(Eventually.Patience, [.. arguments, "--api", node.Api.Address.GetLeftPart(UriPartial.Authority)]);

    private async Task CountAsync(string pattern, long expected)
    {
        var http = (await servers.Neo4jAsync()).Http;
        await Eventually.AsyncTrue(async () => Jolt.Text((await http.QueryAsync($"MATCH {pattern} RETURN toString(count(*))"))[0][0]) == $"{expected}", what: $"{expected} times {pattern}");
    }
}
