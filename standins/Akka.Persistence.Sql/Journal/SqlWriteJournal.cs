using Akka.Actor;
using Akka.Persistence.Journal;
using Akka.Persistence.Protocol;
using Akka.Persistence.Sql.Config;
using Npgsql;

namespace Akka.Persistence.Sql.Journal;

/// <summary>Keeps events in PostgreSQL. What waits is stored in one statement, so a batch is stored or fails as one.</summary>
internal sealed class SqlWriteJournal : JournalActor
{
    private readonly Akka.Serialization.Serialization _serialization = Context.System.Serialization;
    private readonly SqlSettings _settings;
    private readonly JournalSql _sql;
    private readonly NpgsqlDataSource _database;
    private readonly Schema _schema;

    public SqlWriteJournal(Akka.Configuration.Config config)
    {
        _settings = new SqlSettings(config, SqlPersistence.DefaultConfiguration.GetConfig(SqlPersistence.JournalConfigPath));
        _sql = new JournalSql(_settings);
        _database = NpgsqlDataSource.Create(_settings.ConnectionString);
        _schema = new Schema(_database, _settings, Log, _sql.Create);
    }

    protected override void PostStop() => _database.Dispose();

    protected override async Task<IReadOnlyList<Exception>> WriteAsync(IReadOnlyList<AtomicWrite> writes)
    {
        var rejections = new Exception[writes.Count];
        var rows = new List<Row>();
        for (var i = 0; i < writes.Count; i++)
            try
            {
                rows.AddRange(writes[i].Events.Select(Serialize).ToList());
            }
            catch (Exception cause)
            {
                rejections[i] = cause;
            }
        if (rows.Count > 0)
        {
            await _schema.ReadyAsync().ConfigureAwait(false);
            await using var command = _database.CreateCommand(_sql.Insert);
            Add(command, rows.Select(row => row.Event.Timestamp));
            Add(command, rows.Select(row => row.Event.PersistenceId));
            Add(command, rows.Select(row => row.Event.SequenceNr));
            Add(command, rows.Select(row => row.Message));
            Add(command, rows.Select(row => row.Manifest));
            Add(command, rows.Select(row => row.Identifier));
            Add(command, rows.Select(row => row.Event.WriterGuid));
            await command.ExecuteNonQueryAsync().ConfigureAwait(false);
        }
        return rejections;
    }

    protected override async Task ReplayAsync(string persistenceId, long from, long to, long max, Action<PersistentEvent> replay)
    {
        await using var command = _database.CreateCommand(_sql.Replay);
        foreach (var value in new object[] { persistenceId, from, to, max })
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await using var reader = await command.ExecuteReaderAsync().ConfigureAwait(false);
        while (await reader.ReadAsync().ConfigureAwait(false))
        {
            var payload = _serialization.Deserialize(reader.GetFieldValue<byte[]>(1), reader.GetInt32(3), reader.IsDBNull(2) ? "" : reader.GetString(2));
            replay(new PersistentEvent(payload, reader.GetInt64(0), persistenceId, ActorRefs.NoSender, reader.IsDBNull(4) ? "" : reader.GetString(4), reader.GetInt64(5)));
        }
    }

    protected override async Task<long> ReadHighestAsync(string persistenceId)
    {
        await _schema.ReadyAsync().ConfigureAwait(false);
        await using var command = _database.CreateCommand(_sql.Highest);
        command.Parameters.Add(new NpgsqlParameter { Value = persistenceId });
        return (long)(await command.ExecuteScalarAsync().ConfigureAwait(false))!;
    }

    protected override async Task DeleteAsync(string persistenceId, long to)
    {
        await _schema.ReadyAsync().ConfigureAwait(false);
        await using var command = _database.CreateCommand(_sql.Delete);
        command.Parameters.Add(new NpgsqlParameter { Value = persistenceId });
        command.Parameters.Add(new NpgsqlParameter { Value = to });
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }

    private Row Serialize(PersistentEvent one)
    {
        var serializer = _serialization.FindSerializerFor(one.Payload, _settings.Serializer);
        return new Row(one, serializer.ToBinary(one.Payload), Akka.Serialization.Serialization.ManifestFor(serializer, one.Payload), serializer.Identifier);
    }

    private static void Add<T>(NpgsqlCommand command, IEnumerable<T> values) => command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = values.ToArray() });

    private sealed record Row(PersistentEvent Event, byte[] Message, string Manifest, int Identifier);
}
