using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres.Tests;

/// <summary>Rows that are asked for once more come in the stream, each where it is right.</summary>
[Collection(PostgresCollection.Name)]
[Trait("Category", "Integration")]
public sealed class RefreshTests(PostgresFixture postgres)
{
    private static readonly TableName Table = new("public", "t");

    private static DeadKey Key(object id, string table = "t") => new(new TableName("public", table), $$"""{"id":"{{id}}"}""");

    private static IEnumerable<string> Refreshed(Source source) => source.Log.SelectMany(t => t.Entries).Where(e => e.StartsWith("Copy", StringComparison.Ordinal));

    [SkippableFact]
    public async Task What_is_asked_for_comes_whole_and_what_is_gone_as_a_delete()
    {
        await using var source = await postgres.NewSourceAsync("""
            CREATE TABLE t (id int PRIMARY KEY, note text, big text); ALTER TABLE t ALTER big SET STORAGE EXTERNAL;
            INSERT INTO t SELECT n, 'n' || n, repeat('x', 5000) FROM generate_series(1, 10) n; CREATE TABLE "o""ther" (id text PRIMARY KEY)
            """);
        await source.StartAsync();
        await source.CopiedAsync();
        await source.ExecuteAsync("INSERT INTO \"o\"\"ther\" VALUES ('it''s')");
        await source.CatchUpAsync();
        source.Log.Clear();

        await source.Changes.RefreshAsync([Key(3), Key(11), Key(3), Key("it's", "o\"ther")], source.Token);
        await source.UntilAsync(() => source.Log.SelectMany(t => t.Entries).Count() == 3);
        source.Log.SelectMany(t => t.Entries).Select(e => e[..Math.Min(e.Length, 40)]).ShouldBe(
            ["Copy public.t 3 id=3,note=n3,big=xxxxxxx", "Delete public.t 11", "Copy public.o\"ther it's id=it's"], ignoreOrder: true);
        source.Log.SelectMany(t => t.Entries).First(e => e.StartsWith("Copy public.t 3", StringComparison.Ordinal)).ShouldEndWith(new string('x', 5000));
        source.Mirror.Rows("public.t").ShouldBe(await source.TableAsync("t", "id", "id, note, big"));
    }

    [SkippableFact]
    public async Task No_older_state_overwrites_a_newer_whatever_is_written_meanwhile()
    {
        await using var source = await postgres.NewSourceAsync("""
            CREATE TABLE t (id int PRIMARY KEY, note text, big text); ALTER TABLE t ALTER big SET STORAGE EXTERNAL;
            INSERT INTO t SELECT n, 'n' || n, repeat('x', 3000) FROM generate_series(1, 20) n
            """);
        await source.StartAsync();
        await source.CopiedAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(source.Token);
        var writers = Enumerable.Range(0, 3).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            while (!stop.IsCancellationRequested)
            {
                var (id, other) = (random.Next(1, 21), random.Next(1, 21));
                await source.ExecuteAsync(random.Next(6) switch
                {
                    0 => $"UPDATE t SET big = repeat('{random.Next()}', 400) WHERE id = {id}",
                    1 => $"DELETE FROM t WHERE id = {id}",
                    2 => $"INSERT INTO t VALUES ({id}, 'new{random.Next()}', repeat('y', 3000)) ON CONFLICT DO NOTHING",
                    3 => $"UPDATE t SET id = {other} WHERE id = {id} AND NOT EXISTS (SELECT FROM t WHERE id = {other})",
                    _ => $"UPDATE t SET note = 'u{random.Next()}' WHERE id = {id}",
                });
            }
        })).ToList();

        for (var round = 0; round < 40; round++)
        {
            await source.Changes.RefreshAsync([.. Enumerable.Range(1, 20).Select(id => Key(id))], source.Token);
            await source.CatchUpAsync();
        }
        await stop.CancelAsync();
        await Task.WhenAll(writers.Select(w => w.ContinueWith(done => done.Exception?.InnerException is not Npgsql.PostgresException { SqlState: not "23505" }, TaskScheduler.Default)));
        await source.CatchUpAsync();
        source.Mirror.Complaints.ShouldBeEmpty();
        source.Mirror.Rows("public.t").ShouldBe(await source.TableAsync("t", "id", "id, note, big"));
        Refreshed(source).Count().ShouldBeGreaterThan(20);
    }

    [SkippableFact]
    public async Task Rows_of_a_table_that_is_being_copied_wait_for_the_end_of_its_copy()
    {
        await using var source = await postgres.NewSourceAsync("CREATE TABLE t (id int PRIMARY KEY, note text); INSERT INTO t SELECT n, 'n' || n FROM generate_series(1, 2000) n");
        source.Settings = source.Settings with { CopyChunkRows = 100 };
        await source.StartAsync();
        await source.NextAsync();
        await source.Changes.RefreshAsync([Key(1_500), Key(3_000)], source.Token);
        await source.CopiedAsync();
        source.Log.SelectMany(t => t.Entries).Count(e => e.StartsWith("Copy public.t 1500 ", StringComparison.Ordinal)).ShouldBe(1);
        await source.UntilAsync(() => source.Log[^1].Entries.Contains("Delete public.t 3000"));
        source.Log.SelectMany(t => t.Entries).Count(e => e.StartsWith("Copy public.t 1500 ", StringComparison.Ordinal)).ShouldBe(2);
        source.Mirror.Complaints.ShouldBeEmpty();
        source.Mirror.Rows("public.t").ShouldBe(await source.TableAsync("t", "id", "id, note"));
    }

    [SkippableFact]
    public async Task Columns_that_changed_in_between_are_caught_up_with_first()
    {
        await using var source = await postgres.NewSourceAsync("CREATE TABLE t (id int PRIMARY KEY, note text); INSERT INTO t VALUES (1, 'a')");
        await source.StartAsync();
        await source.CopiedAsync();
        await source.ExecuteAsync("ALTER TABLE t ADD COLUMN more int; ALTER TABLE t DROP COLUMN note");
        source.Log.Clear();
        await source.Changes.RefreshAsync([Key(1)], source.Token);
        await source.UntilAsync(() => Refreshed(source).Any());
        Refreshed(source).Last().ShouldBe("Copy public.t 1 id=1,more=NULL");
    }

    [SkippableFact]
    public async Task What_cannot_be_asked_for_stops_nothing()
    {
        await using var source = await postgres.NewSourceAsync("CREATE TABLE t (id int PRIMARY KEY, note text); INSERT INTO t VALUES (1, 'a')");
        await source.StartAsync();
        await source.CopiedAsync();
        source.Log.Clear();
        await source.Changes.RefreshAsync([Key("abc")], source.Token);
        await source.Changes.RefreshAsync([new DeadKey(Table, """{"nummer":"1"}"""), Key(1, "nowhere")], source.Token);
        await source.ExecuteAsync("""
            SELECT pg_logical_emit_message(true, 'polysync', 'refresh {"slot":"another","schema":"public","table":"t","keys":[{"id":"1"}]}');
            SELECT pg_logical_emit_message(true, 'polysync', 'refresh nonsense'), pg_logical_emit_message(true, 'polysync', 'refresh {"slot":"polysync_p"}')
            """);
        await source.Changes.RefreshAsync([Key(1)], source.Token);
        await source.UntilAsync(() => Refreshed(source).Any());
        source.Log.SelectMany(t => t.Entries).ShouldBe(["Copy public.t 1 id=1,note=a"]);
    }

    [SkippableFact]
    public async Task A_table_that_is_gone_is_no_reason_to_stop_either()
    {
        await using var source = await postgres.NewSourceAsync("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1); CREATE TABLE u (id int PRIMARY KEY)");
        await source.StartAsync();
        await source.CopiedAsync();
        await source.ExecuteAsync("DROP TABLE t");
        await source.Changes.RefreshAsync([Key(1)], source.Token);
        await source.ExecuteAsync("INSERT INTO u VALUES (1)");
        await source.CatchUpAsync();
        source.Mirror.Rows("public.u").Count.ShouldBe(1);
        source.Mirror.Rows("public.t").Count.ShouldBe(1);
    }
}
