using PolyglotSync.Integration.Servers;
using PolyglotSync.Integration.Worlds;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Scenarios;

public abstract class RelationshipTests(RealServers servers, GraphKind kind)
{
    private const string People = """
        create table cities (id int primary key, code char(5) unique, name text);
        create table people (id int primary key, name text, boss_id int references people on delete set null, born_in int references cities, lives_in char(5) references cities (code) on update cascade);
        create table friendships (a_id int references people on delete cascade, b_id int references people on delete cascade, since date, primary key (a_id, b_id));
        insert into cities select n, 'c' || n, 'city ' || n from generate_series(1, 5) n;
        insert into people select n, 'p' || n, nullif(n / 2, 0), n % 5 + 1, case when n % 3 = 0 then null else 'c' || (n % 5 + 1) end from generate_series(1, 30) n;
        insert into friendships select n, n % 7 + 1, date '2020-01-01' + n from generate_series(8, 25) n;
        """;

    [SkippableFact]
    public async Task A_foreign_key_that_changes_takes_its_relationship_along()
    {
        await using var world = await World.NewAsync(servers, kind);
        await world.SqlAsync(People);
        await world.StartStreamingAsync();
        await world.ShouldAgreeAsync();
        await world.SqlAsync("update people set boss_id = 1 where id between 5 and 9");
        await world.SqlAsync("update people set born_in = null, lives_in = null where id between 3 and 6");
        await world.SqlAsync("update people set lives_in = 'c3', boss_id = id where id between 10 and 15");
        await world.SqlAsync("update friendships set since = null where a_id = 8; update friendships set b_id = 30 where a_id = 9");
        await world.SqlAsync("begin; update people set boss_id = null where id = 20; update people set boss_id = 2 where id = 20; update people set boss_id = 10 where id = 20; commit");
        await world.ShouldAgreeAsync();
    }

    [SkippableFact]
    public async Task A_changed_unique_key_that_children_refer_to_keeps_their_relationships()
    {
        await using var world = await World.NewAsync(servers, kind);
        await world.SqlAsync(People);
        await world.StartStreamingAsync();
        await world.SqlAsync("update cities set code = 'z' || id");
        await world.ShouldAgreeAsync();
    }

    [SkippableFact]
    public async Task Deletes_with_their_cascades_leave_nothing_behind()
    {
        await using var world = await World.NewAsync(servers, kind);
        await world.SqlAsync(People);
        await world.StartStreamingAsync();
        await world.SqlAsync("delete from people where id in (1, 9, 12)");
        await world.SqlAsync("begin; delete from friendships where a_id = 10; delete from people where id = 10; insert into people values (10, 'back', 2, 1, 'c1'); insert into friendships values (10, 11, null); commit");
        await world.ShouldAgreeAsync();
        await world.SqlAsync("delete from people; delete from cities");
        await world.ShouldAgreeAsync();
        (await world.ActualAsync()).Nodes.ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task Parent_and_child_may_come_in_any_order_within_a_transaction()
    {
        await using var world = await World.NewAsync(servers, kind);
        await world.SqlAsync("""
            create table stores (id int primary key, manager_id int);
            create table staff (id int primary key, store_id int not null references stores deferrable initially deferred);
            alter table stores add constraint manager foreign key (manager_id) references staff deferrable initially deferred;
            begin; insert into stores values (1, 1); insert into staff values (1, 1); commit
            """);
        await world.StartStreamingAsync();
        await world.SqlAsync("begin; insert into staff values (2, 2), (3, 2); insert into stores values (2, 2); commit");
        await world.SqlAsync("begin; insert into stores values (3, 9); insert into staff values (9, 3); commit");
        await world.ShouldAgreeAsync();
        await world.SqlAsync("begin; delete from stores where id = 1; delete from staff where id = 1; commit");
        await world.SqlAsync("begin; delete from stores where id = 2; insert into stores values (2, 3); commit");
        await world.ShouldAgreeAsync();
    }

    [SkippableFact]
    public async Task Composite_keys_and_several_references_to_one_table_keep_apart()
    {
        await using var world = await World.NewAsync(servers, kind);
        await world.SqlAsync("""
            create table places (country text, no int, name text, primary key (country, no));
            create table trips (id uuid primary key default gen_random_uuid(), from_country text, from_no int, to_country text, to_no int, note text,
                foreign key (from_country, from_no) references places on update cascade, foreign key (to_country, to_no) references places on update cascade);
            create table twins (a_country text, a_no int, b_country text, b_no int, kind text, primary key (a_country, a_no, b_country, b_no),
                foreign key (a_country, a_no) references places on update cascade on delete cascade, foreign key (b_country, b_no) references places on update cascade on delete cascade);
            insert into places select c, n, c || n from unnest(array['de', 'fr', 'it']) c, generate_series(1, 4) n;
            insert into trips (from_country, from_no, to_country, to_no) select 'de', n, 'fr', 5 - n from generate_series(1, 4) n;
            insert into twins values ('de', 1, 'fr', 1, 'x'), ('fr', 1, 'de', 1, 'y'), ('it', 1, 'it', 1, 'self')
            """);
        await world.StartStreamingAsync();
        await world.SqlAsync("update places set no = no + 10 where country = 'fr'");
        await world.SqlAsync("update trips set to_no = null where from_no = 1; update trips set from_country = to_country, from_no = to_no where from_no = 2");
        await world.SqlAsync("insert into trips (from_country, from_no, to_country, to_no) values ('it', 1, 'it', 1), ('it', null, null, 3), (null, null, null, null)");
        await world.SqlAsync("update twins set kind = 'z'; delete from places where country = 'it' and no = 2; update twins set b_no = 12 where a_country = 'de'");
        await world.ShouldAgreeAsync();
    }
}

[Collection(Lane.Neo4j)]
[Trait("Category", "Integration")]
public sealed class Neo4jRelationshipTests(RealServers servers) : RelationshipTests(servers, GraphKind.Neo4j);

[Collection(Lane.Falkor)]
[Trait("Category", "Integration")]
public sealed class FalkorRelationshipTests(RealServers servers) : RelationshipTests(servers, GraphKind.Falkor);
