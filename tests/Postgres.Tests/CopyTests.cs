using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres.Tests;

[Collection(PostgresCollection.Name)]
public sealed class CopyTests(PostgresFixture postgres)
{
    [SkippableFact]
    public async Task A_table_is_copied_in_chunks_and_then_live()
    {
        await using var source = await postgres.NewSourceAsync(
            "CREATE TABLE item (a int, b text, v text, PRIMARY KEY (a, b)); INSERT INTO item SELECT i / 10, 'k' || i, E'x\\ty\\\\z\\n' || i FROM generate_series(1, 2500) i");
        source.Settings = source.Settings with { CopyChunkRows = 400 };
        await source.StartAsync();
        await source.CopiedAsync();
        await source.ExecuteAsync("INSERT INTO item VALUES (-1, 'n', 'new')");
        await source.CatchUpAsync();

        source.Mirror.Rows("public.item").ShouldBe(await source.TableAsync("item", "a || ',' || b", "a, b, v"));
        source.Copy[new TableName("public", "item")]!.Rows.ShouldBe(2500);
        source.Mirror.Complaints.ShouldBeEmpty();
    }

    [SkippableTheory]
    [InlineData("int", "(random() * 400)::int")]
    [InlineData("text COLLATE \"C\"", "'k' || (random() * 400)::int")]
    [InlineData("numeric", "(random() * 400)::int")]
    [InlineData("uuid", "md5((random() * 400)::int::text)::uuid")]
    public async Task Copying_under_random_writes_ends_with_the_table(string type, string random)
    {
        await using var source = await postgres.NewSourceAsync($"""
            CREATE TABLE item (id {type} PRIMARY KEY, v text, big text, parent {type} REFERENCES item DEFERRABLE INITIALLY DEFERRED);
            ALTER TABLE item ALTER big SET STORAGE EXTERNAL;
            INSERT INTO item SELECT id, 'v', repeat('b', 3000), NULL FROM (SELECT DISTINCT {random} AS id FROM generate_series(1, 600)) x;
            """);
        source.Settings = source.Settings with { CopyChunkRows = 10 };
        using var done = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; !done.IsCancellationRequested; i++)
            {
                var sql = (i % 7) switch
                {
                    0 or 1 => $"INSERT INTO item SELECT {random}, 'i{i}', repeat('n', 3000), NULL ON CONFLICT DO NOTHING",
                    2 => $"DELETE FROM item WHERE id IN (SELECT {random} FROM generate_series(1, 3))",
                    3 or 4 => $"UPDATE item SET v = 'u{i}' WHERE id IN (SELECT {random} FROM generate_series(1, 3))",
                    _ => $"UPDATE item SET id = k.new FROM (SELECT {random} AS old, {random} AS new) k WHERE id = k.old AND NOT EXISTS (SELECT FROM item WHERE id = k.new)",
                };
                await source.ExecuteAsync(sql);
            }
        });
        await source.StartAsync();
        for (var restart = 0; restart < 8; restart++)
        {
            for (var i = 0; i < 4; i++) await source.NextAsync();
            await source.RestartAsync();
        }
        await source.CopiedAsync();
        await done.CancelAsync();
        await writing;
        await source.CatchUpAsync();

        source.Mirror.Rows("public.item").ShouldBe(await source.TableAsync("item", "id", "id, v, big, parent"));
        source.Mirror.Complaints.ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task Empty_tables_and_a_truncation_while_copying_are_followed()
    {
        await using var source = await postgres.NewSourceAsync("""
            CREATE TABLE nothing (id int PRIMARY KEY);
            CREATE TABLE item (id int PRIMARY KEY, v text);
            INSERT INTO item SELECT i, 'v' FROM generate_series(1, 1000) i;
            """);
        source.Settings = source.Settings with { CopyChunkRows = 100 };
        await source.StartAsync();
        for (var i = 0; i < 3; i++) await source.NextAsync();
        await source.ExecuteAsync("TRUNCATE item; INSERT INTO item SELECT i, 'after' FROM generate_series(500, 520) i");
        await source.CopiedAsync();
        await source.CatchUpAsync();

        source.Mirror.Rows("public.item").ShouldBe(await source.TableAsync("item", "id", "id, v"));
        source.Mirror.Complaints.ShouldBeEmpty();
    }
}
