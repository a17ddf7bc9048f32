using Akka.Event;
using Npgsql;

namespace Akka.Persistence.Sql.Config;

/// <summary>Makes the tables as the real plugin does, once. A failure is logged: the tables may be there without the right to make them.</summary>
internal sealed class Schema(NpgsqlDataSource database, SqlSettings settings, ILoggingAdapter log, string statements)
{
    private readonly Lazy<Task> _made = new(() => settings.AutoInitialize ? MakeAsync(database, settings, log, statements) : Task.CompletedTask);

    public Task ReadyAsync() => _made.Value;

    private static async Task MakeAsync(NpgsqlDataSource database, SqlSettings settings, ILoggingAdapter log, string statements)
    {
        // "if not exists" of two sessions at once can still collide in the catalog, so they take turns.
        // And "create schema if not exists" wants the right to make one where it is there already.
        var schema = settings.Schema == null ? ""
            : $"do $$ begin if to_regnamespace({Literal(SqlSettings.Quote(settings.Schema))}) is null then create schema {SqlSettings.Quote(settings.Schema)}; end if; end $$;";
        try
        {
            await using var command = database.CreateCommand($"begin; select pg_advisory_xact_lock(5142207363); {schema} {statements}; commit;");
            await command.ExecuteNonQueryAsync().ConfigureAwait(false);
        }
        catch (PostgresException cause)
        {
            log.Warning(cause, "Failed to create the tables of SQL persistence");
        }
    }

    private static string Literal(string text) => $"'{text.Replace("'", "''")}'";
}
