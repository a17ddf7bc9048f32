namespace PolyglotSync.Postgres.Tests;

[Collection(PostgresCollection.Name)]
public sealed class StreamTests(PostgresFixture postgres)
{
    [SkippableFact]
    public async Task Inserts_updates_and_deletes_arrive_in_commit_order()
    {
        await using var source = await postgres.NewSourceAsync("CREATE TABLE person (id int PRIMARY KEY, name text)");
        await source.StartAsync();
        await source.CopiedAsync();
        source.Log.Clear();

        await source.ExecuteAsync("INSERT INTO person VALUES (1, 'Ada'), (2, NULL); UPDATE person SET name = 'Eve' WHERE id = 2; DELETE FROM person WHERE id = 1");
        await source.CatchUpAsync();

        source.Log.SelectMany(t => t.Entries).ShouldBe([
            "Insert public.person 1 id=1,name=Ada", "Insert public.person 2 id=2,name=NULL",
            "Update public.person 2 id=2,name=Eve", "Delete public.person 1"]);
        source.Mirror.Complaints.ShouldBeEmpty();
    }
}
