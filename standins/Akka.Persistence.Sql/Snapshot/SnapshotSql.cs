using Akka.Persistence.Sql.Config;

namespace Akka.Persistence.Sql.Snapshot;

/// <summary>The statements of the snapshot store. Times are UTC ticks.</summary>
internal sealed class SnapshotSql
{
    public SnapshotSql(SqlSettings settings)
    {
        string Column(string name) => settings.Column("snapshot", name);
        var table = settings.Table("snapshot");
        var name = settings.Name("snapshot");
        var (id, number, created) = (Column("persistence-id"), Column("sequence-number"), Column("created"));
        var (snapshot, manifest, serializer) = (Column("snapshot"), Column("manifest"), Column("serializerId"));
        var bounds = $"{id} = $1 and {number} between $2 and $3 and {created} between $4 and $5";

        Create = $"""
            create table if not exists {table} (
              {id} varchar(255) not null,
              {number} bigint not null,
              {created} bigint not null,
              {snapshot} bytea,
              {manifest} varchar(500),
              {serializer} integer,
              constraint {SqlSettings.Quote("PK_" + name)} primary key ({id}, {number}));
            create index if not exists {SqlSettings.Quote(name + "_sequence_number_idx")} on {table} ({number});
            create index if not exists {SqlSettings.Quote(name + "_created_idx")} on {table} ({created})
            """;
        Select = $"select {number}, {created}, {snapshot}, {manifest}, {serializer} from {table} where {bounds} order by {number} desc limit 1";
        Upsert = $"""
            insert into {table} ({id}, {number}, {created}, {snapshot}, {manifest}, {serializer}) values ($1, $2, $3, $4, $5, $6)
            on conflict ({id}, {number}) do update set {created} = excluded.{created}, {snapshot} = excluded.{snapshot},
              {manifest} = excluded.{manifest}, {serializer} = excluded.{serializer}
            """;
        DeleteOne = $"delete from {table} where {id} = $1 and {number} = $2 and {created} <= $3";
        DeleteMany = $"delete from {table} where {bounds}";
    }

    public string Create { get; }

    public string DeleteMany { get; }

    public string DeleteOne { get; }

    public string Select { get; }

    public string Upsert { get; }
}
