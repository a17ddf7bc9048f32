using System.Net.Sockets;
using Npgsql;
using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>What a failure of the source means: goes away by itself, or needs a person, and what that person has to do.</summary>
public static class SourceFailure
{
    /// <summary>What to do where graph and log no longer fit together.</summary>
    public const string CopyAgain = "delete the pipeline's data and its state (:__PolySync) in the target, and start again with a copy";

    public static PipelineFailure Unfit(string message) => new(FailureClass.Fatal, message) { ExitCode = ExitCode.SourceUnfit };

    /// <summary>All mistakes in one failure.</summary>
    public static PipelineFailure Unfit(IReadOnlyList<string> mistakes) =>
        Unfit(mistakes.Count == 1 ? mistakes[0] : string.Join("\n", mistakes.Select(m => "- " + m)));

    /// <param name="where">Host, port and database.</param>
    public static PipelineFailure Classify(Exception failure, string where) => failure switch
    {
        PipelineFailure known => known,
        PostgresException e => OfServer(e, where),
        NpgsqlException { InnerException: PostgresException e } => OfServer(e, where),
        NpgsqlException or SocketException when failure.GetBaseException() is SocketException =>
            new PipelineFailure(FailureClass.Transient, $"source {where}: {Innermost(failure)}; is PostgreSQL running there, and are host and port right?", failure)
            {
                ExitCode = ExitCode.SourceUnavailable,
            },
        // Npgsql 10 does not expect everywhere on a replication connection that it breaks: what it still wants of it is null by then
        NpgsqlException or SocketException or IOException or TimeoutException or ObjectDisposedException or NullReferenceException { Source: "Npgsql" } =>
            new PipelineFailure(FailureClass.Transient, $"source {where}: {Innermost(failure)}", failure) { ExitCode = ExitCode.SourceUnavailable },
        _ => new PipelineFailure(FailureClass.Fatal, $"source {where}: {failure.Message}", failure),
    };

    private static PipelineFailure OfServer(PostgresException e, string where)
    {
        PipelineFailure Unavailable(string message) =>
            new(FailureClass.Fatal, $"source {where}: {message}", e) { ExitCode = ExitCode.SourceUnavailable };
        PipelineFailure Transient() =>
            new(FailureClass.Transient, $"source {where}: {e.MessageText} ({e.SqlState})", e) { ExitCode = ExitCode.SourceUnavailable };
        PipelineFailure Fatal(string advice) =>
            new(FailureClass.Fatal, $"source {where}: {e.MessageText} ({e.SqlState}){advice}", e) { ExitCode = ExitCode.SourceUnfit };

        return e.SqlState switch
        {
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                Unavailable($"the login is refused: {e.MessageText}; check user and password in the source's address and pg_hba.conf"),
            PostgresErrorCodes.InvalidCatalogName => Unavailable($"{e.MessageText}; check the database in the source's address"),
            PostgresErrorCodes.InsufficientPrivilege => Fatal("; grant the right named above to the role of the source's address"),
            "55006" => Transient(),
            "53400" when e.MessageText.Contains("replication slots", StringComparison.Ordinal) =>
                Fatal("; drop one that nobody needs (SELECT slot_name, active FROM pg_replication_slots) or raise max_replication_slots and restart"),
            PostgresErrorCodes.UndefinedObject when e.MessageText.Contains("replication slot", StringComparison.Ordinal) =>
                Fatal("; the slot was dropped, so changes since then are lost: remove the pipeline's state in the target and copy again"),
            PostgresErrorCodes.UndefinedObject when e.MessageText.Contains("publication", StringComparison.Ordinal) =>
                Fatal("; the publication was dropped while the pipeline ran: 'polysync resume' makes it anew. If this comes again, rows were committed in between, which the slot cannot pass: copy anew"),
            PostgresErrorCodes.ObjectNotInPrerequisiteState or "58P01" =>
                Fatal("; the log that the slot needs is gone (see max_slot_wal_keep_size): drop the slot, remove the pipeline's state in the target and copy again"),
            _ when e.IsTransient || e.SqlState.StartsWith("57P", StringComparison.Ordinal) || e.SqlState.StartsWith("08", StringComparison.Ordinal)
                || e.SqlState.StartsWith("53", StringComparison.Ordinal) || e.SqlState.StartsWith("40", StringComparison.Ordinal)
                || e.SqlState is "57014" or "55P03" => Transient(),
            _ => Fatal(e.Hint is null ? "" : $"; {e.Hint}"),
        };
    }

    private static string Innermost(Exception e) => e.InnerException is null || e.InnerException.Message == e.Message
        ? e.Message
        : $"{e.Message}: {e.GetBaseException().Message}";
}
