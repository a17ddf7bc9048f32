using PolyglotSync.Integration.Servers;
using PolyglotSync.Integration.Worlds;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Oracle;

/// <summary>The oracle itself: it must see what is wrong, and nothing else. The graphs here are written by hand.</summary>
[Collection(Lane.Neo4j)]
[Trait("Category", "Integration")]
public sealed class OracleTests(RealServers servers)
{
    internal const string Tables = """
        create table authors (id int primary key, name text, born date, rating numeric(10, 2), age interval, tags text[]);
        create table books (id bigint primary key, title text not null, author_id int references authors);
        create table likes (author_id int references authors, book_id bigint references books, at timestamptz, primary key (author_id, book_id));
        insert into authors values (1, 'Ann', '1970-01-02', 3.50, '1 year 2 mons 3 days 04:05:06.5', '{a,"b c"}'), (2, null, null, null, null, null);
        insert into books values (10, 'One', 1), (11, 'Two', null);
        insert into likes values (2, 10, '2020-05-01 12:00:00+02');
        """;

    private const string Neo4jGraph = """
        CREATE (a:Author {id: 1, name: 'Ann', born: date('1970-01-02'), rating: '3.50', age: duration('P14M3DT4H5M6.5S'), tags: ['a', 'b c']}), (b:Author {id: 2}),
               (c:Book {id: 10, title: 'One', author_id: 1}), (:Book {id: 11, title: 'Two'}),
               (c)-[:AUTHOR]->(a), (b)-[:LIKES {at: datetime('2020-05-01T10:00:00Z')}]->(c), (:__PolySync {pipeline: 'x'})
        """;

    [SkippableFact]
    public async Task A_graph_that_says_what_the_tables_say_has_no_difference()
    {
        await using var world = await World.NewAsync(servers);
        await world.SqlAsync(Tables);
        await (await servers.Neo4jAsync()).Http.QueryAsync(Neo4jGraph);

        PictureDiff.Describe(await world.DifferencesAsync()).ShouldBeEmpty();
    }

    [SkippableTheory]
    [InlineData("CREATE (:Author {id: 3})", "ghost node (:Author {id: int 3})")]
    [InlineData("CREATE (:Author {id: 2})", "duplicate node (:Author {id: int 2})")]
    [InlineData("MATCH (b:Book {id: 11}) DELETE b", "missing node (:Book {id: int 11})")]
    [InlineData("MATCH ()-[r:AUTHOR]->() DELETE r", "missing relationship (:Book {id: int 10})-[:AUTHOR]->(:Author {id: int 1})")]
    [InlineData("MATCH (b:Book {id: 11}), (a:Author {id: 1}) CREATE (b)-[:AUTHOR]->(a)", "ghost relationship")]
    [InlineData("MATCH (a)-[r:AUTHOR]->(b) CREATE (a)-[:AUTHOR]->(b)", "duplicate relationship")]
    [InlineData("MATCH (a:Author {id: 1}) SET a.rating = 3.5", "property rating should be <text 3.50> and is <float 3.5>")]
    [InlineData("MATCH (a:Author {id: 1}) REMOVE a.born", "property born should be <date 1970-01-02> and is absent")]
    [InlineData("MATCH (a:Author {id: 2}) SET a.name = 'null'", "property name should be absent")]
    [InlineData("MATCH ()-[r:LIKES]->() SET r.at = datetime('2020-05-01T10:00:01Z')", "property at should be <datetime 2020-05-01T10:00:00+00:00>")]
    [InlineData("MATCH (a:Author {id: 1}) SET a:__Pending", "left behind")]
    public async Task It_names_what_is_wrong(string damage, string message)
    {
        await using var world = await World.NewAsync(servers);
        await world.SqlAsync(Tables);
        var http = (await servers.Neo4jAsync()).Http;
        await http.QueryAsync(Neo4jGraph);
        await http.QueryAsync(damage);

        PictureDiff.Describe(await world.DifferencesAsync()).ShouldContain(message);
    }
}

[Collection(Lane.Falkor)]
[Trait("Category", "Integration")]
public sealed class FalkorOracleTests(RealServers servers)
{
    [SkippableFact]
    public async Task It_reads_the_embedded_graph_with_types()
    {
        await using var world = await World.NewAsync(servers, GraphKind.Falkor);
        await world.SqlAsync(OracleTests.Tables);
        using var falkor = (await servers.FalkorAsync()).Connect();
        falkor.Query(world.Database, """
            CREATE (a:Author {id: 1, name: 'Ann', born: '1970-01-02', rating: '3.50', age: 'P1Y2M3DT4H5M6.5S', tags: ['a', 'b c']}), (b:Author {id: 2}),
                   (c:Book {id: 10, title: 'One', author_id: 1}), (:Book {id: 11, title: 'Two'}),
                   (c)-[:AUTHOR]->(a), (b)-[:LIKES {at: '2020-05-01 10:00:00+00'}]->(c), (:__PolySync {pipeline: 'x'})
            """);
        PictureDiff.Describe(await world.DifferencesAsync()).ShouldBeEmpty();

        falkor.Query(world.Database, "MATCH (a:Author {id: 1}) SET a.rating = 3.5");
        PictureDiff.Describe(await world.DifferencesAsync()).ShouldContain("property rating should be <text 3.50> and is <float 3.5>");
    }
}
