using Npgsql;
using PolyglotSync.Contracts;
using PolyglotSync.Postgres;

namespace PolyglotSync.SyncNode.Load.Writing;

/// <summary>Opens sessions at the source, in the world's schema.</summary>
internal sealed class LoadSessions
{
    /// <summary>A statement that takes longer is an error; of filling tables, none does.</summary>
    private const int StatementSeconds = 60;
    private const int ConnectSeconds = 10;
    /// <summary>Statements that a session prepares by itself: the actions of a world, and a few more.</summary>
    private const int Prepared = 64;

    private readonly string _connection;

    /// <param name="source">An Npgsql connection string.</param>
    public LoadSessions(string source, string schema)
    {
        var builder = new NpgsqlConnectionStringBuilder(source)
        {
            SearchPath = schema, Pooling = false, Enlist = false, MaxAutoPrepare = Prepared, AutoPrepareMinUsages = 2, CommandTimeout = StatementSeconds, Timeout = ConnectSeconds,
        };
        if (string.IsNullOrEmpty(builder.ApplicationName)) builder.ApplicationName = "polysync load";
        _connection = builder.ConnectionString;
        Where = SourceConnection.Describe(source);
    }

    /// <summary>Host, port and database, for people.</summary>
    public string Where { get; }

    /// <exception cref="PipelineFailure">The source cannot be reached or refuses the login.</exception>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var session = new NpgsqlConnection(_connection);
        try
        {
            await session.OpenAsync(cancellationToken);
            return session;
        }
        catch (Exception e)
        {
            await session.DisposeAsync();
            if (IsOfSource(e)) throw SourceFailure.Classify(e, Where);
            throw;
        }
    }

    /// <summary>Whether the server refused something, or is not there.</summary>
    public static bool IsOfSource(Exception e) => e is NpgsqlException or TimeoutException or IOException or System.Net.Sockets.SocketException;
}
