namespace PolyglotSync.Integration.Worlds;

/// <summary>
/// A schema for each pipeline of a <see cref="Fleet"/>, and who writes to it: money that moves between accounts, so that its sum stays; rows that count their own changes, so that one which is lost, doubled or late shows; children
/// that come, go and move.
/// </summary>
public static class FleetLoad
{
    public const int Accounts = 60;
    public const long Sum = Accounts * 1_000L;
    private const int Parents = 80;

    /// <summary>By schema: parents, which count, and their children.</summary>
    private static readonly Dictionary<string, (string Parents, string Children)> Tables = new() { ["crm"] = ("people", "notes"), ["shop"] = ("customers", "orders"), ["feed"] = ("authors", "stories") };

    public static async Task MakeAsync(World world)
    {
        await world.SqlAsync($"create schema bank; create table bank.accounts (id int primary key, balance bigint not null, count bigint not null); "
            + $"insert into bank.accounts select n, 1000, 0 from generate_series(1, {Accounts}) n");
        foreach (var (schema, (parents, children)) in Tables)
        {
            await world.SqlAsync($"""
                create schema {schema};
                create table {schema}.{parents} (id int primary key, count bigint not null, name text);
                create table {schema}.{children} (id bigint primary key, text text, parent_id int not null references {schema}.{parents} on delete cascade);
                insert into {schema}.{parents} select n, 0, 'row ' || n from generate_series(1, {Parents}) n;
                insert into {schema}.{children} select n, 'first', n % {Parents} + 1 from generate_series(1, {2 * Parents}) n
                """);
        }
    }

    public static Task<BackgroundWriter> WriteAsync(World world) => BackgroundWriter.StartAsync(world, (random, n) =>
    {
        if (n % 4 == 0)
        {
            var (from, to, amount) = (random.Next(1, Accounts + 1), random.Next(1, Accounts + 1), random.Next(1, 50));
            return $"begin; update bank.accounts set balance = balance - {amount}, count = count + 1 where id = {from}; update bank.accounts set balance = balance + {amount}, count = count + 1 where id = {to}; commit";
        }
        var (schema, (parents, children)) = Tables.ElementAt((n % 4) - 1);
        var (a, b) = (random.Next(1, Parents + 1), random.Next(1, Parents + 1));
        return random.Next(10) switch
        {
            < 5 => $"begin; update {schema}.{parents} set count = count + 1, name = 'by {n}' where id in ({a}, {b}); insert into {schema}.{children} values ({1_000 + n}, 'of {n}', {b}); commit",
            < 7 => $"update {schema}.{children} set parent_id = {a}, text = 'moved by {n}' where id % 40 = {b % 40}",
            < 9 => $"delete from {schema}.{children} where id % 97 = {n % 97}",
            _ => $"update {schema}.{parents} set count = count + 1 where id between {a} and {a + 10}",
        };
    });
}
