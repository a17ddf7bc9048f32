using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres.Tests;

[Collection(PostgresCollection.Name)]
[Trait("Category", "Integration")]
public sealed class DeadLetterTests(PostgresFixture postgres)
{
    private static readonly TableName Table = new("public", "it's");

    private static DeadLetter Letter(string key, ulong commit, string reason = "refused") => new("p", Table, "insert", $$"""{"id":"{{key}}"}""",
        $$"""{"id":"{{key}}","note":"a\\b","big":"large"}""", new Position(new Lsn(commit), 3), reason, "CREATE (n)", DateTimeOffset.UnixEpoch.AddSeconds(commit));

    private static DeadKey Key(string key) => new(Table, $$"""{"id":"{{key}}"}""");

    private static DeadLetterFilter All => new("p") { WithRows = true };

    [SkippableFact]
    public async Task A_letter_is_kept_once_whatever_became_of_it()
    {
        await using var source = await postgres.NewSourceAsync("SELECT 1");
        await using var store = new PostgresDeadLetterStore(source.Pipeline);
        (await store.CountAsync("p", source.Token)).ShouldBe(0);
        (await store.ListAsync(All, null, 10, source.Token)).ShouldBeEmpty();
        (await store.AddAsync([Letter("1", 7), Letter("1", 7)], source.Token)).ShouldBe(1);
        (await store.AddAsync([Letter("1", 7)], source.Token)).ShouldBe(0);

        var stored = (await store.ListAsync(All, null, 10, source.Token)).ShouldHaveSingleItem();
        stored.Letter.ShouldBe(Letter("1", 7));
        (stored.Count, stored.State, stored.ClosedAt).ShouldBe((1, DeadLetterState.Open, null));
        stored.FirstSeen.ShouldBe(DateTimeOffset.UnixEpoch.AddSeconds(7));
        await store.ResolveAsync("p", [Key("1")], source.Token);
        (await store.AddAsync([Letter("1", 7)], source.Token)).ShouldBe(0);
        (await store.CountAsync("p", source.Token)).ShouldBe(0);
    }

    [SkippableFact]
    public async Task A_row_that_is_refused_again_counts_on_and_says_the_new_reason()
    {
        await using var source = await postgres.NewSourceAsync("SELECT 1");
        await using var store = new PostgresDeadLetterStore(source.Pipeline);
        await store.AddAsync([Letter("1", 7)], source.Token);
        (await store.RetryAsync(All, source.Token)).Count.ShouldBe(1);
        (await store.RetriedAsync("p", source.Token)).ShouldBe([Key("1")]);
        (await store.AddAsync([Letter("1", 9, "refused again"), Letter("1", 8), Letter("2", 8)], source.Token)).ShouldBe(1);

        var stored = (await store.ListAsync(All with { Ids = [1] }, null, 10, source.Token)).ShouldHaveSingleItem();
        stored.Letter.ShouldBe(Letter("1", 9, "refused again"));
        (stored.Count, stored.FirstSeen, stored.RetriedAt).ShouldBe((3, DateTimeOffset.UnixEpoch.AddSeconds(7), null));
        (await store.RetriedAsync("p", source.Token)).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task What_follows_a_letter_keeps_its_reason_and_brings_its_columns()
    {
        await using var source = await postgres.NewSourceAsync("SELECT 1");
        await using var store = new PostgresDeadLetterStore(source.Pipeline);
        await store.AddAsync([Letter("1", 7)], source.Token);
        await store.RetryAsync(All, source.Token);
        var follower = Letter("1", 9, "follows") with { Row = """{"id":"1","note":"new"}""", Cypher = null, Operation = "update", Follows = true };
        (await store.AddAsync([follower, follower], source.Token)).ShouldBe(0);

        var stored = (await store.ListAsync(All, null, 10, source.Token)).ShouldHaveSingleItem();
        (stored.Count, stored.Letter.Reason, stored.Letter.Cypher).ShouldBe((2, "refused", "CREATE (n)"));
        stored.Letter.Row.ShouldBe("""{"id": "1", "big": "large", "note": "new"}""");
        stored.RetriedAt.ShouldNotBeNull();
    }

    [SkippableFact]
    public async Task A_discarded_letter_is_remembered_until_its_row_is_right()
    {
        await using var source = await postgres.NewSourceAsync("SELECT 1");
        await using var store = new PostgresDeadLetterStore(source.Pipeline);
        await store.AddAsync([Letter("1", 7), Letter("2", 7)], source.Token);
        (await store.DiscardAsync(All with { Ids = [1, 99] }, source.Token)).ShouldBe([1]);
        (await store.CountAsync("p", source.Token)).ShouldBe(1);
        (await store.KeysAsync("p", source.Token)).ShouldBe([Key("1"), Key("2")], ignoreOrder: true);

        // what follows opens nothing, what is refused does
        (await store.AddAsync([Letter("1", 8) with { Follows = true }], source.Token)).ShouldBe(0);
        var stored = (await store.ListAsync(All with { State = DeadLetterState.Discarded }, null, 10, source.Token)).ShouldHaveSingleItem();
        (stored.Id, stored.Count).ShouldBe((1, 2));
        (await store.AddAsync([Letter("1", 9)], source.Token)).ShouldBe(1);
        (await store.RetryAsync(All with { Ids = [1] }, source.Token)).ShouldBeEmpty();

        await store.ResolveAsync("p", [Key("1"), Key("1")], source.Token);
        (await store.KeysAsync("p", source.Token)).ShouldBe([Key("2")]);
        var states = (await store.ListAsync(All, null, 10, source.Token)).Where(l => l.Letter.Key == Key("1").Key).Select(l => l.State);
        states.ShouldBe([DeadLetterState.Resolved, DeadLetterState.Discarded]);
    }

    [SkippableFact]
    public async Task Letters_are_listed_by_table_and_state_page_by_page()
    {
        await using var source = await postgres.NewSourceAsync("SELECT 1");
        await using var store = new PostgresDeadLetterStore(source.Pipeline);
        await store.AddAsync([.. Enumerable.Range(1, 1_200).Select(n => Letter($"{n}", 7))], source.Token);
        await store.AddAsync([Letter("1", 7) with { Table = new TableName("public", "other") }, Letter("1", 7) with { Pipeline = "q" }], source.Token);
        (await store.ListAsync(new DeadLetterFilter("p") { Tables = [new TableName("public", "other")] }, null, 10, source.Token)).ShouldHaveSingleItem().Letter.Row.ShouldBeNull();

        var ids = new List<long>();
        while (await store.ListAsync(All with { Tables = [Table], State = DeadLetterState.Open }, ids.Count == 0 ? null : ids[^1], 500, source.Token) is { Count: > 0 } page)
            ids.AddRange(page.Select(l => l.Id));
        ids.ShouldBe(ids.OrderDescending());
        ids.Count.ShouldBe(1_200);
        (await store.DiscardAsync(All with { Tables = [Table] }, source.Token)).Count.ShouldBe(1_200);
        (await store.CountAsync("p", source.Token)).ShouldBe(1);
    }

    [SkippableFact]
    public async Task A_table_of_an_earlier_version_is_brought_up_to_date()
    {
        await using var source = await postgres.NewSourceAsync("""
            CREATE SCHEMA polysync;
            CREATE TABLE polysync.dead_letters (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, pipeline text NOT NULL, table_schema text NOT NULL, table_name text NOT NULL,
                operation text NOT NULL, key text NOT NULL, "row" text, commit_lsn pg_lsn NOT NULL, idx integer NOT NULL, reason text NOT NULL,
                cypher text, at timestamptz NOT NULL, resolved_at timestamptz);
            CREATE UNIQUE INDEX dead_letters_once ON polysync.dead_letters (pipeline, table_schema, table_name, md5(key), commit_lsn, idx);
            INSERT INTO polysync.dead_letters (pipeline, table_schema, table_name, operation, key, commit_lsn, idx, reason, at, resolved_at) VALUES
                ('p', 'public', 'it''s', 'insert', '{"id":"1"}', '0/7', 3, 'first', '2024-01-01Z', NULL),
                ('p', 'public', 'it''s', 'update', '{"id":"1"}', '0/9', 1, 'third', '2024-01-03Z', NULL),
                ('p', 'public', 'it''s', 'update', '{"id":"1"}', '0/8', 1, 'second', '2024-01-02Z', NULL),
                ('p', 'public', 'it''s', 'insert', '{"id":"2"}', '0/7', 4, 'over', '2024-01-01Z', '2024-01-02Z')
            """);
        await using var store = new PostgresDeadLetterStore(source.Pipeline);
        (await store.CountAsync("p", source.Token)).ShouldBe(1);

        var letters = await store.ListAsync(All, null, 10, source.Token);
        letters.Select(l => (l.Id, l.State, l.Count, l.Letter.Reason)).ShouldBe([(4, DeadLetterState.Resolved, 1, "over"), (2, DeadLetterState.Open, 3, "third")]);
        letters[1].FirstSeen.ShouldBe(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero));
        letters[0].ClosedAt.ShouldBe(new DateTimeOffset(2024, 1, 2, 0, 0, 0, TimeSpan.Zero));
        (await store.AddAsync([Letter("1", 10), Letter("2", 10)], source.Token)).ShouldBe(1);

        // another node comes to it too
        await using var second = new PostgresDeadLetterStore(source.Pipeline);
        (await second.CountAsync("p", source.Token)).ShouldBe(2);
    }

    [SkippableFact]
    public async Task Several_nodes_may_make_the_table_at_once()
    {
        await using var source = await postgres.NewSourceAsync("SELECT 1");
        var stores = Enumerable.Range(0, 4).Select(_ => new PostgresDeadLetterStore(source.Pipeline)).ToList();
        await Task.WhenAll(stores.Select((store, n) => store.AddAsync([Letter($"{n}", 7)], source.Token)));
        (await stores[0].CountAsync("p", source.Token)).ShouldBe(4);
        foreach (var store in stores) await store.DisposeAsync();
    }

    [SkippableFact]
    public async Task A_store_that_is_away_says_so_and_works_again_afterwards()
    {
        await using var source = await postgres.NewSourceAsync("SELECT 1");
        await using var store = new PostgresDeadLetterStore(source.Pipeline);
        await store.AddAsync([Letter("1", 7)], source.Token);
        await source.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        (await Should.ThrowAsync<PipelineFailure>(() => store.AddAsync([Letter("2", 8)], source.Token))).Class.ShouldBe(FailureClass.Transient);
        (await store.AddAsync([Letter("2", 8)], source.Token)).ShouldBe(1);
        (await store.CountAsync("p", source.Token)).ShouldBe(2);
    }
}
