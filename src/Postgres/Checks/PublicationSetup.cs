using Microsoft.Extensions.Logging;
using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>Makes the publication hold exactly the mapping's tables, partitions as their root.</summary>
internal sealed class PublicationSetup(SideConnection source, SourceNames names, ILogger log)
{
    public async Task EnsureAsync(GraphMapping mapping, CancellationToken cancellationToken)
    {
        var publication = TableName.Quote(names.Publication);
        var wanted = mapping.Tables.Select(t => t.Table).Order().ToList();
        var found = await source.QueryAsync("""
            SELECT puballtables::text, (pubinsert AND pubupdate AND pubdelete AND pubtruncate AND pubviaroot)::text, pg_get_userbyid(pubowner)::text, current_user::text
              FROM pg_publication WHERE pubname = $1
            """, [names.Publication], cancellationToken);
        if (found.Count == 0)
        {
            await CheckOwnerAsync(wanted, cancellationToken);
            await source.ExecuteAsync($"CREATE PUBLICATION {publication} {For(wanted)} WITH (publish = 'insert, update, delete, truncate', "
                + "publish_via_partition_root = true)", cancellationToken);
            SourceLog.PublicationSet(log, names.Publication, "made", wanted.Count);
            return;
        }
        var (allTables, complete, owner, role) = (found[0][0] == "true", found[0][1] == "true", found[0][2], found[0][3]);
        var held = (await source.QueryAsync(
            "SELECT schemaname::text, tablename::text FROM pg_publication_tables WHERE pubname = $1", [names.Publication], cancellationToken))
            .Select(r => new TableName(r[0]!, r[1]!)).Order().ToList();
        // One that somebody made for all tables serves: what is not of the mapping is passed over.
        var fits = allTables ? wanted.All(held.Contains) : held.SequenceEqual(wanted);
        if (fits && complete) return;
        if (allTables && !complete || !fits && allTables)
        {
            throw SourceFailure.Unfit($"source {source.Where}: publication '{names.Publication}' is for all tables but does not serve; run ALTER PUBLICATION "
                + $"{publication} SET (publish = 'insert, update, delete, truncate', publish_via_partition_root = true);");
        }
        await CheckOwnerAsync([.. wanted.Except(held)], cancellationToken);
        if (owner != role && !await IsSuperuserAsync(cancellationToken))
        {
            throw SourceFailure.Unfit($"source {source.Where}: publication '{names.Publication}' has other tables than the mapping and belongs to '{owner}'; let '{owner}' run "
                + $"ALTER PUBLICATION {publication} SET TABLE {string.Join(", ", wanted.Select(t => t.Quoted))}; or set source.publication to another name");
        }
        if (wanted.Count > 0 && !held.SequenceEqual(wanted))
            await source.ExecuteAsync($"ALTER PUBLICATION {publication} SET TABLE {string.Join(", ", wanted.Select(t => t.Quoted))}", cancellationToken);
        if (!complete)
        {
            await source.ExecuteAsync($"ALTER PUBLICATION {publication} SET (publish = 'insert, update, delete, truncate', "
                + "publish_via_partition_root = true)", cancellationToken);
        }
        SourceLog.PublicationSet(log, names.Publication, "altered", wanted.Count);
    }

    private static string For(IReadOnlyList<TableName> tables) =>
        tables.Count == 0 ? "" : $"FOR TABLE {string.Join(", ", tables.Select(t => t.Quoted))}";

    private async Task CheckOwnerAsync(IReadOnlyList<TableName> tables, CancellationToken cancellationToken)
    {
        if (tables.Count == 0) return;
        var list = string.Join(", ", tables.Select(t => $"({Sql.Literal(t.ToString())}, {Sql.Literal(t.Quoted)})"));
        var rows = await source.QueryAsync($"""
            SELECT t.name, pg_get_userbyid(c.relowner)::text, current_user::text FROM (VALUES {list}) t(name, quoted)
              JOIN pg_class c ON c.oid = to_regclass(t.quoted) WHERE NOT pg_has_role(c.relowner, 'USAGE')
            """, [], cancellationToken);
        if (rows.Count == 0) return;
        throw SourceFailure.Unfit([.. rows.Select(r =>
            $"source {source.Where}: role '{r[2]}' does not own table {r[0]} (owner '{r[1]}'), so it cannot publish it: "
            + $"run GRANT {TableName.Quote(r[1]!)} TO {TableName.Quote(r[2]!)}; or let '{r[1]}' create publication '{names.Publication}'")]);
    }

    private async Task<bool> IsSuperuserAsync(CancellationToken cancellationToken) =>
        (await source.QueryAsync("SELECT rolsuper::text FROM pg_roles WHERE rolname = current_user", [], cancellationToken)) is [["true"]];
}
