using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;
using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>
/// Reads chunk after chunk beside the stream, each between two markers in the log, one chunk ahead of what the stream has taken over. A spoilt chunk
/// ends the run; the stream then starts another from the state it has reached.
/// </summary>
internal sealed class CopyRunner : IAsyncDisposable
{
    private readonly Channel<Chunk> _chunks = Channel.CreateBounded<Chunk>(1);
    private readonly CancellationTokenSource _stop;
    private readonly SideConnection _source;
    private readonly CopyPlan _plan;
    private readonly RelationTracker _relations;
    private readonly RowRequests _requests;
    private readonly HashSet<RowRequest> _read = [];
    private readonly int _rows;
    private readonly ILogger _log;
    private readonly CaptureClock _work;
    private readonly Action<Exception> _fail;
    private readonly Task _running;

    /// <param name="pause">How long to wait first: what voided the last chunk may need a moment.</param>
    /// <param name="fail">Told what the run fails with; a cancelled run does not fail.</param>
    public CopyRunner(SideConnection source, CopyPlan plan, CopyState state, RelationTracker relations, RowRequests requests, int rows, TimeSpan pause, ILogger log,
        CaptureClock work, Action<Exception> fail, CancellationToken cancellationToken)
    {
        (_source, _plan, _relations, _requests, _rows, _log, _work, _fail) = (source, plan, relations, requests, rows, log, work, fail);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Run = Guid.NewGuid().ToString("N")[..12];
        _running = Task.Run(() => RunAsync(state, pause, _stop.Token), CancellationToken.None);
    }

    /// <summary>Tells this run's markers from those of others.</summary>
    public string Run { get; }

    public ValueTask<Chunk> TakeAsync(CancellationToken cancellationToken) => _chunks.Reader.ReadAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        while (_chunks.Reader.TryRead(out var chunk)) chunk.Writer.Complete(null).Release();
        _stop.Dispose();
    }

    private async Task RunAsync(CopyState state, TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            if (pause > TimeSpan.Zero) await Task.Delay(pause, cancellationToken);
            for (var number = 0; ; number++)
            {
                var request = _requests.Next(state, _read);
                if (request is null && CopyPlanner.Next(_plan, state) is null)
                {
                    if (_requests.TryEnd(state, _read)) break;
                    continue;
                }
                var table = request?.Table ?? CopyPlanner.Next(_plan, state)!.Value;
                var copy = state[table]!;
                var started = Stopwatch.GetTimestamp();
                var chunk = request is null ? await ReadAsync(number, table, copy.Cursor, cancellationToken) : await ReadAsync(number, request, cancellationToken);
                _work.Worked(started);
                if (chunk is null) continue;
                Failpoint.Reach(Failpoint.ChunkRead);
                await _chunks.Writer.WriteAsync(chunk, cancellationToken);
                // The stream has to learn of the table's new columns first; then it begins another run.
                if (!chunk.Fits) break;
                if (request is not null) continue;
                state = state.With(table, CopyPlanner.After(_plan, table, copy, chunk.LastKey, chunk.Images.Count, chunk.IsLast));
                if (chunk.IsLast) SourceLog.TableRead(_log, table, copy.Rows + chunk.Images.Count, copy.Phase);
            }
            _chunks.Writer.TryComplete();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _chunks.Writer.TryComplete();
        }
        catch (Exception e)
        {
            var failure = SourceFailure.Classify(e, _source.Where);
            _chunks.Writer.TryComplete(failure);
            _fail(failure);
        }
    }

    private Task<Chunk> ReadAsync(int number, TableName table, IReadOnlyList<string>? cursor, CancellationToken cancellationToken) =>
        _source.UseAsync(async (connection, token) =>
        {
            // A table that was never analyzed must not be sorted whole for each chunk: the key's index is there.
            const string ByIndex = "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off";
            var (relation, known) = _relations.Both(table);
            var read = await ReadAsync(connection, number, relation, known, ChunkReader.Query(relation, cursor, _rows), ByIndex, token);
            var last = read.Images.Count == 0 ? null : RowImages.KeyTexts(read.Writer.Image(read.Images[^1]), relation);
            return read with { LastKey = last, IsLast = read.Images.Count < _rows };
        }, cancellationToken);

    /// <returns>Null where the rows cannot be asked for: whoever wants them hears nothing, and asks again. It is no reason to stop the stream.</returns>
    private Task<Chunk?> ReadAsync(int number, RowRequest request, CancellationToken cancellationToken) =>
        _source.UseAsync(async (connection, token) =>
        {
            _read.Add(request);
            var (relation, known) = _relations.Both(request.Table);
            var query = ChunkReader.Query(relation, request.Keys);
            try
            {
                // before the window opens: from then on it has to be closed
                await ExecuteAsync(connection, $"SELECT FROM ({query}) AS asked LIMIT 0", token);
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
            {
                // the table has changed: the window tells the stream so
            }
            catch (PostgresException e) when (e.SqlState.StartsWith("22", StringComparison.Ordinal) || e.SqlState.StartsWith("42", StringComparison.Ordinal))
            {
                SourceLog.RequestDropped(_log, request.Table, request.Keys.Count, e.MessageText);
                _requests.Done(request);
                return null;
            }
            return await ReadAsync(connection, number, relation, known, query, "SET LOCAL enable_seqscan = off", token) with { Request = request };
        }, cancellationToken);

    private async Task<Chunk> ReadAsync(NpgsqlConnection connection, int number, Relation relation, TableShape known, string query, string byIndex, CancellationToken cancellationToken)
    {
        var writer = new ChangeBatchWriter();
        await ExecuteAsync(connection, Emit(CopyMarker.Low(Run, number, relation.Table)), cancellationToken);
        var (snapshot, seen) = await BeginAsync(connection, relation.Table, cancellationToken);
        var fits = seen == known.ToString();
        if (fits) await ExecuteAsync(connection, byIndex, cancellationToken);
        var images = fits ? await ChunkReader.ReadAsync(connection, query, relation.Columns.Length, writer, cancellationToken) : [];
        await ExecuteAsync(connection, "COMMIT", cancellationToken);
        await ExecuteAsync(connection, Emit(CopyMarker.High(Run, number, relation.Table)), cancellationToken);
        return new Chunk(number, relation.Table, relation, writer, images, null, false, snapshot, seen) { Fits = fits };
    }

    /// <summary>Begins the chunk's transaction. The lock comes before the snapshot, so that rows, catalog and snapshot are of one moment.</summary>
    internal static async Task<(ChunkSnapshot Snapshot, string? Seen)> BeginAsync(NpgsqlConnection connection, TableName table, CancellationToken cancellationToken)
    {
        const string Begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        try
        {
            await ExecuteAsync(connection, $"{Begin}; LOCK TABLE {table.Quoted} IN ACCESS SHARE MODE", cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            await ExecuteAsync(connection, $"ROLLBACK; {Begin}", cancellationToken);
        }
        await using var command = new NpgsqlCommand($"SELECT pg_current_snapshot()::text, {CatalogQueries.Shape(table)}", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (ChunkSnapshot.Parse(reader.GetString(0)), await reader.IsDBNullAsync(1, cancellationToken) ? null : reader.GetString(1));
    }

    private static string Emit(string content) =>
        $"SELECT pg_logical_emit_message(true, {Sql.Literal(PgOutputDecoder.MarkerPrefix)}, {Sql.Literal(content)})::text";

    internal static async Task<string> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken) as string ?? "";
    }
}

/// <summary>The content of a marker message: <c>copy RUN NUMBER low|high TABLE</c>.</summary>
internal readonly record struct CopyMarker(string Run, int Number, bool IsHigh, string Table)
{
    public static string Low(string run, int number, TableName table) => string.Create(CultureInfo.InvariantCulture, $"copy {run} {number} low {table}");

    public static string High(string run, int number, TableName table) => string.Create(CultureInfo.InvariantCulture, $"copy {run} {number} high {table}");

    public static CopyMarker? Parse(string content)
    {
        var parts = content.Split(' ', 5);
        return parts is ["copy", var run, var number, "low" or "high", var table] && int.TryParse(number, CultureInfo.InvariantCulture, out var n)
            ? new CopyMarker(run, n, parts[3] == "high", table)
            : null;
    }
}
