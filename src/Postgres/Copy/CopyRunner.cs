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
    private readonly int _rows;
    private readonly ILogger _log;
    private readonly CaptureClock _work;
    private readonly Action<Exception> _fail;
    private readonly Task _running;

    /// <param name="pause">How long to wait first: what voided the last chunk may need a moment.</param>
    /// <param name="fail">Told what the run fails with; a cancelled run does not fail.</param>
    public CopyRunner(SideConnection source, CopyPlan plan, CopyState state, RelationTracker relations, int rows, TimeSpan pause, ILogger log,
        CaptureClock work, Action<Exception> fail, CancellationToken cancellationToken)
    {
        (_source, _plan, _relations, _rows, _log, _work, _fail) = (source, plan, relations, rows, log, work, fail);
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
            for (var number = 0; CopyPlanner.Next(_plan, state) is { } table; number++)
            {
                var copy = state[table]!;
                var started = Stopwatch.GetTimestamp();
                var chunk = await ReadAsync(number, table, copy.Cursor, cancellationToken);
                _work.Worked(started);
                Failpoint.Reach(Failpoint.ChunkRead);
                await _chunks.Writer.WriteAsync(chunk, cancellationToken);
                // The stream has to learn of the table's new columns first; then it begins another run.
                if (!chunk.Fits) break;
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
            var (relation, known) = _relations.Both(table);
            var writer = new ChangeBatchWriter();
            await ExecuteAsync(connection, Emit(CopyMarker.Low(Run, number, table)), token);
            var (snapshot, seen) = await BeginAsync(connection, table, token);
            var fits = seen == known.ToString();
            // A table that was never analyzed must not be sorted whole for each chunk: the key's index is there.
            if (fits) await ExecuteAsync(connection, "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off", token);
            var images = fits
                ? await ChunkReader.ReadAsync(connection, ChunkReader.Query(relation, cursor, _rows), relation.Columns.Length, writer, token) : [];
            await ExecuteAsync(connection, "COMMIT", token);
            await ExecuteAsync(connection, Emit(CopyMarker.High(Run, number, table)), token);
            var last = images.Count == 0 ? null : RowImages.KeyTexts(writer.Image(images[^1]), relation);
            return new Chunk(number, table, relation, writer, images, last, images.Count < _rows, snapshot, seen) { Fits = fits };
        }, cancellationToken);

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
