using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres.Tests;

/// <summary>Changes of columns that the log says little or nothing of.</summary>
[Collection(PostgresCollection.Name)]
public sealed class SchemaChangeTests(PostgresFixture postgres)
{
    private static readonly TableName T = new("public", "t");

    private async Task<Source> CopiedAsync(string sql, int heartbeatMs = 10_000)
    {
        var source = await postgres.NewSourceAsync(sql);
        source.Settings = source.Settings with { HeartbeatIntervalMs = heartbeatMs };
        await source.StartAsync();
        await source.CopiedAsync();
        // The first look at the catalog is over: what is noticed from here on is not of the start.
        await source.CatchUpAsync();
        source.Log.Clear();
        return source;
    }

    private static IEnumerable<string> Schemas(Source source) => source.Log.SelectMany(t => t.Entries).Where(e => e.StartsWith("Schema", StringComparison.Ordinal));

    private static Task UntilChangedAsync(Source source) => source.UntilAsync(() => Schemas(source).Any() && source.Copy[T]!.Phase == CopyPhase.Done);

    private static async Task ShouldMirrorAsync(Source source, string columns)
    {
        source.Mirror.Rows("public.t").ShouldBe(await source.TableAsync("t", "id", columns));
        source.Mirror.Complaints.ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task A_column_with_a_default_is_read_again_though_the_stream_never_announced_the_table()
    {
        await using var source = await CopiedAsync("CREATE TABLE t (id int PRIMARY KEY, a text); INSERT INTO t SELECT i, 'a' FROM generate_series(1, 50) i");
        await source.ExecuteAsync("ALTER TABLE t ADD level int NOT NULL DEFAULT 7");
        await source.ExecuteAsync("UPDATE t SET a = 'b' WHERE id = 1");
        await UntilChangedAsync(source);
        Schemas(source).ShouldBe(["Schema public.t +level - "]);
        await ShouldMirrorAsync(source, "id, a, level");
    }

    [SkippableTheory]
    [InlineData("ADD level int DEFAULT 7", "Schema public.t +level - ", "id, a, b, level")]
    [InlineData("ADD n bigint GENERATED ALWAYS AS IDENTITY", "Schema public.t +n - ", "id, a, b, n")]
    [InlineData("ALTER a TYPE numeric(8,2) USING a::numeric", "Schema public.t + - ", "id, a, b")]
    [InlineData("RENAME a TO aa", "Schema public.t + - a>aa", "id, aa, b")]
    [InlineData("DROP b, ADD b text DEFAULT 'again'", "Schema public.t +b -b ", "id, a, b")]
    public async Task A_change_that_no_row_follows_is_noticed_while_running_and_at_start(string change, string told, string columns)
    {
        const string Sql = "CREATE TABLE t (id int PRIMARY KEY, a text, b text); INSERT INTO t SELECT i, i, 'b' FROM generate_series(1, 50) i";
        await using (var running = await CopiedAsync(Sql, heartbeatMs: 200))
        {
            await running.ExecuteAsync($"ALTER TABLE t {change}");
            await UntilChangedAsync(running);
            Schemas(running).ShouldBe([told]);
            if (!told.Contains('>', StringComparison.Ordinal)) await ShouldMirrorAsync(running, columns);
        }
        await using var stopped = await CopiedAsync(Sql);
        await stopped.StopAsync();
        await stopped.ExecuteAsync("INSERT INTO t VALUES (60, '60', 'old'); UPDATE t SET b = 'c' WHERE id = 2");
        await stopped.ExecuteAsync($"ALTER TABLE t {change}");
        await stopped.StartAsync();
        await UntilChangedAsync(stopped);
        Schemas(stopped).ShouldBe([told]);
        if (!told.Contains('>', StringComparison.Ordinal)) await ShouldMirrorAsync(stopped, columns);
        // Once told, it is known over the next start.
        await stopped.RestartAsync();
        await stopped.CatchUpAsync();
        Schemas(stopped).Count().ShouldBe(1);
    }

    [SkippableFact]
    public async Task A_column_that_rows_there_cannot_hold_is_not_read_again()
    {
        await using var source = await CopiedAsync("CREATE TABLE t (id int PRIMARY KEY, a varchar(5)); INSERT INTO t SELECT i, 'a' FROM generate_series(1, 50) i", heartbeatMs: 200);
        await source.ExecuteAsync("ALTER TABLE t ADD c text, ALTER a TYPE varchar(9)");
        await UntilChangedAsync(source);
        source.Log.SelectMany(t => t.Entries).ShouldBe(["Schema public.t +c - "]);
    }

    [SkippableFact]
    public async Task Columns_changed_several_times_with_rows_between_while_stopped_arrive_in_order()
    {
        await using var source = await CopiedAsync("CREATE TABLE t (id int PRIMARY KEY, a text); INSERT INTO t VALUES (1, 'a')");
        await source.StopAsync();
        await source.ExecuteAsync("INSERT INTO t VALUES (2, 'first')");
        await source.ExecuteAsync("ALTER TABLE t RENAME a TO b; INSERT INTO t VALUES (3, 'second')");
        await source.ExecuteAsync("ALTER TABLE t RENAME b TO c; ALTER TABLE t ADD d int; INSERT INTO t VALUES (4, 'third', 4)");
        await source.StartAsync();
        await source.CatchUpAsync();
        source.Log.SelectMany(t => t.Entries).ShouldBe([
            "Insert public.t 2 id=2,a=first", "Schema public.t + - a>b", "Insert public.t 3 id=3,b=second",
            "Schema public.t +d - b>c", "Insert public.t 4 id=4,c=third,d=4"]);
    }

    [SkippableFact]
    public async Task Rows_of_the_old_columns_go_in_a_batch_before_the_change()
    {
        await using var source = await CopiedAsync("CREATE TABLE t (id int PRIMARY KEY, a text)");
        await source.StopAsync();
        await source.ExecuteAsync("INSERT INTO t VALUES (1, 'x')");
        await source.ExecuteAsync("BEGIN; INSERT INTO t VALUES (2, 'y'); ALTER TABLE t RENAME a TO b; INSERT INTO t VALUES (3, 'z'); COMMIT");
        await source.StartAsync();
        await source.CatchUpAsync();
        foreach (var taken in source.Log.Where(t => t.Entries.Any(e => e.StartsWith("Schema", StringComparison.Ordinal))))
            taken.Entries[0].ShouldStartWith("Schema");
        source.Log.SelectMany(t => t.Entries).Count().ShouldBe(4);
    }

    [SkippableTheory]
    [InlineData("int")]
    [InlineData("numeric")]
    public async Task A_column_added_during_the_copy_reaches_the_chunks_copied_before(string key)
    {
        await using var source = await postgres.NewSourceAsync(
            $"CREATE TABLE t (id {key} PRIMARY KEY, a text); INSERT INTO t SELECT i, 'a' FROM generate_series(1, 400) i");
        source.Settings = source.Settings with { CopyChunkRows = 20 };
        await source.StartAsync();
        await source.UntilAsync(() => source.Copy[T] is { Phase: CopyPhase.Copying, Rows: >= 100 });
        await source.ExecuteAsync("ALTER TABLE t ADD level int NOT NULL DEFAULT 7, ALTER a TYPE varchar(20)");
        await source.CopiedAsync();
        await ShouldMirrorAsync(source, "id, a, level");
    }

    [SkippableFact]
    public async Task Another_primary_key_stops_with_a_clear_message()
    {
        const string Sql = "CREATE TABLE t (id int PRIMARY KEY, code int NOT NULL); INSERT INTO t VALUES (1, 1)";
        const string Change = "ALTER TABLE t DROP CONSTRAINT t_pkey; ALTER TABLE t ADD PRIMARY KEY (code)";
        await using var running = await CopiedAsync(Sql);
        await running.ExecuteAsync(Change);
        await running.ExecuteAsync("UPDATE t SET code = 2");
        var live = await Should.ThrowAsync<PipelineFailure>(running.CatchUpAsync);
        (live.Class, live.ExitCode).ShouldBe((FailureClass.Fatal, ExitCode.SourceUnfit));
        live.Message.ShouldContain("table public.t: its primary key or replica identity is now (code) and no longer holds the key of its nodes (id)");

        await using var stopped = await CopiedAsync(Sql);
        await stopped.StopAsync();
        await stopped.ExecuteAsync(Change);
        await stopped.StartAsync();
        var later = await Should.ThrowAsync<PipelineFailure>(stopped.NextAsync);
        later.Class.ShouldBe(FailureClass.Fatal);
        later.Message.ShouldContain("told apart by (id) and now would be by (code)");
    }

    [SkippableFact]
    public async Task A_table_made_anew_under_its_name_is_emptied_and_copied_again()
    {
        await using var source = await CopiedAsync("CREATE TABLE t (id int PRIMARY KEY, a text); INSERT INTO t SELECT i, 'old' FROM generate_series(1, 9) i", heartbeatMs: 200);
        await source.ExecuteAsync("DROP TABLE t; CREATE TABLE t (id int PRIMARY KEY, b text); INSERT INTO t VALUES (5, 'new')");
        var failure = await Should.ThrowAsync<PipelineFailure>(() => source.UntilAsync(() => false));
        failure.Class.ShouldBe(FailureClass.Transient);
        failure.Message.ShouldContain("table public.t was dropped and made anew");
        await source.ReopenAsync();
        await source.UntilAsync(() => source.Copy[T]!.Phase == CopyPhase.Pending);
        await source.CopiedAsync();
        await source.ExecuteAsync("INSERT INTO t VALUES (6, 'live')");
        await source.CatchUpAsync();
        await ShouldMirrorAsync(source, "id, b");
    }

    [SkippableFact]
    public async Task A_dropped_table_is_told_of_and_the_others_go_on()
    {
        await using var source = await CopiedAsync("CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (id int PRIMARY KEY)", heartbeatMs: 200);
        await source.ExecuteAsync("DROP TABLE u");
        await source.UntilAsync(() => source.Messages.Lines.Any(l => l.StartsWith("table public.u was dropped or renamed", StringComparison.Ordinal)));
        await source.ExecuteAsync("INSERT INTO t VALUES (1)");
        await source.CatchUpAsync();
        await source.ReopenAsync();
        await source.ExecuteAsync("INSERT INTO t VALUES (2)");
        await source.CatchUpAsync();
        await ShouldMirrorAsync(source, "id");
    }
}
