namespace PolyglotSync.Integration.Scenarios;

/// <summary>What a video store does all day, at random: rentals, returns, payments, new films and customers, corrections, deletions.</summary>
public static class PagilaWriter
{
    public static string Transaction(Random random, int n) => random.Next(16) switch
    {
        < 4 => $"""
            begin;
            insert into rental (rental_date, inventory_id, customer_id, staff_id) select timestamptz '2022-03-01 00:00:00+00' + {n} * interval '1 second', i.inventory_id, c.customer_id, {random.Next(1, 3)}
                from (select inventory_id from inventory order by hashint4(inventory_id + {n}) limit 1) i, (select customer_id from customer order by hashint4(customer_id + {n}) limit 1) c;
            insert into payment (customer_id, staff_id, rental_id, amount, payment_date) select customer_id, staff_id, rental_id, {random.Next(1, 9)}.99, rental_date from rental order by rental_id desc limit 1;
            commit
            """,
        < 6 => $"update rental set return_date = timestamptz '2022-03-20 00:00:00+00' + {n} * interval '1 second' where rental_id % 211 = {random.Next(211)}",
        < 7 => $"update payment set payment_date = payment_date + interval '{random.Next(-20, 20)} days' where payment_id % 307 = {random.Next(307)} and payment_date between '2022-01-21' and '2022-03-10'",
        < 8 => $"update film set description = repeat(md5('{n}'), 200), special_features = '{"{"}Trailers,\"new {n}\"{"}"}', rating = 'R' where film_id = {random.Next(1, 401)}",
        < 9 => $"update film set film_id = film_id + 100000 where film_id = {random.Next(1, 401)}",
        < 10 => $"""
            begin;
            insert into film (title, language_id, original_language_id, release_year, fulltext) values ('NEW {n}', {random.Next(1, 7)}, {random.Next(1, 7)}, 2022, to_tsvector('new {n}'));
            insert into film_actor (actor_id, film_id) select actor_id, (select max(film_id) from film) from actor where actor_id % 40 = {random.Next(40)} on conflict do nothing;
            insert into film_category (film_id, category_id) values ((select max(film_id) from film), {random.Next(1, 17)}) on conflict do nothing;
            commit
            """,
        < 11 => $"delete from film_actor where actor_id = {random.Next(1, 201)} and film_id % 3 = 0",
        < 12 => $"begin; delete from payment where rental_id % 401 = {random.Next(401)}; delete from rental r where not exists (select from payment p where p.rental_id = r.rental_id) and rental_id % 401 < 200; commit",
        < 13 => $"update customer set address_id = (select address_id from address order by hashint4(address_id + {n}) limit 1), email = nullif('{(n % 3 == 0 ? "" : $"m{n}@x")}', '') where customer_id % 50 = {random.Next(50)}",
        < 14 => "begin; update store set manager_staff_id = -manager_staff_id; update staff set staff_id = -staff_id where false; update store set manager_staff_id = case when manager_staff_id = -1 then 2 else 1 end; commit",
        < 15 => $"begin; savepoint s; delete from film_category where film_id % 7 = {random.Next(7)}; rollback to s; update film_category set category_id = category_id % 16 + 1 where film_id % 29 = {random.Next(29)} and (select count(*) from film_category f where f.film_id = film_category.film_id) = 1; commit",
        _ => $"update language set name = 'Language {n % 100}' where language_id = {random.Next(1, 7)}",
    };
}
