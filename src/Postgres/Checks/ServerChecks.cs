using System.Globalization;
using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>What the server and the role must offer for capture; every mistake at once.</summary>
internal sealed class ServerChecks(SideConnection source, SourceNames names)
{
    private const int OldestVersion = 140_000;

    /// <param name="forCapture">False where only the catalog is read.</param>
    public async Task CheckAsync(bool forCapture, CancellationToken cancellationToken)
    {
        var row = (await source.QueryAsync("""
            SELECT current_setting('server_version_num'), current_setting('server_version'), current_setting('wal_level'), current_user::text,
                   (SELECT (rolsuper OR rolreplication)::text FROM pg_roles WHERE rolname = current_user),
                   current_setting('max_replication_slots'), (SELECT count(*) FROM pg_replication_slots)::text,
                   has_database_privilege(current_database(), 'CREATE')::text, current_database()::text,
                   (SELECT count(*) FROM pg_publication WHERE pubname = $1)::text, (SELECT count(*) FROM pg_replication_slots WHERE slot_name = $2)::text,
                   pg_is_in_recovery()::text, current_setting('max_wal_senders')
            """, [names.Publication, names.Slot], cancellationToken))[0];
        var mistakes = new List<string>();
        if (Sql.Int(row[0]) < OldestVersion) mistakes.Add($"the server is PostgreSQL {row[1]}; 14 is the oldest that is supported");
        if (row[11] == "true") mistakes.Add("the server is a standby: give the address of the primary");
        if (forCapture) mistakes.AddRange(ForCapture(row));
        if (mistakes.Count > 0) throw SourceFailure.Unfit([.. mistakes.Select(m => $"source {source.Where}: {m}")]);
    }

    private IEnumerable<string> ForCapture(string?[] row)
    {
        var role = row[3]!;
        if (row[2] != "logical")
        {
            yield return $"wal_level is '{row[2]}' and must be 'logical': run ALTER SYSTEM SET wal_level = logical; and restart the server";
        }
        if (row[4] != "true")
            yield return $"role '{role}' has no right to replicate: run ALTER ROLE {TableName.Quote(role)} REPLICATION; as a superuser";
        if (row[10] == "0" && Sql.Int(row[6]) >= Sql.Int(row[5]))
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"all {row[5]} replication slots are in use: drop one that nobody needs (SELECT slot_name, active FROM pg_replication_slots) or raise max_replication_slots and restart");
        }
        if (row[9] == "0" && row[7] != "true")
        {
            yield return $"role '{role}' may not create publication '{names.Publication}': run GRANT CREATE ON DATABASE {TableName.Quote(row[8]!)} "
                + $"TO {TableName.Quote(role)}; or let the tables' owner create the publication";
        }
        if (row[12] == "0") yield return "max_wal_senders is 0: set it to 10 or more and restart the server";
    }
}
