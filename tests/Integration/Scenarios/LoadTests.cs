using System.Text.Json;
using PolyglotSync.Contracts;
using PolyglotSync.Integration.Servers;
using PolyglotSync.Integration.Worlds;
using PolyglotSync.Testing;
using PolyglotSync.Testing.Node;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Scenarios;

/// <summary><c>polysync load</c> on real servers: what it says it wrote is what the tables hold, and a watched graph shows it.</summary>
[Collection(Lane.Falkor)]
[Trait("Category", "Integration")]
public sealed class LoadTests(RealServers servers)
{
    [SkippableFact]
    public async Task What_it_says_it_wrote_is_what_the_tables_hold()
    {
        var postgres = await servers.PostgresAsync();
        var database = await postgres.CreateDatabaseAsync();
        var report = await LoadAsync(postgres, database, "--world", "keyvalue", "--rows", "20000", "--transaction-rows", "1..200", "--connections", "3", "--skew", "0.99", "--fill", "1000");
        report.GetProperty("failedTransactions").GetInt64().ShouldBe(0);
        var rows = report.GetProperty("rows");
        rows.GetProperty("all").GetInt64().ShouldBe(20_000);
        (await postgres.ScalarAsync<long>("select count(*) from load_keyvalue.entries", database)).ShouldBe(1000 + Of(rows, "inserts") - Of(rows, "deletes"));
        (await postgres.ScalarAsync<long>("select n_tup_upd from pg_stat_all_tables where relid = 'load_keyvalue.entries'::regclass", database)).ShouldBe(Of(rows, "updates") + Of(rows, "keyChanges"));
        report.GetProperty("commit").GetProperty("samples").GetInt64().ShouldBe(report.GetProperty("transactions").GetInt64());
    }

    [SkippableFact]
    public async Task The_same_seed_leaves_the_same_rows()
    {
        const string Contents = """
            select md5(concat((select string_agg(concat_ws(',', id, name, bio, score, invited_by), ';' order by id) from load_social.users),
              (select string_agg(concat_ws(',', id, author_id, title), ';' order by id) from load_social.posts), (select string_agg(concat_ws(',', c.*), ';' order by post_id, number) from load_social.comments c),
              (select string_agg(concat_ws(',', follower_id, followee_id), ';' order by follower_id, followee_id) from load_social.follows),
              (select string_agg(concat_ws(',', user_id, post_id), ';' order by user_id, post_id) from load_social.likes), (select string_agg(concat_ws(',', t.*), ';' order by post_id, tag) from load_social.post_tags t)))
            """;
        var postgres = await servers.PostgresAsync();
        var database = await postgres.CreateDatabaseAsync();
        async Task<string> ContentsAsync(string seed, params string[] more)
        {
            var report = await LoadAsync(postgres, database, ["--rows", "3000", "--transaction-rows", "1..50", "--fill", "500", "--seed", seed, .. more]);
            report.GetProperty("failedTransactions").GetInt64().ShouldBe(0);
            return (await postgres.ScalarAsync<string>(Contents, database))!;
        }
        var first = await ContentsAsync("7");
        (await ContentsAsync("7", "--reset")).ShouldBe(first);
        (await ContentsAsync("8", "--reset")).ShouldNotBe(first);
    }

    [SkippableFact]
    public async Task A_schema_that_it_did_not_make_is_not_touched()
    {
        var postgres = await servers.PostgresAsync();
        var database = await postgres.CreateDatabaseAsync();
        await postgres.ExecuteAsync("create schema load_social; create table load_social.users (id int primary key)", database);
        foreach (var reset in (string[][])[[], ["--reset"]])
        {
            var (code, _, error) = await SyncNodeProcess.CommandAsync(Eventually.Patience, ["load", "--source", postgres.Uri(database), "--rows", "10", .. reset]);
            code.ShouldBe((int)ExitCode.SourceUnfit, error);
            error.ShouldContain("schema load_social was not made by 'polysync load'");
        }
        (await postgres.ScalarAsync<long>("select count(*) from pg_class where relnamespace = 'load_social'::regnamespace and relkind = 'r'", database)).ShouldBe(1);
    }

    [SkippableFact]
    public async Task A_watched_graph_shows_every_commit_and_agrees_with_the_tables()
    {
        await using var world = await World.NewAsync(servers, GraphKind.Falkor, ["load_social"]);
        await LoadAsync(world.Postgres, world.Database, "--rows", "10", "--fill", "300");
        await world.StartStreamingAsync();
        var report = await LoadAsync(world.Postgres, world.Database, "--rows", "900", "--rate", "600", "--connections", "2", "--watch-target", world.Target);
        var graph = report.GetProperty("graph");
        graph.GetProperty("missing").GetInt64().ShouldBe(0);
        graph.GetProperty("latency").GetProperty("samples").GetInt64().ShouldBe(report.GetProperty("transactions").GetInt64());
        graph.GetProperty("latency").GetProperty("p50Ms").GetDouble().ShouldBeInRange(0.1, 10_000);
        report.GetProperty("seconds").GetDouble().ShouldBeGreaterThan(1.3);
        await world.ShouldAgreeAsync();
    }

    [SkippableFact]
    public async Task A_connection_that_is_cut_is_opened_again_and_the_report_says_so()
    {
        var postgres = await servers.PostgresAsync();
        var database = await postgres.CreateDatabaseAsync();
        await using var load = SyncNodeProcess.Command(new Dictionary<string, string>(),
            "load", "--source", postgres.Uri(database), "--world", "keyvalue", "--rows", "2000", "--rate", "1000", "--fill", "100", "-o", "json");
        await Eventually.AsyncTrue(async () => await postgres.ScalarAsync<bool>("select to_regclass('load_keyvalue.entries') is not null", database)
            && await postgres.ScalarAsync<long>("select count(*) from load_keyvalue.entries", database) > 200, what: "the load writes", otherwise: () => load.Error);
        (await postgres.ScalarAsync<long>($"select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = '{database}' and application_name = 'polysync load'")).ShouldBe(2);
        await load.ExitAsync(Eventually.Patience);
        load.ExitCode.ShouldBe((int)ExitCode.Failed, load.Error);
        var report = JsonDocument.Parse(load.Output).RootElement;
        report.GetProperty("reconnects").GetInt64().ShouldBe(1);
        report.GetProperty("failedTransactions").GetInt64().ShouldBe(1);
        report.GetProperty("errors").GetArrayLength().ShouldBe(1);
        var rows = report.GetProperty("rows");
        rows.GetProperty("all").GetInt64().ShouldBeInRange(1_900, 1_999);
        (await postgres.ScalarAsync<long>("select count(*) from load_keyvalue.entries", database)).ShouldBe(100 + Of(rows, "inserts") - Of(rows, "deletes"));
    }

    private static long Of(JsonElement rows, string kind) => rows.GetProperty(kind).GetInt64();

    private static async Task<JsonElement> LoadAsync(PostgresServer postgres, string database, params string[] arguments)
    {
        var (code, output, error) = await SyncNodeProcess.CommandAsync(Eventually.Patience, ["load", "--source", postgres.Uri(database), "-o", "json", .. arguments]);
        code.ShouldBe(0, error);
        return JsonDocument.Parse(output).RootElement;
    }
}
