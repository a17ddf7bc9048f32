using PolyglotSync.Faults.Worlds;

namespace PolyglotSync.Faults.Load;

/// <summary>
/// The tables of a run: accounts whose balances have a constant sum, people who count their own changes, teams, notes of people (gone with them), memberships with a key of their
/// own, and a tick that tells what is known to be committed.
/// </summary>
public static class LoadSchema
{
    public const int Accounts = 100;
    public const long Sum = Accounts * 1_000L;
    public const int People = 1_500;
    public const int Teams = 40;

    /// <summary>Tables that may get another column.</summary>
    public static IReadOnlyList<string> Tables { get; } = ["accounts", "people", "teams", "notes", "memberships"];

    public static Task MakeAsync(FaultWorld world) => world.SqlAsync($"""
        create table accounts (id int primary key, balance bigint not null);
        create table teams (id int primary key, total bigint not null);
        create table people (id int primary key, count bigint not null, name text, story text, team_id int references teams, friend_id int references people on delete set null);
        alter table people alter column story set storage external;
        create table notes (id bigserial primary key, text text not null, person_id int not null references people on update cascade on delete cascade);
        create table memberships (person_id int references people on update cascade on delete cascade, team_id int references teams, since int not null, primary key (person_id, team_id));
        create table ticks (id int primary key, n bigint not null);
        create table probes (id bigint primary key);
        insert into accounts select n, 1000 from generate_series(1, {Accounts}) n;
        insert into teams select n, 0 from generate_series(1, {Teams}) n;
        insert into people select n, 0, 'person ' || n, case when n % 20 = 0 then repeat('once upon a time ', 400) end, n % {Teams} + 1, case when n % 10 = 0 then {People} - n + 1 end
          from generate_series(1, {People}) n;
        insert into notes (text, person_id) select 'note ' || n, n from generate_series(1, {People}) n;
        insert into memberships select n, (n * 7) % {Teams} + 1, 2000 from generate_series(1, {People}) n;
        insert into ticks values (1, 0);
        analyze
        """);
}
