using PolyglotSync.Contracts;
using PolyglotSync.Integration.Servers;
using PolyglotSync.Integration.Worlds;
using PolyglotSync.Testing;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Scenarios;

/// <summary>A pipeline and its journal with no more rights than docs/operations.md gives them, through an ordinary life: copy, changes, a refused row, a broken connection, a pause.</summary>
[Collection(Lane.Falkor)]
[Trait("Category", "Integration")]
public sealed class LeastRightsTests(RealServers servers)
{
    private const string Password = "s3ntinel-of-the-source";

    [SkippableFact]
    public async Task The_documented_rights_are_enough_and_the_password_is_told_to_nobody()
    {
        await using var world = await World.NewAsync(servers, GraphKind.Falkor);
        await world.SqlAsync("create table users (id int primary key, name text, cents numeric); create table posts (id int primary key, author int references users); "
            + "insert into users values (1, 'Ann', 100); insert into posts values (1, 1)");
        foreach (var role in (string[])["capture", "journal"]) await world.SqlAsync(DocumentedRights.Of(role, World.Pipeline, world.Database));
        world.NodeSource = As("capture", world);
        world.Manifest = "tables: { users: { properties: { cents: { as: integer } } } }";
        world.Arguments = ["--log-level", "trace", "--journal", As("journal", world)];

        var node = await world.StartStreamingAsync();
        await world.SqlAsync("insert into users values (2, 'Ben', 100), (3, 'Cat', 0.531907); insert into posts values (2, 2)");
        await world.CaughtUpAsync();
        await world.CutSourceAsync();
        await world.SqlAsync("update users set name = 'Bea' where id = 2");
        await world.CaughtUpAsync();
        var told = await SaidAsync(world, "pause", "--reason", "new disks");
        told += await SaidAsync(world, "status") + await SaidAsync(world, "status", "-o", "json");
        told += await SaidAsync(world, "resume");
        await world.CaughtUpAsync();

        var incidents = "";
        await Eventually.AsyncTrue(async () =>
        {
            incidents = await SaidAsync(world, "incidents", "-o", "json");
            return incidents.Contains("resumed by a person", StringComparison.Ordinal);
        }, what: "the pause is stored", otherwise: () => $"{incidents}\n{node.Error}");
        foreach (var kind in (string[])["refused", "outage", "paused"]) incidents.ShouldContain($"\"kind\": \"{kind}\"");
        incidents.ShouldContain("new disks");
        foreach (var row in (string[])["Ann", "Bea", "Cat", "0.531907"]) incidents.ShouldNotContain(row);
        told += incidents + await SaidAsync(world, "dlq", "list") + await SaidAsync(world, "dlq", "show", "1");

        (await world.ActualAsync()).Nodes.Count(n => n.Labels == "User").ShouldBe(2);
        await world.EndAsync(kill: false);
        var said = node.Error + node.Output + told;
        said.ShouldContain("can see the password in --journal (ps)");
        said.ShouldNotContain(Password);
        (await world.ScalarAsync<string>("select string_agg(manifest, ',' order by ordering) from polysync.journal")).ShouldBe("pipeline-paused-1,pipeline-resumed-1");
        (await world.ScalarAsync<bool>($"select string_agg(i::text, '') ~ '{Password}' from polysync.incidents i")).ShouldBeFalse();
    }

    private static string As(string role, World world) => $"{world.Source};Username=polysync_{role}_{world.Database};Password={Password}";

    private static async Task<string> SaidAsync(World world, params string[] command)
    {
        var (code, output, error) = await world.CommandAsync(command);
        code.ShouldBe((int)ExitCode.Success, $"{string.Join(' ', command)}: {error}\n{world.Node!.Error}");
        return output + error;
    }
}
