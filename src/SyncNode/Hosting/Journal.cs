using Akka.Hosting;
using Akka.Persistence.Hosting;
using Akka.Persistence.Sql.Hosting;
using Npgsql;
using PolyglotSync.Contracts;
using PolyglotSync.Postgres;

namespace PolyglotSync.SyncNode.Hosting;

/// <summary>
/// Where pipelines remember that they were paused or failed: in memory, or in PostgreSQL, schema <c>polysync</c>, over restarts of the node. Where they stand in the log is not
/// in it: that is in the target.
/// </summary>
internal static class Journal
{
    public const string Variable = "POLYSYNC_JOURNAL";

    private const string Schema = "polysync";

    /// <summary>Makes the schema, in which the journal makes its tables.</summary>
    /// <param name="database">An Npgsql connection string; null: in memory, nothing to do.</param>
    /// <exception cref="PipelineFailure">The database cannot be reached, or the role may not make the schema.</exception>
    public static async Task PrepareAsync(string? database, CancellationToken cancellationToken)
    {
        if (database is null) return;
        try
        {
            await using var connection = new NpgsqlConnection(database);
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand(
                $"DO $$ BEGIN IF to_regnamespace('{Schema}') IS NULL THEN CREATE SCHEMA {Schema}; END IF; END $$", connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new PipelineFailure(FailureClass.Fatal, $"the journal's schema cannot be made in {SourceConnection.Describe(database)}: {e.MessageText}. Let a superuser run "
                + $"CREATE SCHEMA {Schema} AUTHORIZATION <the role>, or name another database with --journal", e)
            { ExitCode = ExitCode.SourceUnfit };
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException)
        {
            throw new PipelineFailure(FailureClass.Fatal, $"the journal's database {SourceConnection.Describe(database)} cannot be used: {e.Message}", e)
            {
                ExitCode = ExitCode.SourceUnavailable,
            };
        }
    }

    /// <summary>No snapshots: a pipeline's life has few events.</summary>
    public static AkkaConfigurationBuilder WithJournal(this AkkaConfigurationBuilder builder, string? database) => database is null
        ? builder.WithInMemoryJournal().WithInMemorySnapshotStore()
        : builder.WithSqlPersistence(database, "PostgreSQL.15", PersistenceMode.Journal, schemaName: Schema, autoInitialize: true).WithInMemorySnapshotStore();
}
