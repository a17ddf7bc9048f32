using PolyglotSync.Integration.Servers;
using PolyglotSync.Integration.Worlds;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Scenarios;

public abstract class TypeTests(RealServers servers, GraphKind kind)
{
    private const string Types = """
        create type mood as enum ('sad', 'ok', 'happy: "very"');
        create type place as (street text, number int);
        create domain year as int check (value between 1900 and 2155);
        create domain email as varchar(80);
        create table everything (
            id int primary key, b bool, i2 int2, i4 int4, i8 int8, o oid, f4 float4, f8 float8,
            n numeric, n18 numeric(18, 0), n20 numeric(20, 0), n102 numeric(10, 2), m money,
            t text, v varchar(20), c char(6), nm name, ch "char", by bytea, u uuid,
            d date, ti time, tz timetz, ts timestamp, tsz timestamptz, iv interval,
            j json, jb jsonb, x xml, e mood, dom year, mail email, comp place,
            ai int[], at text[], an numeric[], ad date[], ab bool[], af float8[], au uuid[], ae mood[], aby bytea[], aj jsonb[], am int[],
            r4 int4range, rt tstzrange, mr int4multirange, vec tsvector, q tsquery,
            ip inet, net cidr, mac macaddr, bits bit(5), vb varbit, pt point, bx box, pa path, ci circle, ls pg_lsn, xid8 xid8);
        """;

    private const string Rows = """
        insert into everything (id) values (1);
        insert into everything values (2, true, -32768, -2147483648, -9223372036854775808, 4294967295, 3.4028235e38, 1.7976931348623157e308,
            123456789012345678901234567890.123456789, 999999999999999999, 99999999999999999999, 3.50, '$1,234.50',
            E'tab\tnewline\nquote '' backslash \\ 日本 \U0001F600', 'varchar', 'ab', 'name', 'x', '\xdeadbeef00', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
            '2024-02-29', '23:59:59.999999', '12:34:56.789+05:30', '2024-02-29 12:00:00.000001', '2024-02-29 12:00:00+02', '1 year 2 mons 3 days 04:05:06.789',
            '{"a": [1, 2.50, null]}', '{"b":  {"c": "d"}}', '<a>1</a>', 'happy: "very"', 2024, 'a@b.c', row('Main St, "5"', 5),
            '{1,2,3}', '{a,"b,c","d\"e",""}', '{1.50,2}', '{2024-01-01,1999-12-31}', '{t,f}', '{1.5,-2}', '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}', '{sad,ok}', '{"\\xde"}', '{"{\"a\": 1}"}', '{{1,2},{3,4}}',
            '[1,10)', '[2024-01-01 00:00+00,)', '{[1,3),[5,8)}', 'a fat cat', 'fat & rat',
            '192.168.1.1/24', '10.0.0.0/8', '08:00:2b:01:02:03', B'10101', B'101', '(1,2)', '((0,0),(1,1))', '((0,0),(1,1))', '<(1,1),2>', '16/B374D848', '123');
        insert into everything (id, f4, f8, n, d, ts, tsz, ti, tz, iv, ai, at, n18, n102, by, t, c, jb) values
            (3, 'NaN', 'Infinity', 'NaN', 'infinity', '-infinity', 'infinity', '24:00:00', '00:00:00-12:30', '-1 years -2 mons +3 days -04:05:06.5', '{}', '{NULL,a}', -5, 'NaN', '', '', '', 'null'),
            (4, '-Infinity', '-0', '-Infinity', '0044-03-15 BC', '0001-01-01 00:00:00', '4713-01-01 00:00:00+00 BC', '00:00', '23:59:59+15:59', '0', '[0:1]={7,8}', '{}', 0, 0, '\x00', ' ', ' a', '[]'),
            (5, 1e-45, 5e-324, 1e-20, '5874897-12-31', '294276-12-31 23:59:59.999999', '0001-12-31 23:00:00+00', '00:00:00.000001', '00:00:00+00:00:01', 'P1M', '{9}', '{"NULL"}', 1, 1.10, '\xff', E'\r', 'x', '""'),
            (6, 0.1, 0.1, 100, '10000-01-01', '1969-12-31 23:59:59.5', '1900-01-01 00:00:00+00', '12:00', '12:00+00', '-00:00:00.5', '{1}', '{x}', 10, -1.00, '\x01', 'a', 'abcdef', '1.10');
        """;

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_built_in_type_arrives_as_documented(bool live)
    {
        await using var world = await World.NewAsync(servers, kind);
        await world.SqlAsync(Types);
        if (!live) await world.SqlAsync(Rows);
        await world.StartStreamingAsync();
        if (live) await world.SqlAsync(Rows);

        await world.ShouldAgreeAsync();
    }

    [SkippableFact]
    public async Task An_update_of_every_column_to_NULL_and_back_removes_and_restores_the_properties()
    {
        await using var world = await World.NewAsync(servers, kind);
        await world.SqlAsync(Types + Rows);
        await world.StartStreamingAsync();
        await world.SqlAsync("create table kept as select * from everything");
        await world.SqlAsync("""
            do $$ declare c text; begin
              for c in select attname from pg_attribute where attrelid = 'everything'::regclass and attnum > 1 loop execute format('update everything set %I = null where id <= 4', c); end loop;
            end $$
            """);
        await world.ShouldAgreeAsync();
        await world.SqlAsync("delete from everything where id <= 4; insert into everything select * from kept where id <= 4");
        await world.ShouldAgreeAsync();
    }
}

[Collection(Lane.Neo4j)]
[Trait("Category", "Integration")]
public sealed class Neo4jTypeTests(RealServers servers) : TypeTests(servers, GraphKind.Neo4j);

[Collection(Lane.Falkor)]
[Trait("Category", "Integration")]
public sealed class FalkorTypeTests(RealServers servers) : TypeTests(servers, GraphKind.Falkor);
