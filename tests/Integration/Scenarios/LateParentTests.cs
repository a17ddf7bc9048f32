using PolyglotSync.Contracts;
using PolyglotSync.Integration.Servers;
using PolyglotSync.Integration.Worlds;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Scenarios;

/// <summary>Foreign keys that are not enforced: a parent is committed after its child.</summary>
public abstract class LateParentTests(RealServers servers, GraphKind kind)
{
    [SkippableTheory]
    [InlineData(Consistency.Transactional)]
    [InlineData(Consistency.Parallel)]
    public async Task A_parent_that_comes_later_than_its_child_is_not_lost(Consistency consistency)
    {
        await using var world = await World.NewAsync(servers, kind);
        world.Consistency = consistency;
        await world.SqlAsync("""
            create table people (id int primary key, name text, boss_id int references people);
            create table notes (id int primary key, person_id int, text text);
            create table friends (a_id int references people, b_id int references people, since date, primary key (a_id, b_id));
            alter table notes add foreign key (person_id) references people not valid;
            set session_replication_role = replica;
            insert into notes select n, n, 'before' from generate_series(1, 20) n;
            insert into friends select n, n + 1, '2020-01-01' from generate_series(1, 20) n;
            insert into people select n, 'p' || n, n + 1 from generate_series(1, 5) n
            """);
        await world.StartStreamingAsync();
        await world.ShouldAgreeAsync();
        await world.SqlAsync("set session_replication_role = replica; insert into notes select n, n, 'live' from generate_series(21, 30) n; insert into friends values (30, 1, null), (1, 30, '2024-01-01')");
        await world.SqlAsync("set session_replication_role = replica; update notes set person_id = 29 where id = 28; delete from notes where id = 27; update friends set since = null where a_id = 9; delete from friends where a_id = 10");
        await world.SqlAsync("insert into people select n, 'late', null from generate_series(6, 12) n");
        await world.ShouldAgreeAsync();
        // over a restart
        await world.Node!.TerminateAsync();
        await world.SqlAsync("insert into people select n, 'later', 1 from generate_series(13, 31) n");
        await world.StartStreamingAsync();
        await world.ShouldAgreeAsync();
    }
}

[Collection(Lane.Neo4j)]
[Trait("Category", "Integration")]
public sealed class Neo4jLateParentTests(RealServers servers) : LateParentTests(servers, GraphKind.Neo4j);

[Collection(Lane.Falkor)]
[Trait("Category", "Integration")]
public sealed class FalkorLateParentTests(RealServers servers) : LateParentTests(servers, GraphKind.Falkor);
