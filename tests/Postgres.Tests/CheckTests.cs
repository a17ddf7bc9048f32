using PolyglotSync.Contracts;
using PolyglotSync.Testing;

namespace PolyglotSync.Postgres.Tests;

[Collection(PostgresCollection.Name)]
public sealed class CheckTests(PostgresFixture postgres)
{
    private static async Task<PipelineFailure> FailureAsync(Source source) => await Should.ThrowAsync<PipelineFailure>(source.StartAsync);

    [SkippableFact]
    public async Task A_server_without_logical_log_says_what_to_set()
    {
        Skip.If(PostgresServer.Missing is not null, PostgresServer.Missing);
        await using var server = await PostgresServer.StartNewAsync(new Dictionary<string, string> { ["wal_level"] = "replica" });
        await using var source = new Source(server, "postgres");
        var failure = await FailureAsync(source);
        failure.ExitCode.ShouldBe(ExitCode.SourceUnfit);
        failure.Message.ShouldContain("ALTER SYSTEM SET wal_level = logical");
    }

    [SkippableFact]
    public async Task A_missing_database_and_a_closed_port_are_told_apart()
    {
        await using var source = await postgres.NewSourceAsync("SELECT 1");
        source.Settings = source.Settings with { ConnectionString = source.Server.Uri("nowhere") };
        var missing = await FailureAsync(source);
        missing.Class.ShouldBe(FailureClass.Fatal);
        missing.ExitCode.ShouldBe(ExitCode.SourceUnavailable);
        missing.Message.ShouldContain("\"nowhere\" does not exist");
        await source.StopAsync();
        source.Settings = source.Settings with { ConnectionString = $"postgres://x@127.0.0.1:{FreePort.Next()}/x" };
        (await FailureAsync(source)).Class.ShouldBe(FailureClass.Transient);
    }

    [SkippableFact]
    public async Task A_role_is_told_every_right_that_it_lacks()
    {
        await using var source = await postgres.NewSourceAsync("CREATE TABLE t (id int PRIMARY KEY)");
        await source.ExecuteAsync($"CREATE ROLE {source.Name} LOGIN");
        source.Settings = source.Settings with { ConnectionString = source.Server.ConnectionString(source.Database, source.Name) };
        var failure = await FailureAsync(source);
        failure.Message.ShouldContain($"ALTER ROLE \"{source.Name}\" REPLICATION");
        failure.Message.ShouldContain("GRANT CREATE ON DATABASE");
        await source.ExecuteAsync($"ALTER ROLE {source.Name} REPLICATION; GRANT CREATE ON DATABASE {source.Database} TO {source.Name}");
        (await FailureAsync(source)).Message.ShouldContain("GRANT SELECT ON \"public\".\"t\"");
        await source.ExecuteAsync($"GRANT SELECT ON t TO {source.Name}");
        (await FailureAsync(source)).Message.ShouldContain("does not own table public.t");
        await source.ExecuteAsync($"ALTER TABLE t OWNER TO {source.Name}");
        await source.StartAsync();
        await source.CopiedAsync();
    }

    [SkippableFact]
    public async Task A_table_without_replica_identity_is_refused_with_advice()
    {
        await using var source = await postgres.NewSourceAsync("""
            CREATE TABLE a (id int PRIMARY KEY); ALTER TABLE a REPLICA IDENTITY NOTHING;
            CREATE TABLE b (code text NOT NULL UNIQUE);
            """);
        var failure = await FailureAsync(source);
        failure.Message.ShouldContain("table public.a has no replica identity");
        failure.Message.ShouldContain("REPLICA IDENTITY USING INDEX \"b_code_key\"");
    }

    [SkippableFact]
    public async Task A_slot_held_by_another_names_the_holder()
    {
        await using var first = await postgres.NewSourceAsync("CREATE TABLE t (id int PRIMARY KEY)");
        await first.StartAsync();
        await first.CopiedAsync();
        await using var second = new Source(first.Server, first.Database) { Name = first.Name };
        await using var follower = new Source(first.Server, first.Database) { Name = first.Name, FollowsOthers = true };
        var failures = await Task.WhenAll(FailureAsync(second), FailureAsync(follower));
        failures.ShouldAllBe(f => f.Message.Contains("is held by PID") && f.Message.Contains($"polysync {first.Name} on 127.0.0.1"));
        failures.Select(f => f.Class).ShouldBe([FailureClass.Fatal, FailureClass.Transient], "who comes after a node that may be cut off waits for the server to let go of it");
    }

    [SkippableFact]
    public async Task A_restarted_server_is_a_transient_failure_and_a_vanished_slot_a_fatal_one()
    {
        Skip.If(PostgresServer.Missing is not null, PostgresServer.Missing);
        await using var server = await PostgresServer.StartNewAsync();
        await using var source = new Source(server, "postgres");
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)");
        await source.StartAsync();
        await source.CopiedAsync();
        await server.KillAsync();
        var lost = await Should.ThrowAsync<PipelineFailure>(async () =>
        {
            while (true) await source.NextAsync();
        });
        lost.Class.ShouldBe(FailureClass.Transient);
        await server.StartAsync();
        await source.StopAsync();
        await source.ExecuteAsync($"SELECT pg_drop_replication_slot('polysync_{source.Name}')");
        await source.StartAsync();
        var gone = await Should.ThrowAsync<PipelineFailure>(source.NextAsync);
        gone.Class.ShouldBe(FailureClass.Fatal);
        gone.Message.ShouldContain("is gone though the graph of pipeline");
    }
}
