namespace PolyglotSync.Integration.Worlds;

/// <summary>Groups with members that count up: a lost or doubled change shows as a wrong number, a lost order as a wrong last note.</summary>
public static class Counters
{
    public static Task MakeAsync(World world, int rows) => world.SqlAsync($"""
        create table teams (id int primary key, total bigint not null);
        create table members (id int primary key, count bigint not null, note text, team_id int references teams, friend_id int references members on delete set null);
        insert into teams select n, 0 from generate_series(1, 50) n;
        insert into members select n, 0, 'start', n % 50 + 1, case when n % 10 = 0 then {rows} - n + 1 end from generate_series(1, {rows}) n;
        analyze
        """);

    public static async Task<BackgroundWriter> WriteAsync(World world, bool reconnects = false)
    {
        var rows = await world.ScalarAsync<int>("select max(id) from members");
        return await BackgroundWriter.StartAsync(world, (random, n) => random.Next(10) switch
        {
            < 5 => $"begin; update members set count = count + 1, note = 'by {n}' where id between {random.Next(rows)} and {random.Next(rows)} and id % 997 = {n % 997}; update teams set total = total + 1 where id = {n % 50 + 1}; commit",
            < 7 => $"update members set team_id = {random.Next(1, 51)}, friend_id = (select max(id) from members where id <= {random.Next(rows)}) where id = {random.Next(rows)}",
            < 8 => $"insert into members values ({rows + n + 1}, 1, 'new', {n % 50 + 1}, (select max(id) from members where id <= {random.Next(rows)}))",
            < 9 => $"delete from members where id = {random.Next(rows)}",
            _ => $"update members set id = {rows + 1_000_000 + n} where id = {random.Next(rows)} and not exists (select from members m where m.friend_id = members.id)",
        }, reconnects: reconnects);
    }
}
