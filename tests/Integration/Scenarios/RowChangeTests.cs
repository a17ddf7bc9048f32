using PolyglotSync.Integration.Servers;
using PolyglotSync.Integration.Worlds;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Scenarios;

public abstract class RowChangeTests(RealServers servers, GraphKind kind)
{
    private const string Long = "repeat(md5(random()::text), 400)";

    [SkippableTheory]
    [InlineData("default")]
    [InlineData("full")]
    [InlineData("using index things_code")]
    public async Task Each_replica_identity_carries_updates_key_changes_and_deletes(string identity)
    {
        await using var world = await World.NewAsync(servers, kind);
        await world.SqlAsync($"""
            create table things (id int primary key, code text not null, note text, body text);
            alter table things alter column body set storage external;
            create unique index things_code on things (code, id);
            alter table things replica identity {identity};
            insert into things select n, 'c' || n, 'n', {Long} from generate_series(1, 20) n
            """);
        await world.StartStreamingAsync();
        await world.SqlAsync("update things set note = 'changed' where id <= 5");
        await world.SqlAsync("update things set id = id + 100 where id between 4 and 8");
        await world.SqlAsync("update things set code = code || 'x' where id between 9 and 12");
        await world.SqlAsync("update things set id = id + 200, code = 'y' || code, note = null where id between 12 and 14");
        await world.SqlAsync("delete from things where id in (1, 104, 15, 212)");
        await world.SqlAsync("begin; update things set code = 'again' where id = 2; delete from things where id = 2; insert into things values (2, 'c2', 'new', null); commit");

        await world.ShouldAgreeAsync();
    }

    [SkippableFact]
    public async Task An_unchanged_TOAST_value_stays_what_it_is()
    {
        await using var world = await World.NewAsync(servers, kind);
        await world.SqlAsync($"""
            create table docs (id int primary key, title text, body text, extra text);
            alter table docs alter column body set storage external, alter column extra set storage external;
            insert into docs select n, 't' || n, {Long}, {Long} from generate_series(1, 10) n
            """);
        await world.StartStreamingAsync();
        await world.SqlAsync("update docs set title = 'changed' where id <= 3");
        await world.SqlAsync("update docs set id = id + 50 where id in (3, 4)");
        await world.SqlAsync($"update docs set extra = {Long} where id = 5");
        await world.SqlAsync("update docs set body = null where id = 6");
        await world.SqlAsync($"begin; insert into docs values (20, 'new', {Long}, 'short'); update docs set title = 'newer' where id = 20; update docs set id = 21 where id = 20; commit");
        await world.SqlAsync($"begin; update docs set body = {Long} where id = 7; update docs set title = 'z' where id = 7; update docs set id = 70 where id = 7; commit");

        await world.ShouldAgreeAsync();
    }

    [SkippableFact]
    public async Task Keys_that_shift_by_one_do_not_collide()
    {
        await using var world = await World.NewAsync(servers, kind);
        await world.SqlAsync("""
            create table ranks (place int primary key, name text, ahead int references ranks deferrable initially deferred);
            insert into ranks select n, 'r' || n, nullif(n - 1, 1) from generate_series(2, 200) n
            """);
        await world.StartStreamingAsync();
        await world.SqlAsync("begin; update ranks set place = place - 1, ahead = ahead - 1; commit");
        await world.ShouldAgreeAsync();
        await world.SqlAsync("begin; update ranks set place = place + 1000, ahead = ahead + 1000; update ranks set place = 1200 - place, ahead = 1200 - ahead; commit");
        await world.ShouldAgreeAsync();
        await world.SqlAsync("begin; update ranks set place = -1 where place = 2; update ranks set place = 2 where place = 3; update ranks set place = 3 where place = -1; commit");
        await world.ShouldAgreeAsync();
    }

    [SkippableFact]
    public async Task What_is_rolled_back_never_shows()
    {
        await using var world = await World.NewAsync(servers, kind);
        await world.SqlAsync("create table t (id int primary key, v int); insert into t values (1, 1)");
        await world.StartStreamingAsync();
        await world.SqlAsync("""
            begin; update t set v = 2; savepoint a; insert into t values (2, 2); rollback to a; insert into t values (3, 3); savepoint b; delete from t where id = 1; rollback to b; commit;
            begin; insert into t values (9, 9); rollback
            """);
        await world.ShouldAgreeAsync();
        (await world.ActualAsync()).Nodes.Count.ShouldBe(2);
    }

    [SkippableFact]
    public async Task TRUNCATE_of_several_tables_and_CASCADE_empties_the_graph()
    {
        await using var world = await World.NewAsync(servers, kind);
        await world.SqlAsync("""
            create table a (id int primary key); create table b (id int primary key, a_id int references a); create table c (id int primary key, b_id int references b); create table d (id int primary key);
            insert into a select generate_series(1, 50); insert into b select n, n from generate_series(1, 50) n; insert into c select n, n from generate_series(1, 50) n; insert into d select generate_series(1, 50)
            """);
        await world.StartStreamingAsync();
        await world.SqlAsync("begin; insert into d values (100); truncate d; insert into d values (7); commit");
        await world.ShouldAgreeAsync();
        await world.SqlAsync("truncate a cascade");
        await world.ShouldAgreeAsync();
        await world.SqlAsync("insert into a values (1); insert into b values (1, 1)");
        await world.SqlAsync("truncate a, b, c, d");
        await world.ShouldAgreeAsync();
        (await world.ActualAsync()).Nodes.ShouldBeEmpty();
    }
}

[Collection(Lane.Neo4j)]
[Trait("Category", "Integration")]
public sealed class Neo4jRowChangeTests(RealServers servers) : RowChangeTests(servers, GraphKind.Neo4j);

[Collection(Lane.Falkor)]
[Trait("Category", "Integration")]
public sealed class FalkorRowChangeTests(RealServers servers) : RowChangeTests(servers, GraphKind.Falkor);
