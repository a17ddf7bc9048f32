using System.Diagnostics;
using PolyglotSync.Contracts;
using PolyglotSync.Testing;

namespace PolyglotSync.Postgres.Tests;

/// <summary>Consumers that are slow, transactions that are large, commits that are late.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PressureTests(PostgresFixture postgres)
{
    [SkippableFact]
    public async Task A_consumer_slower_than_the_servers_patience_keeps_its_stream()
    {
        await using var source = await postgres.NewSourceAsync("""
            CREATE TABLE t (id int PRIMARY KEY, v text);
            DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET wal_sender_timeout = ''2s''', current_database()); END $$;
            """);
        await source.StartAsync();
        await source.CopiedAsync();
        await source.ExecuteAsync("INSERT INTO t SELECT i, repeat('x', 500) FROM generate_series(1, 60000) i");
        await source.NextAsync();
        var pid = await SenderAsync(source);
        // Nothing is asked for; the sender goes on as long as it hears of us.
        var since = await source.Server.ScalarAsync<DateTime>("SELECT clock_timestamp()");
        while (!await source.Server.ScalarAsync<bool>($"SELECT clock_timestamp() > '{since:O}'::timestamptz + interval '5s'")) source.Token.ThrowIfCancellationRequested();
        (await SenderAsync(source)).ShouldBe(pid);
        await source.CatchUpAsync();
        (await SenderAsync(source)).ShouldBe(pid);
        source.Mirror.Rows("public.t").Count.ShouldBe(60_000);
    }

    private static Task<int> SenderAsync(Source source) =>
        source.Server.ScalarAsync<int>($"SELECT active_pid FROM pg_replication_slots WHERE slot_name = 'polysync_{source.Name}'");

    [SkippableFact]
    public async Task The_servers_end_is_ahead_of_a_consumer_that_lags()
    {
        await using var source = await postgres.NewSourceAsync("CREATE TABLE t (id int PRIMARY KEY, v text)");
        await source.StartAsync();
        await source.CopiedAsync();
        await source.ExecuteAsync("INSERT INTO t SELECT i, repeat('x', 500) FROM generate_series(1, 60000) i");
        var end = Lsn.Parse(await source.Server.ScalarAsync<string>("SELECT pg_current_wal_lsn()::text"));
        var since = Stopwatch.GetTimestamp();
        while (source.Changes.Progress.ServerEnd < end) Stopwatch.GetElapsedTime(since).ShouldBeLessThan(TimeSpan.FromSeconds(20));
        (source.Changes.Progress.ServerEnd - source.Watermark).ShouldBeGreaterThan(20_000_000);
        await source.CatchUpAsync();
        source.Watermark.ShouldBeGreaterThanOrEqualTo(end);
    }

    [SkippableFact]
    public async Task A_huge_transaction_streams_through_in_batches_without_a_cut_and_in_flat_memory()
    {
        await using var source = await postgres.NewSourceAsync("CREATE TABLE t (id int PRIMARY KEY, v text)");
        source.Limits = new LimitSettings { MaxSourceTransactionRows = 10_000_000, MaxSourceTransactionBytes = 1L << 40 };
        await source.StartAsync();
        await source.CopiedAsync();
        await source.ExecuteAsync("INSERT INTO t SELECT i, repeat('x', 1000) FROM generate_series(1, 400000) i");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (rows, peak, withoutCut) = (0, 0L, 0);
        while (rows < 400_000)
        {
            var (count, bytes, hasCut) = await source.PassAsync();
            bytes.ShouldBeLessThan(16 * 1024 * 1024);
            rows += count;
            if (!hasCut) withoutCut++;
            // What is held, not what waits to be collected.
            peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true) - before);
        }
        rows.ShouldBe(400_000);
        withoutCut.ShouldBeGreaterThan(15);
        // The transaction is of 400 MB: what is held does not grow with it.
        peak.ShouldBeLessThan(64L * 1024 * 1024);
    }

    [SkippableFact]
    public async Task A_chunk_that_cannot_see_a_commit_of_the_log_is_read_again()
    {
        Skip.If(PostgresServer.Missing is not null, PostgresServer.Missing);
        await using var server = await PostgresServer.StartNewAsync();
        await using var source = new Source(server, "postgres");
        await source.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)");
        await source.Changes.PrepareAsync(Source.Mapping(await source.Changes.DescribeAsync(source.Token)), source.Token);
        // With a standby that never answers, a commit is in the log but seen by nobody.
        await source.ExecuteAsync("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
        await source.ExecuteAsync("SELECT pg_reload_conf()");
        var waiting = source.ExecuteAsync("SET synchronous_commit = on; INSERT INTO t VALUES (2)");
        while (!await server.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'SyncRep')")) source.Token.ThrowIfCancellationRequested();
        source.Open();
        var copying = source.CopiedAsync();
        while (!source.Messages.Lines.Any(l => l.Contains("a transaction had committed but was not visible yet", StringComparison.Ordinal)))
            source.Token.ThrowIfCancellationRequested();
        await source.ExecuteAsync("ALTER SYSTEM RESET synchronous_standby_names");
        await source.ExecuteAsync("SELECT pg_reload_conf()");
        await waiting;
        await copying;
        source.Mirror.Rows("public.t").Keys.ShouldBe(["1", "2"]);
        source.Mirror.Complaints.ShouldBeEmpty();
    }
}
