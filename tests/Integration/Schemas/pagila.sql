-- Pagila, the PostgreSQL port of MySQL's public sample schema Sakila: its tables, types and keys, with data made by formula.
create type mpaa_rating as enum ('G', 'PG', 'PG-13', 'R', 'NC-17');
create domain year as integer constraint year_check check (value >= 1901 and value <= 2155);

create table language (language_id serial primary key, name character(20) not null, last_update timestamp not null default '2022-02-15 10:02:19');
create table actor (actor_id serial primary key, first_name text not null, last_name text not null, last_update timestamptz not null default '2022-02-15 09:34:33+00');
create table category (category_id serial primary key, name text not null, last_update timestamptz not null default '2022-02-15 09:46:27+00');
create table country (country_id serial primary key, country text not null, last_update timestamptz not null default '2022-02-15 09:44:00+00');
create table city (city_id serial primary key, city text not null, country_id int not null references country on update cascade on delete restrict,
    last_update timestamptz not null default '2022-02-15 09:45:25+00');
create table address (address_id serial primary key, address text not null, address2 text, district text not null,
    city_id int not null references city on update cascade on delete restrict, postal_code text, phone text not null, last_update timestamptz not null default '2022-02-15 09:45:30+00');
create table film (film_id serial primary key, title text not null, description text, release_year year,
    language_id int not null references language on update cascade on delete restrict, original_language_id int references language on update cascade on delete restrict,
    rental_duration smallint not null default 3, rental_rate numeric(4, 2) not null default 4.99, length smallint, replacement_cost numeric(5, 2) not null default 19.99,
    rating mpaa_rating default 'G', last_update timestamptz not null default '2022-09-10 16:46:03+00', special_features text[], fulltext tsvector not null);
create table film_actor (actor_id int not null references actor on update cascade on delete restrict, film_id int not null references film on update cascade on delete restrict,
    last_update timestamptz not null default '2022-02-15 10:05:03+00', primary key (actor_id, film_id));
create table film_category (film_id int not null references film on update cascade on delete restrict, category_id int not null references category on update cascade on delete restrict,
    last_update timestamptz not null default '2022-02-15 10:07:09+00', primary key (film_id, category_id));
create table store (store_id serial primary key, manager_staff_id int not null unique, address_id int not null references address on update cascade on delete restrict,
    last_update timestamptz not null default '2022-02-15 09:57:12+00');
create table staff (staff_id serial primary key, first_name text not null, last_name text not null, address_id int not null references address on update cascade on delete restrict,
    email text, store_id int not null references store deferrable initially deferred, active boolean not null default true, username text not null, password text,
    last_update timestamptz not null default '2022-05-16 16:13:11+00', picture bytea);
alter table store add constraint store_manager_staff_id_fkey foreign key (manager_staff_id) references staff (staff_id) on update cascade on delete restrict deferrable initially deferred;
create table customer (customer_id serial primary key, store_id int not null references store on update cascade on delete restrict, first_name text not null, last_name text not null, email text,
    address_id int not null references address on update cascade on delete restrict, activebool boolean not null default true, create_date date not null default '2022-02-14',
    last_update timestamptz default '2022-02-15 09:57:20+00', active int);
create table inventory (inventory_id serial primary key, film_id int not null references film on update cascade on delete restrict,
    store_id int not null references store on update cascade on delete restrict, last_update timestamptz not null default '2022-02-15 10:09:17+00');
create table rental (rental_id serial primary key, rental_date timestamptz not null, inventory_id int not null references inventory on update cascade on delete restrict,
    customer_id int not null references customer on update cascade on delete restrict, return_date timestamptz, staff_id int not null references staff on update cascade on delete restrict,
    last_update timestamptz not null default '2022-02-16 02:30:53+00');
create unique index rental_once on rental (rental_date, inventory_id, customer_id);
create table payment (payment_id serial, customer_id int not null references customer, staff_id int not null references staff, rental_id int not null references rental,
    amount numeric(5, 2) not null, payment_date timestamptz not null, primary key (payment_date, payment_id)) partition by range (payment_date);
create table payment_p2022_01 partition of payment for values from ('2022-01-01 00:00:00+00') to ('2022-02-01 00:00:00+00');
create table payment_p2022_02 partition of payment for values from ('2022-02-01 00:00:00+00') to ('2022-03-01 00:00:00+00');
create table payment_p2022_03 partition of payment for values from ('2022-03-01 00:00:00+00') to ('2022-04-01 00:00:00+00');
create view actor_info as select a.actor_id, a.first_name, count(*) films from actor a join film_actor using (actor_id) group by 1, 2;

insert into language (name) select unnest(array['English', 'Italian', 'Japanese', 'Mandarin', 'French', 'German']);
insert into category (name) select unnest(array['Action', 'Animation', 'Children', 'Classics', 'Comedy', 'Documentary', 'Drama', 'Family', 'Foreign', 'Games', 'Horror', 'Music', 'New', 'Sci-Fi', 'Sports', 'Travel']);
insert into actor (first_name, last_name) select 'FIRST' || n, 'LAST' || n % 40 from generate_series(1, 200) n;
insert into country (country) select 'Country ' || n from generate_series(1, 40) n;
insert into city (city, country_id) select 'City ' || n, n % 40 + 1 from generate_series(1, 200) n;
insert into address (address, address2, district, city_id, postal_code, phone)
    select n || ' Main Street', case when n % 5 = 0 then '' end, 'District ' || n % 30, n % 200 + 1, lpad((n * 37)::text, 5, '0'), (n * 7919)::text from generate_series(1, 300) n;
insert into film (title, description, release_year, language_id, original_language_id, rental_duration, rental_rate, length, replacement_cost, rating, special_features, fulltext)
    select 'FILM ' || n, 'A tale of ' || n || ' and a ' || md5(n::text), 1980 + n % 40, n % 6 + 1, case when n % 9 = 0 then n % 5 + 1 end, n % 5 + 3, (n % 3) * 2 + 0.99, 60 + n % 120, 9.99 + n % 20,
           (array['G', 'PG', 'PG-13', 'R', 'NC-17'])[n % 5 + 1]::mpaa_rating, case when n % 4 > 0 then (array['Trailers', 'Commentaries', 'Deleted Scenes', 'Behind the Scenes'])[1:n % 4] end,
           to_tsvector('english', 'film ' || n || ' tale') from generate_series(1, 400) n;
insert into film_actor (actor_id, film_id) select distinct (n * 31 + n / 400 * 7) % 200 + 1, n % 400 + 1 from generate_series(1, 2000) n;
insert into film_category (film_id, category_id) select n, n % 16 + 1 from generate_series(1, 400) n;
begin;
insert into store (manager_staff_id, address_id) values (1, 1), (2, 2);
insert into staff (first_name, last_name, address_id, email, store_id, username, password, picture) values
    ('Mike', 'Hillyer', 3, 'Mike.Hillyer@sakilastaff.com', 1, 'Mike', '8cb2237d0679ca88db6464eac60da96345513964', '\x89504e470d0a5a0a'), ('Jon', 'Stephens', 4, 'Jon.Stephens@sakilastaff.com', 2, 'Jon', null, null);
commit;
insert into customer (store_id, first_name, last_name, email, address_id, active) select n % 2 + 1, 'CUSTOMER' || n, 'NAME' || n, 'c' || n || '@sakilacustomer.org', n % 290 + 5, n % 2 from generate_series(1, 300) n;
insert into inventory (film_id, store_id) select n % 400 + 1, n % 2 + 1 from generate_series(1, 1000) n;
insert into rental (rental_date, inventory_id, customer_id, return_date, staff_id)
    select '2022-01-01 00:00:00+00'::timestamptz + n * interval '37 minutes', n % 1000 + 1, n % 300 + 1, case when n % 7 > 0 then '2022-01-04 00:00:00+00'::timestamptz + n * interval '41 minutes' end, n % 2 + 1
    from generate_series(1, 2500) n;
insert into payment (customer_id, staff_id, rental_id, amount, payment_date)
    select customer_id, staff_id, rental_id, (rental_id % 10) + 0.99, rental_date from rental;
