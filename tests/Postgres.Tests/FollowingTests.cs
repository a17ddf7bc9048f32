using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres.Tests;

[Collection(PostgresCollection.Name)]
public sealed class FollowingTests(PostgresFixture postgres)
{
    private async Task<Source> CopiedAsync(string sql)
    {
        var source = await postgres.NewSourceAsync(sql);
        await source.StartAsync();
        await source.CopiedAsync();
        source.Log.Clear();
        return source;
    }

    private static IEnumerable<string> Entries(Source source) => source.Log.SelectMany(t => t.Entries);

    [SkippableFact]
    public async Task An_unchanged_large_value_is_not_sent()
    {
        await using var source = await CopiedAsync("CREATE TABLE t (id int PRIMARY KEY, v text, big text); ALTER TABLE t ALTER big SET STORAGE EXTERNAL; INSERT INTO t VALUES (1, 'a', repeat('x', 5000))");
        await source.ExecuteAsync("UPDATE t SET v = 'b'");
        await source.CatchUpAsync();
        Entries(source).ShouldBe(["Update public.t 1 id=1,v=b"]);
        source.Mirror.Row("public.t", "1")["big"]!.Length.ShouldBe(5000);
    }

    [SkippableTheory]
    [InlineData("DEFAULT", "Delete public.t 2")]
    [InlineData("FULL", "Delete public.t 2")]
    public async Task A_changed_key_names_the_row_it_had(string identity, string deleted)
    {
        await using var source = await CopiedAsync($"CREATE TABLE t (id int PRIMARY KEY, v text); ALTER TABLE t REPLICA IDENTITY {identity}; INSERT INTO t VALUES (1, 'a')");
        await source.ExecuteAsync("UPDATE t SET id = 2");
        await source.ExecuteAsync("DELETE FROM t");
        await source.CatchUpAsync();
        Entries(source).ShouldBe(["Update public.t 1>2 id=2,v=a", deleted]);
    }

    [SkippableFact]
    public async Task An_index_serves_as_replica_identity_and_key()
    {
        await using var source = await CopiedAsync("""
            CREATE TABLE t (code text NOT NULL, v text); CREATE UNIQUE INDEX t_code ON t (code); ALTER TABLE t REPLICA IDENTITY USING INDEX t_code;
            INSERT INTO t VALUES ('a', '1');
            """);
        await source.ExecuteAsync("UPDATE t SET code = 'b'; DELETE FROM t");
        await source.CatchUpAsync();
        Entries(source).ShouldBe(["Update public.t a>b code=b,v=1", "Delete public.t b"]);
    }

    [SkippableFact]
    public async Task Partitions_count_as_their_root_and_odd_names_are_kept()
    {
        await using var source = await CopiedAsync("""
            CREATE TABLE "Größe "" 表" ("Id" int PRIMARY KEY, "Wert" text, twice int GENERATED ALWAYS AS ("Id" * 2) STORED);
            CREATE TABLE part (id int, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
            CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
            CREATE TABLE part_2 PARTITION OF part FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
            INSERT INTO part VALUES (1, '2020-05-05');
            """);
        await source.ExecuteAsync("""INSERT INTO "Größe "" 表" VALUES (1, 'ü'); INSERT INTO part VALUES (2, '2021-05-05'); TRUNCATE part""");
        await source.CatchUpAsync();
        Entries(source).ShouldBe(["Insert public.Größe \" 表 1 Id=1,Wert=ü", "Insert public.part 2,2021-05-05 id=2,at=2021-05-05", "Truncate public.part"]);
        source.Schema.Tables.Select(t => t.Name.Name).ShouldBe(["Größe \" 表", "part"]);
    }

    [SkippableFact]
    public async Task Columns_may_be_renamed_dropped_and_added()
    {
        await using var source = await CopiedAsync("CREATE TABLE t (id int PRIMARY KEY, a text, b text); INSERT INTO t VALUES (1, 'a', 'b')");
        await source.ExecuteAsync("INSERT INTO t VALUES (2, 'x', 'y')");
        await source.ExecuteAsync("ALTER TABLE t RENAME a TO aa; ALTER TABLE t DROP b; ALTER TABLE t ADD c int DEFAULT 7; INSERT INTO t VALUES (3, 'z', 8)");
        await source.CatchUpAsync();
        await source.CopiedAsync();
        Entries(source).Where(e => !e.StartsWith("Copy", StringComparison.Ordinal)).ShouldBe([
            "Insert public.t 2 id=2,a=x,b=y", "Schema public.t +c -b a>aa", "Insert public.t 3 id=3,aa=z,c=8"]);
        source.Mirror.Row("public.t", "1")["c"].ShouldBe("7");
        source.Mirror.Complaints.ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task A_dropped_key_column_stops_with_a_clear_message()
    {
        await using var source = await CopiedAsync("CREATE TABLE t (id int PRIMARY KEY, a text); ALTER TABLE t REPLICA IDENTITY FULL");
        await source.ExecuteAsync("INSERT INTO t VALUES (1, 'a')");
        await source.CatchUpAsync();
        await source.ExecuteAsync("ALTER TABLE t DROP id; INSERT INTO t VALUES ('b')");
        var failure = await Should.ThrowAsync<PipelineFailure>(source.CatchUpAsync);
        failure.Class.ShouldBe(FailureClass.Fatal);
        failure.Message.ShouldContain("key column 'id' was dropped or renamed");
    }

    [SkippableFact]
    public async Task A_large_transaction_spans_batches_and_one_beyond_the_limit_is_cut_in_parts()
    {
        await using var source = await postgres.NewSourceAsync("CREATE TABLE t (id int PRIMARY KEY)");
        source.Limits = new LimitSettings { MaxSourceTransactionRows = 12_000 };
        await source.StartAsync();
        await source.CopiedAsync();
        source.Log.Clear();
        await source.ExecuteAsync("INSERT INTO t SELECT generate_series(1, 30000)");
        await source.CatchUpAsync();
        var cuts = source.Log.Select(t => t.Cut?.Position.Index).ToList();
        cuts.ShouldContain((int?)null);
        // not whole any more after the first part: the next ones are a batch each
        cuts.Where(c => c < int.MaxValue).ShouldBe([14_999, 19_999, 24_999, 29_999]);
        cuts[^1].ShouldBe(int.MaxValue);
        Entries(source).Count().ShouldBe(30_000);
    }

    [SkippableFact]
    public async Task After_a_crash_nothing_is_lost_and_nothing_comes_twice()
    {
        await using var source = await CopiedAsync("CREATE TABLE t (id int PRIMARY KEY)");
        for (var i = 0; i < 5; i++)
        {
            await source.ExecuteAsync($"INSERT INTO t VALUES ({i})");
            if (i % 2 == 0) await source.NextAsync();
            await source.StopAsync();
            await source.Changes.DescribeAsync(source.Token);
            await source.Changes.PrepareAsync(Source.Mapping(source.Schema), source.Token);
            source.Open();
        }
        await source.CatchUpAsync();
        source.Mirror.Rows("public.t").Count.ShouldBe(5);
        source.Mirror.Complaints.ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task An_idle_source_moves_the_slot_by_heartbeats()
    {
        var source = await postgres.NewSourceAsync("CREATE TABLE t (id int PRIMARY KEY)");
        await using var _ = source;
        source.Settings = source.Settings with { HeartbeatIntervalMs = 200 };
        await source.StartAsync();
        await source.CopiedAsync();
        var before = source.Watermark;
        while (source.Watermark <= before) await source.NextAsync();
        var reached = source.Watermark;
        while (await source.Server.ScalarAsync<bool>($"SELECT confirmed_flush_lsn < '{reached}' FROM pg_replication_slots WHERE slot_name = 'polysync_{source.Name}'"))
            await source.NextAsync();
    }

    [SkippableFact]
    public async Task Values_are_printed_alike_by_the_copy_and_the_stream()
    {
        const string Columns = "id, i, t, tz, n, f, d, b, j, a, r, e, o, c, m, ts";
        const string Values = """
            interval '1 year 2 mons -3 days 04:05:06.789', timestamp '2024-02-29 12:34:56.789', timestamptz '2024-02-29 12:34:56+02', 'NaN'::numeric, 0.1::float8,
            date '0044-03-15 BC', '\x00ff'::bytea, '{"a": 1}'::jsonb, ARRAY['a,b', NULL, '"'], int4range(1, 5), 'ok'::mood,
            'abc'::short, ROW(1, 'x y', NULL)::place, '{[1,3),[5,7)}'::int4multirange, to_tsvector('simple', 'a b')
            """;
        await using var source = await postgres.NewSourceAsync($"""
            CREATE TYPE mood AS ENUM ('sad', 'ok');
            CREATE DOMAIN short AS varchar(5) CHECK (VALUE <> '');
            CREATE TYPE place AS (x int, name text, z numeric);
            CREATE TABLE t (id int PRIMARY KEY, i interval, t timestamp, tz timestamptz, n numeric, f float8, d date, b bytea, j jsonb, a text[], r int4range, e mood,
                            o short, c place, m int4multirange, ts tsvector);
            DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET datestyle = ''German''', current_database());
                        EXECUTE format('ALTER DATABASE %I SET timezone = ''Asia/Tokyo''', current_database()); END $$;
            INSERT INTO t ({Columns}) SELECT 1, {Values};
            """);
        await source.StartAsync();
        await source.CopiedAsync();
        await source.ExecuteAsync($"INSERT INTO t ({Columns}) SELECT 2, {Values}");
        await source.CatchUpAsync();
        var copied = source.Mirror.Row("public.t", "1");
        var streamed = source.Mirror.Row("public.t", "2");
        copied.Where(c => c.Key != "id").ShouldBe(streamed.Where(c => c.Key != "id"));
        copied["i"].ShouldBe("P1Y2M-3DT4H5M6.789S");
        copied["tz"].ShouldBe("2024-02-29 10:34:56+00");
        copied["b"].ShouldBe("\\x00ff");
        copied["d"].ShouldBe("0044-03-15 BC");
        (copied["o"], copied["c"], copied["m"], copied["r"]).ShouldBe(("abc", "(1,\"x y\",)", "{[1,3),[5,7)}", "[1,5)"));
        var types = source.Schema.Tables[0].Columns.ToDictionary(c => c.Name, c => c.Type.Kind);
        (types["e"], types["o"], types["c"], types["r"], types["ts"]).ShouldBe((PgKind.Text, PgKind.Text, PgKind.Other, PgKind.Other, PgKind.Other));
    }
}
