using Akka.Persistence.Sql.Config;

namespace Akka.Persistence.Sql.Journal;

/// <summary>The statements of the journal.</summary>
internal sealed class JournalSql
{
    public JournalSql(SqlSettings settings)
    {
        string Column(string name) => settings.Column("journal", name);
        var table = settings.Table("journal");
        var name = settings.Name("journal");
        var (ordering, id, number) = (Column("ordering"), Column("persistence-id"), Column("sequence-number"));
        var (created, deleted, message) = (Column("created"), Column("deleted"), Column("message"));
        var (identifier, manifest, writer) = (Column("identifier"), Column("manifest"), Column("writer-uuid"));

        Create = $"""
            create table if not exists {table} (
              {ordering} bigint generated always as identity,
              {created} bigint not null,
              {deleted} boolean not null,
              {id} varchar(255) not null,
              {number} bigint not null,
              {message} bytea not null,
              {manifest} varchar(500),
              {identifier} integer,
              {writer} varchar(128),
              constraint {SqlSettings.Quote("PK_" + name)} primary key ({ordering}));
            create unique index if not exists {SqlSettings.Quote(name + "_uq")} on {table} ({id}, {number});
            create index if not exists {SqlSettings.Quote(name + "_sequence_number_idx")} on {table} ({number});
            create index if not exists {SqlSettings.Quote(name + "_created_idx")} on {table} ({created});
            create table if not exists {settings.Table("tag")} (
              {settings.Column("tag", "ordering-id")} bigint not null,
              {settings.Column("tag", "tag-value")} varchar(64) not null,
              {settings.Column("tag", "persistence-id")} varchar(255) not null,
              {settings.Column("tag", "sequence-nr")} bigint not null,
              constraint {SqlSettings.Quote("PK_" + settings.Name("tag"))} primary key ({settings.Column("tag", "ordering-id")}, {settings.Column("tag", "tag-value")}))
            """;
        Insert = $"""
            insert into {table} ({created}, {deleted}, {id}, {number}, {message}, {manifest}, {identifier}, {writer})
            select c, false, p, n, m, f, i, w
            from unnest($1::bigint[], $2::text[], $3::bigint[], $4::bytea[], $5::text[], $6::int[], $7::text[]) with ordinality as e(c, p, n, m, f, i, w, o)
            order by o
            """;
        Replay = $"""
            select {number}, {message}, {manifest}, {identifier}, {writer}, {created} from {table}
            where {id} = $1 and {number} between $2 and $3 and not {deleted} order by {number} limit $4
            """;
        Highest = $"select coalesce(max({number}), 0) from {table} where {id} = $1";
        // The highest event stays, marked, so that numbering goes on behind it.
        Delete = $"""
            with marked as (update {table} set {deleted} = true where {id} = $1 and {number} <= $2 returning {number})
            delete from {table} where {id} = $1 and {number} < (select max({number}) from marked)
            """;
    }

    public string Create { get; }

    public string Delete { get; }

    public string Highest { get; }

    public string Insert { get; }

    public string Replay { get; }
}
