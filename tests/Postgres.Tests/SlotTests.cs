using PolyglotSync.Contracts;
using PolyglotSync.Testing;

namespace PolyglotSync.Postgres.Tests;

/// <summary>Slots that are lost, made anew, of another kind or too many; servers that are not the ones they were.</summary>
[Collection(PostgresCollection.Name)]
public sealed class SlotTests(PostgresFixture postgres)
{
    private const string Table = "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)";

    private static async Task ShouldBeUnfitAsync(Func<Task> action, string message)
    {
        var failure = await Should.ThrowAsync<PipelineFailure>(action);
        (failure.Class, failure.ExitCode).ShouldBe((FailureClass.Fatal, ExitCode.SourceUnfit));
        failure.Message.ShouldContain(message);
    }

    private async Task<Source> CopiedAsync()
    {
        var source = await postgres.NewSourceAsync(Table);
        await source.StartAsync();
        await source.CopiedAsync();
        await source.CatchUpAsync();
        return source;
    }

    [SkippableFact]
    public async Task A_slot_made_anew_by_hand_is_refused_since_changes_before_it_are_lost()
    {
        await using var source = await CopiedAsync();
        await source.StopAsync();
        await source.ExecuteAsync($"SELECT pg_drop_replication_slot('polysync_{source.Name}')");
        await source.ExecuteAsync("INSERT INTO t VALUES (2)");
        await source.ExecuteAsync($"SELECT pg_create_logical_replication_slot('polysync_{source.Name}', 'pgoutput')");
        await source.StartAsync();
        await ShouldBeUnfitAsync(source.NextAsync, "it was made anew or moved on, and what was committed between is lost; delete the pipeline's data and its state");
    }

    [SkippableFact]
    public async Task A_slot_that_was_moved_on_is_refused()
    {
        await using var source = await CopiedAsync();
        await source.StopAsync();
        await source.ExecuteAsync("SET synchronous_commit = on; INSERT INTO t VALUES (2)");
        await source.ExecuteAsync($"SELECT pg_replication_slot_advance('polysync_{source.Name}', pg_current_wal_lsn())");
        await source.StartAsync();
        await ShouldBeUnfitAsync(source.NextAsync, "it was made anew or moved on");
    }

    [SkippableFact]
    public async Task A_log_that_ends_before_the_graphs_position_is_another_servers()
    {
        await using var source = await CopiedAsync();
        await source.StopAsync();
        source.Forge(Position.EndOf(new Lsn(1UL << 40)));
        await source.StartAsync();
        await ShouldBeUnfitAsync(source.NextAsync, "it is another server, or was restored from a backup");
    }

    [SkippableFact]
    public async Task A_slot_of_another_plugin_or_a_physical_one_is_refused()
    {
        await using var source = await postgres.NewSourceAsync(Table);
        await source.ExecuteAsync($"SELECT pg_create_logical_replication_slot('polysync_{source.Name}', 'test_decoding')");
        await ShouldBeUnfitAsync(source.StartAsync, "uses the output plugin 'test_decoding' and must use pgoutput");
        await source.ExecuteAsync($"SELECT pg_drop_replication_slot('polysync_{source.Name}')");
        await source.ExecuteAsync($"SELECT pg_create_physical_replication_slot('polysync_{source.Name}')");
        await ShouldBeUnfitAsync(source.StartAsync, "is a physical slot");
        await source.ExecuteAsync($"SELECT pg_drop_replication_slot('polysync_{source.Name}')");
    }

    [SkippableFact]
    public async Task A_wrong_password_is_told_and_never_quoted()
    {
        Skip.If(PostgresServer.Missing is not null, PostgresServer.Missing);
        await using var server = await PostgresServer.StartNewAsync();
        await using var source = new Source(server, "postgres");
        var rules = await server.ScalarAsync<string>("SHOW hba_file");
        await source.ExecuteAsync($"""
            CREATE ROLE ada LOGIN REPLICATION PASSWORD 'right';
            COPY (VALUES ('host all ada all scram-sha-256'), ('host all all all trust')) TO '{rules}'
            """);
        await source.ExecuteAsync("SELECT pg_reload_conf()");
        source.Settings = source.Settings with { ConnectionString = server.ConnectionString("postgres", "ada") + ";Password=s3cret" };
        // The server reads its rules again a moment later.
        PipelineFailure? failure = null;
        while (failure is null)
        {
            source.Token.ThrowIfCancellationRequested();
            failure = await Record.ExceptionAsync(() => source.Changes.DescribeAsync(source.Token)) as PipelineFailure;
            await source.StopAsync();
        }
        (failure.Class, failure.ExitCode).ShouldBe((FailureClass.Fatal, ExitCode.SourceUnavailable));
        failure.Message.ShouldContain("the login is refused: password authentication failed for user \"ada\"; check user and password");
        failure.ToString().ShouldNotContain("s3cret");
    }

    [SkippableFact]
    public async Task A_full_house_of_slots_and_a_slot_whose_log_is_gone_say_what_to_do()
    {
        Skip.If(PostgresServer.Missing is not null, PostgresServer.Missing);
        await using var server = await PostgresServer.StartNewAsync(new Dictionary<string, string>
        {
            ["max_replication_slots"] = "1", ["max_slot_wal_keep_size"] = "0", ["min_wal_size"] = "32MB", ["max_wal_size"] = "32MB",
        });
        await using var source = new Source(server, "postgres");
        await source.ExecuteAsync(Table);
        await source.ExecuteAsync("SELECT pg_create_physical_replication_slot('other')");
        await ShouldBeUnfitAsync(source.StartAsync, "all 1 replication slots are in use: drop one that nobody needs");
        await source.ExecuteAsync("SELECT pg_drop_replication_slot('other')");

        await source.StartAsync();
        await source.CopiedAsync();
        await source.StopAsync();
        for (var i = 0; i < 4; i++)
        {
            await source.ExecuteAsync("SELECT pg_logical_emit_message(false, 'x', 'y'), pg_switch_wal()");
            await source.ExecuteAsync("CHECKPOINT");
        }
        await ShouldBeUnfitAsync(source.StartAsync, "is lost: the log it needs has been removed (see max_slot_wal_keep_size)");
    }
}
