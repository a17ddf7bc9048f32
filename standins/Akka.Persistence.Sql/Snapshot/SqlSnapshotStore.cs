using Akka.Actor;
using Akka.Event;
using Akka.Persistence.Snapshot;
using Akka.Persistence.Sql.Config;
using Npgsql;

namespace Akka.Persistence.Sql.Snapshot;

/// <summary>Keeps snapshots in PostgreSQL.</summary>
internal sealed class SqlSnapshotStore : SnapshotStoreActor
{
    private readonly Akka.Serialization.Serialization _serialization = Context.System.Serialization;
    private readonly SqlSettings _settings;
    private readonly SnapshotSql _sql;
    private readonly NpgsqlDataSource _database;
    private readonly Schema _schema;

    public SqlSnapshotStore(Akka.Configuration.Config config)
    {
        _settings = new SqlSettings(config, SqlPersistence.DefaultConfiguration.GetConfig(SqlPersistence.SnapshotStoreConfigPath));
        _sql = new SnapshotSql(_settings);
        _database = NpgsqlDataSource.Create(_settings.ConnectionString);
        _schema = new Schema(_database, _settings, Context.GetLogger(), _sql.Create);
    }

    protected override void PostStop() => _database.Dispose();

    protected override async Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        await using var command = await CommandAsync(_sql.Select, Bounds(persistenceId, criteria)).ConfigureAwait(false);
        await using var reader = await command.ExecuteReaderAsync().ConfigureAwait(false);
        if (!await reader.ReadAsync().ConfigureAwait(false))
            return null;
        var snapshot = _serialization.Deserialize(reader.GetFieldValue<byte[]>(2), reader.GetInt32(4), reader.IsDBNull(3) ? "" : reader.GetString(3));
        return new SelectedSnapshot(new SnapshotMetadata(persistenceId, reader.GetInt64(0), new DateTime(reader.GetInt64(1), DateTimeKind.Utc)), snapshot);
    }

    protected override async Task SaveAsync(SnapshotMetadata metadata, object snapshot)
    {
        var serializer = _serialization.FindSerializerFor(snapshot, _settings.Serializer);
        await ExecuteAsync(
            _sql.Upsert,
            metadata.PersistenceId,
            metadata.SequenceNr,
            metadata.Timestamp.Ticks,
            serializer.ToBinary(snapshot),
            Akka.Serialization.Serialization.ManifestFor(serializer, snapshot),
            serializer.Identifier).ConfigureAwait(false);
    }

    protected override Task DeleteAsync(SnapshotMetadata metadata)
        => ExecuteAsync(_sql.DeleteOne, metadata.PersistenceId, metadata.SequenceNr, metadata.Timestamp == DateTime.MinValue ? long.MaxValue : metadata.Timestamp.Ticks);

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria) => ExecuteAsync(_sql.DeleteMany, Bounds(persistenceId, criteria));

    private static object[] Bounds(string persistenceId, SnapshotSelectionCriteria criteria)
        => [persistenceId, criteria.MinSequenceNr, criteria.MaxSequenceNr, (criteria.MinTimestamp ?? DateTime.MinValue).Ticks, criteria.MaxTimeStamp.Ticks];

    private async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = await CommandAsync(sql, values).ConfigureAwait(false);
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }

    private async Task<NpgsqlCommand> CommandAsync(string sql, object[] values)
    {
        await _schema.ReadyAsync().ConfigureAwait(false);
        var command = _database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
