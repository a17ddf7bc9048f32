create extension hstore; create extension citext; create extension ltree;
create type mood as enum ('sad','ok','hap py');
create type pair as (a int, b text);
create domain posint as int check (value > 0);
create domain email as varchar(60);
create table types (
 id bigint primary key, c_int2 smallint, c_int4 int, c_int8 bigint, c_oid oid, c_float4 real, c_float8 double precision,
 c_numeric numeric, c_numeric_10_2 numeric(10,2), c_money money, c_bool boolean,
 c_text text, c_varchar varchar(40), c_char char(6), c_name name, c_citext citext, c_bytea bytea, c_uuid uuid,
 c_date date, c_time time, c_time3 time(3), c_timetz timetz,
 c_timestamp timestamp, c_timestamp3 timestamp(3), c_timestamp0 timestamp(0), c_timestamptz timestamptz, c_timestamptz3 timestamptz(3), c_interval interval,
 c_json json, c_jsonb jsonb, c_xml xml, c_bit bit, c_bit12 bit(12), c_varbit varbit, c_varbit20 varbit(20), c_inet inet, c_cidr cidr, c_macaddr macaddr,
 c_point point, c_line line, c_lseg lseg, c_box box, c_path path, c_polygon polygon, c_circle circle,
 c_int4range int4range, c_numrange numrange, c_tsrange tsrange, c_tstzrange tstzrange, c_daterange daterange,
 c_hstore hstore, c_ltree ltree, c_tsvector tsvector, c_mood mood, c_pair pair, c_posint posint, c_email email,
 a_int2 smallint[], a_int4 int[], a_int8 bigint[], a_float4 real[], a_float8 double precision[], a_numeric numeric[], a_numeric_10_2 numeric(10,2)[], a_bool boolean[],
 a_text text[], a_varchar varchar(10)[], a_char char(4)[], a_date date[], a_time time[], a_timestamp timestamp[], a_timestamp3 timestamp(3)[], a_timestamptz timestamptz[], a_uuid uuid[],
 a_json json[], a_jsonb jsonb[], a_bytea bytea[], a_mood mood[], a_inet inet[], a_interval interval[], a_hstore hstore[]);
create table toast (id int primary key, note text, big_text text, big_jsonb jsonb, big_bytea bytea, big_texts text[], big_byteas bytea[], big_ints int[], big_longs bigint[], big_hstore hstore, big_uuids uuid[], big_numeric numeric, big_floats double precision[]);
alter table toast alter big_text set storage external, alter big_jsonb set storage external, alter big_bytea set storage external, alter big_texts set storage external, alter big_byteas set storage external, alter big_ints set storage external, alter big_longs set storage external, alter big_hstore set storage external, alter big_uuids set storage external, alter big_numeric set storage external, alter big_floats set storage external;
create table keyed (a int, b text, v text, n int, primary key (a, b));
create table whole (id uuid primary key, v text, at timestamptz);
alter table whole replica identity full;
create table "Emptied Ones" (id int primary key, "né ☃ key" text);
create table odd (id int primary key, n numeric, f real, d double precision, a double precision[]);
insert into types values (1, -7, 42, 9007199254740993, 4000000000, 1.5, 0.1, 123456789012345678901234567890.123456789, 12345.60, '1234.56', true,
 E'plain "quoted" \\ back\nline ☃ ключ 😀', 'vary', 'ab', 'a_name', 'CiText', '\x00ff10deadbeef', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
 '2024-02-29', '13:14:15.123456', '13:14:15.120', '13:14:15.5+05:30',
 '2024-02-29 13:14:15.123456', '2024-02-29 13:14:15.12', '2024-02-29 13:14:15', '2024-02-29 13:14:15.123456+02', '2024-02-29 13:14:15.12+02', '1 year 2 mons 3 days 04:05:06.789',
 '{"b" : 1, "a":[1, 2,null]}', '{"b": 1.50, "a": [1, null]}', '<a b="c">d &amp; e</a>', B'1', B'101000000011', B'0010110', B'00101', '192.168.0.1/24', '10.0.0.0/8', '08:00:2b:01:02:03',
 '(1.5,-2)', '{1,2,3}', '[(0,0),(1,2)]', '((2,3),(0,1))', '[(0,0),(1,1),(2,0)]', '((0,0),(1,1),(2,0))', '<(1,2),3.5>',
 '[1,10)', '[1.5,2.5]', '[2024-01-01 00:00:00,2024-02-01 00:00:00)', '[2024-01-01 00:00:00+00,2024-02-01 00:00:00+00)', '[2024-01-01,2024-02-01)',
 'a=>1, "b c"=>"d\"e", n=>NULL', 'top.mid.leaf', 'a fat cat', 'hap py', '(1,"x, y")', 5, 'a@b.c',
 '{1,-2,NULL}', '{{1,2},{3,NULL}}', '{9007199254740993,NULL}', '{1.5,-0.25}', '{0.1,1e300,NULL}', '{1.10,22222222222222222222.5,NULL}', '{1.10,2.00}', '{t,f,NULL}',
 '{a,"b c","d\"e\\f",NULL,"NULL","","{}",☃}', '{x,yy}', '{ab,cd}', '{2024-02-29,NULL}', '{13:14:15.123456}', '{"2024-02-29 13:14:15.123456"}', '{"2024-02-29 13:14:15.12"}', '{"2024-02-29 13:14:15.123456+02"}', '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}',
 array['{"b" : 1}','[1]']::json[], array['{"b": 1}','[1, 2]']::jsonb[], array['\x00ff'::bytea,'\x'::bytea], '{sad,"hap py",NULL}', '{10.0.0.1}', '{"1 day"}', array['a=>1'::hstore]);
insert into types (id) values (2);
insert into keyed values (1, 'one', 'v1', null), (2, 'two', 'v2', 22);
insert into whole values ('00000000-0000-0000-0000-000000000001', 'w1', '2024-01-01 00:00:00.5+00');
insert into "Emptied Ones" values (1, 'x'), (2, null);
insert into toast values (1, 'n1', repeat('x', 3000), jsonb_build_object('k', repeat('y', 3000)), decode(repeat('ab', 3000), 'hex'), array[repeat('z', 3000)], array[decode(repeat('cd', 3000), 'hex')],
  (select array_agg(i) from generate_series(1, 900) i), (select array_agg(i) from generate_series(1, 500) i), hstore('k', repeat('h', 3000)),
  (select array_agg(('00000000-0000-0000-0000-' || lpad(i::text, 12, '0'))::uuid) from generate_series(1, 200) i), repeat('9', 6000)::numeric, (select array_agg(i) from generate_series(1, 500) i));
