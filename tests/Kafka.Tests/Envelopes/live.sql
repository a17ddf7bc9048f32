insert into types select 3, c_int2, c_int4, c_int8, c_oid, c_float4, c_float8, c_numeric, c_numeric_10_2, c_money, c_bool, c_text, c_varchar, c_char, c_name, c_citext, c_bytea, c_uuid, c_date, c_time, c_time3, c_timetz, c_timestamp, c_timestamp3, c_timestamp0, c_timestamptz, c_timestamptz3, c_interval, c_json, c_jsonb, c_xml, c_bit, c_bit12, c_varbit, c_varbit20, c_inet, c_cidr, c_macaddr, c_point, c_line, c_lseg, c_box, c_path, c_polygon, c_circle, c_int4range, c_numrange, c_tsrange, c_tstzrange, c_daterange, c_hstore, c_ltree, c_tsvector, c_mood, c_pair, c_posint, c_email, a_int2, a_int4, a_int8, a_float4, a_float8, a_numeric, a_numeric_10_2, a_bool, a_text, a_varchar, a_char, a_date, a_time, a_timestamp, a_timestamp3, a_timestamptz, a_uuid, a_json, a_jsonb, a_bytea, a_mood, a_inet, a_interval, a_hstore from types where id = 1;
insert into types (id, c_int2, c_int4, c_int8, c_oid, c_float4, c_float8, c_numeric, c_numeric_10_2, c_bool, c_text, c_char, c_bytea, c_uuid, c_date, c_time, c_time3, c_timetz, c_timestamp, c_timestamp3, c_timestamptz, c_interval, c_json, c_jsonb, c_bit, c_bit12, a_int4, a_text)
 values (4, -32768, -2147483648, -9223372036854775808, 0, -3.4028235e38, -1.7976931348623157e308, -0.00000000000000000000001, -99999999.99, false, '', '', '\x', '00000000-0000-0000-0000-000000000000',
 '0044-03-15 BC', '00:00:00', '00:00:00', '00:00:00+00', '0044-03-15 12:00:00.000001 BC', '1969-12-31 23:59:59.999', '0044-03-15 12:00:00.000001+00 BC', '-1 day -00:00:00.5', '""', '{}', B'0', B'000000000001', '{}', '{}');
insert into types (id, c_int2, c_int4, c_int8, c_oid, c_float4, c_float8, c_numeric, c_numeric_10_2, c_date, c_time, c_timetz, c_timestamp, c_timestamp3, c_timestamptz, c_interval, c_json, c_jsonb)
 values (5, 32767, 2147483647, 9223372036854775807, 4294967295, 3.4028235e38, 1.7976931348623157e308, 100.00, 0.00, '9999-12-31', '23:59:59.999999', '23:59:59.999999-12', '9999-12-31 23:59:59.999999', '9999-12-31 23:59:59.999', '9999-12-31 23:59:59.999999+00', '-178000000 years', ' [ ] ', 'null');
insert into types (id, c_date, c_timestamp, c_timestamp3, c_timestamptz) values (6, 'infinity', 'infinity', 'infinity', 'infinity'), (7, '-infinity', '-infinity', '-infinity', '-infinity');
insert into types (id, c_time, c_timetz, c_date, c_timestamp, c_timestamptz) values (8, '24:00', '24:00+00', '12024-02-29', '12024-02-29 01:02:03.5', '12024-02-29 01:02:03.5+00');
begin; insert into keyed values (3, 'three', 'v3', 3); update keyed set v = 'v3b' where a = 3; commit;
update keyed set a = 10, v = 'moved' where a = 1;
begin; update keyed set n = 23 where a = 2; delete from keyed where a = 2; commit;
update whole set v = 'w2' where v = 'w1';
update whole set id = '00000000-0000-0000-0000-000000000009' where v = 'w2';
delete from whole;
update toast set note = 'n2' where id = 1;
update toast set id = 2 where id = 1;
select pg_logical_emit_message(true, 'hello', 'content');
insert into "Emptied Ones" values (3, 'y');
truncate "Emptied Ones";
-- read by the connector "strings" only
insert into odd values (1, 'NaN', 'NaN', 'NaN', '{NaN,Infinity}'), (2, 'Infinity', 'Infinity', 'Infinity', null), (3, '-Infinity', '-Infinity', '-Infinity', null), (4, -0.00, '-0', '-0', '{-0}');
