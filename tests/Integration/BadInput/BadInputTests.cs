using Npgsql;
using Npgsql.Replication;
using Npgsql.Replication.PgOutput;
using PolyglotSync.Contracts;
using PolyglotSync.Integration.Servers;
using PolyglotSync.Integration.Worlds;
using PolyglotSync.Testing;
using PolyglotSync.Testing.Node;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.BadInput;

/// <summary>What a person gets wrong on the first day, through the real program: one message that says what, where and what to do, and its exit code.</summary>
[Collection(Lane.Refusals)]
[Trait("Category", "Integration")]
public sealed class BadInputTests(RealServers servers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [SkippableFact]
    public async Task Nobody_listens_at_the_source_s_address()
    {
        var port = FreePort.Next();
        await FailsAsync(ExitCode.SourceUnavailable, ["--source", $"postgres://postgres@127.0.0.1:{port}/x", "--target", await FalkorAsync()], $"{port}");
    }

    [SkippableFact]
    public async Task The_source_has_no_such_database() =>
        await FailsAsync(ExitCode.SourceUnavailable, ["--source", (await servers.PostgresAsync()).Uri("nowhere"), "--target", await FalkorAsync()], "nowhere");

    [SkippableFact]
    public async Task A_source_that_is_no_address_is_refused_without_a_trace() =>
        await FailsAsync(null, ["--source", "postgres://:::", "--target", await FalkorAsync()], "source");

    [SkippableFact]
    public async Task The_source_s_password_is_wrong()
    {
        Skip.If(PostgresServer.Missing is not null, PostgresServer.Missing);
        await using var postgres = await PostgresServer.StartNewAsync();
        await postgres.ExecuteAsync("create role locked login replication password 'right'");
        var hba = Path.Combine(postgres.DataDirectory, "pg_hba.conf");
        await File.WriteAllTextAsync(hba, "host all locked 127.0.0.1/32 scram-sha-256\nhost replication locked 127.0.0.1/32 scram-sha-256\n" + await File.ReadAllTextAsync(hba));
        await postgres.ExecuteAsync("select pg_reload_conf()");
        await FailsAsync(ExitCode.SourceUnavailable,
            ["--source", $"postgres://locked:wrong-secret@127.0.0.1:{postgres.Port}/postgres", "--target", await FalkorAsync()], "locked", "password");
    }

    [SkippableFact]
    public async Task No_failure_repeats_a_password_however_much_is_logged()
    {
        await using var world = await World.NewAsync(servers, GraphKind.Falkor);
        await world.SqlAsync("create table t (id int primary key)");
        var (dead, source) = (FreePort.Next(), $"postgres://postgres:a-secret@127.0.0.1:{world.Postgres.Port}/");
        string[] loud = ["--log-level", "trace"];
        var warned = await FailsAsync(ExitCode.SourceUnavailable, ["--source", $"postgres://ann:a-secret@127.0.0.1:{dead}/x", "--target", world.Target, .. loud], $"{dead}");
        warned.ShouldContain("can see the password in --source (ps)");
        await FailsAsync(ExitCode.SourceUnavailable, ["--source", $"{source}nowhere", "--target", world.Target, .. loud], "nowhere");
        await FailsAsync(ExitCode.Usage, ["--source", $"{source}{world.Database}?nonsense=1", "--target", world.Target, .. loud], "nonsense");
        await FailsAsync(ExitCode.TargetUnavailable, ["--source", source + world.Database, "--target", $"falkor://ann:a-secret@127.0.0.1:{dead}/g", .. loud], $"{dead}", "--source and --target");
        await FailsAsync(ExitCode.InvalidManifest, [await ManifestAsync($"pipeline: x\nsource:\n  dsn: \"{source}x y?z\"\n  colour: red\ntarget:\n  uri: \"ftp://ann:a-secret@graph\"\n"), .. loud], "colour");
    }

    [SkippableFact]
    public async Task The_source_writes_no_logical_log()
    {
        Skip.If(PostgresServer.Missing is not null, PostgresServer.Missing);
        await using var postgres = await PostgresServer.StartNewAsync(new Dictionary<string, string> { ["wal_level"] = "replica" });
        await postgres.ExecuteAsync("create table t (id int primary key)");
        await FailsAsync(ExitCode.SourceUnfit, ["--source", postgres.Uri(), "--target", await FalkorAsync()], "wal_level", "logical");
    }

    [SkippableFact]
    public async Task The_role_may_not_replicate()
    {
        await using var world = await World.NewAsync(servers, GraphKind.Falkor);
        await world.SqlAsync("create table t (id int primary key)");
        await world.SqlAsync("drop role if exists modest; create role modest login; grant all on schema public to modest; grant all on all tables in schema public to modest");
        await FailsAsync(ExitCode.SourceUnfit, ["--source", world.Postgres.Uri(world.Database, "modest"), "--target", world.Target], "REPLICATION", "modest");
    }

    [SkippableFact]
    public async Task The_slot_is_held_by_another_session()
    {
        await using var world = await World.NewAsync(servers, GraphKind.Falkor);
        await world.SqlAsync("create table t (id int primary key); insert into t values (1)");
        await world.StartStreamingAsync();
        await world.Node!.TerminateAsync();
        await using var holder = new LogicalReplicationConnection(world.Source);
        await holder.Open();
        using var stop = new CancellationTokenSource();
        var held = HoldAsync(holder, stop.Token);
        await Eventually.AsyncTrue(() => world.ScalarAsync<bool>("select active from pg_replication_slots where slot_name = 'polysync_test'"), what: "the slot is held");

        await FailsAsync(ExitCode.SourceUnfit, ["--source", world.Source, "--target", world.Target, "--name", World.Pipeline], "polysync_test", "PID");
        await stop.CancelAsync();
        await held;
    }

    [SkippableFact]
    public async Task A_manifest_names_a_table_that_is_not_there()
    {
        await using var world = await World.NewAsync(servers, GraphKind.Falkor);
        await world.SqlAsync("create table people (id int primary key)");
        var manifest = await ManifestAsync($"""
            pipeline: test
            source: {"{"} dsn: "{world.Source}" {"}"}
            target: {"{"} uri: "{world.Target}" {"}"}
            include_tables: [people, persons]
            """);
        await FailsAsync(ExitCode.InvalidManifest, [manifest], "public.persons", "no such table");
    }

    [SkippableFact]
    public async Task No_table_has_a_key()
    {
        await using var world = await World.NewAsync(servers, GraphKind.Falkor);
        await world.SqlAsync("create table keyless (x int)");
        await FailsAsync(ExitCode.SourceUnfit, ["--source", world.Source, "--target", world.Target], "keyless");
    }

    [SkippableTheory]
    [InlineData("bolt")]
    [InlineData("falkor")]
    public async Task Nobody_listens_at_the_target_s_address(string scheme)
    {
        await using var world = await World.NewAsync(servers, GraphKind.Falkor);
        await world.SqlAsync("create table t (id int primary key)");
        var port = FreePort.Next();
        await FailsAsync(ExitCode.TargetUnavailable, ["--source", world.Source, "--target", $"{scheme}://127.0.0.1:{port}{(scheme == "bolt" ? "" : "/g")}"], $"{port}");
    }

    [SkippableFact]
    public async Task The_target_s_password_is_wrong()
    {
        Skip.If(LocalNeo4j.Missing is not null, LocalNeo4j.Missing);
        await using var neo4j = await LocalNeo4j.StartAsync("right-secret");
        await using var world = await World.NewAsync(servers, GraphKind.Falkor);
        await world.SqlAsync("create table t (id int primary key)");
        await FailsAsync(ExitCode.TargetUnavailable, ["--source", world.Source, "--target", neo4j.Bolt.Replace("bolt://", "bolt://neo4j:wrong-secret@", StringComparison.Ordinal)], "neo4j");
    }

    [SkippableFact]
    public async Task A_target_of_an_unknown_kind_is_a_mistake_in_the_command() =>
        await FailsAsync(ExitCode.Usage, ["--source", (await servers.PostgresAsync()).Uri(), "--target", "mysql://localhost"], "--target", "mysql", "bolt", "neo4j", "falkor");

    [Fact]
    public Task A_command_without_a_target_says_what_is_missing() => FailsAsync(ExitCode.Usage, ["--source", "postgres://localhost/x"], "--target");

    [Fact]
    public async Task All_mistakes_in_a_manifest_are_said_at_once_each_with_its_line()
    {
        var manifest = await ManifestAsync("""
            pipeline: "not a name!"
            source:
              dns: postgres://localhost/x
              copy_chunk_rows: many
            target:
              uri: mysql://localhost
            consistency: sometimes
            tabels: {}
            """);
        var error = await FailsAsync(ExitCode.InvalidManifest, [manifest], "not a name!", "dns", "dsn", "copy_chunk_rows", "mysql", "sometimes", "tabels", "tables");
        foreach (var line in (int[])[1, 3, 4, 6, 7, 8]) error.ShouldContain($"{Path.GetFileName(manifest)}:{line}:");
    }

    [Fact]
    public Task A_manifest_that_is_not_there_is_named() => FailsAsync(ExitCode.InvalidManifest, ["/nowhere/at-all.yaml"], "/nowhere/at-all.yaml");

    private static async Task HoldAsync(LogicalReplicationConnection connection, CancellationToken stop)
    {
        try
        {
            await foreach (var message in connection.StartReplication(
                new PgOutputReplicationSlot("polysync_test"), new PgOutputReplicationOptions("polysync_test", PgOutputProtocolVersion.V1), stop)) connection.SetReplicationStatus(message.WalEnd);
        }
        catch (OperationCanceledException)
        {
            // let go
        }
    }

    /// <summary>Runs the program; it must end by itself with the code and say the words on stderr, and nothing that is secret or for a programmer.</summary>
    private static async Task<string> FailsAsync(ExitCode? code, string[] arguments, params string[] words)
    {
        var (exit, output, error) = await SyncNodeProcess.CommandAsync(Patience, ["run", .. arguments, "--api", "http://127.0.0.1:0"]);
        if (code is { } expected) exit.ShouldBe((int)expected, error);
        else exit.ShouldNotBe(0, error);
        foreach (var word in words) error.ShouldContain(word);
        error.ShouldNotContain("secret");
        error.ShouldNotContain("   at ");
        output.ShouldBeEmpty();
        return error;
    }

    private static async Task<string> ManifestAsync(string yaml)
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("ps-manifest-").FullName, "bad.yaml");
        await File.WriteAllTextAsync(path, yaml);
        return path;
    }

    private async Task<string> FalkorAsync() => (await servers.FalkorAsync()).Uri("unused");
}
