using Microsoft.Extensions.Logging;
using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>What came of a chunk at its high marker.</summary>
/// <param name="Writer">Holds the chunk's entries; null where the chunk is void and is read again.</param>
/// <param name="Change">What the chunk's query found the table's columns to be, where the stream did not know.</param>
internal readonly record struct ChunkOutcome(ChangeBatchWriter? Writer, Reshape? Change = null);

/// <summary>The stream's side of the first copy: a gate for each table, the chunks as they come, and the state reached. Used by the stream's task alone.</summary>
internal sealed class CopyCoordinator : IAsyncDisposable
{
    /// <summary>Pauses between void chunks grow up to this, in milliseconds.</summary>
    private const int LongestPauseMs = 1_000;

    private readonly Dictionary<string, (TableName Name, TableGate Gate)> _gates = [];
    private readonly CopyPlan _plan;
    private readonly Func<CopyState, TimeSpan, CopyRunner> _run;
    private readonly SideConnection _source;
    private readonly RelationTracker _relations;
    private readonly GraphMapping _mapping;
    private readonly ILogger _log;
    private readonly RowRequests _requests = new();
    private readonly RecentTransactions _recent = new();
    private long _committedBefore;
    private CopyRunner? _runner;
    private TableGate? _window;
    private int _voidChunks;

    /// <param name="tables">The mapping's tables that are there.</param>
    /// <param name="state">Where the copy begins, complete.</param>
    public CopyCoordinator(IReadOnlyList<TableSchema> tables, GraphMapping mapping, CopyState state, SideConnection source, SideConnection copySource,
        RelationTracker relations, SourceSettings settings, ILogger log, CaptureClock work, Action<Exception> fail, CancellationToken cancellationToken)
    {
        (_source, _relations, _mapping, _log) = (source, relations, mapping, log);
        _plan = CopyPlanner.Plan(tables);
        State = state;
        foreach (var map in mapping.Tables.Where(t => state[t.Table] is not null))
        {
            var table = tables.FirstOrDefault(t => t.Name == map.Table);
            var isComparable = table is not null && map.Key.All(k => table.Column(k) is { IsByteOrdered: true });
            _gates[map.Table.ToString()] = (map.Table, new TableGate(isComparable, state[map.Table]!));
        }
        _run = (from, pause) => new CopyRunner(copySource, _plan, from, relations, _requests, settings.CopyChunkRows, pause, log, work, fail, cancellationToken);
        Resume(TimeSpan.Zero);
    }

    public CopyState State { get; private set; }

    public TableGate Gate(TableName table) => _gates[table.ToString()].Gate;

    /// <summary>True while changes of finished transactions wait for a chunk; see <see cref="TableGate.HoldsBack"/>.</summary>
    public bool HoldsBack => _window is { HoldsBack: true };

    public bool IsOurs(CopyMarker marker) => marker.Run == _runner?.Run;

    public void OpenWindow(CopyMarker marker)
    {
        var (name, gate) = _gates[marker.Table];
        // A pending table's first window: from here on its changes count.
        if (gate.Phase == CopyPhase.Pending) gate.Move(State[name]! with { Phase = CopyPhase.Copying });
        gate.OpenWindow();
        _window = gate;
        _committedBefore = _recent.Count;
    }

    /// <summary>A transaction's commit stands here.</summary>
    public void Committed(uint xid) => _recent.Add(xid);

    /// <summary>Somebody asks for rows once more: they are read as a chunk of their own, where the table is copied.</summary>
    public async Task AskAsync(RowRequest request, ChangeBatchWriter main)
    {
        if (_requests.Add(request)) return;
        Interrupt(main);
        await RestartAsync(TimeSpan.Zero);
    }

    /// <summary>Cuts the open window short: what it holds back goes out now, and its chunk is read again.</summary>
    public void Interrupt(ChangeBatchWriter main)
    {
        if (_window is { InWindow: true } window) window.Spoil(main);
    }

    /// <summary>The stream has come to a chunk's high marker.</summary>
    public async Task<ChunkOutcome> CloseWindowAsync(CopyMarker marker, Lsn commit, ChangeBatchWriter main, CancellationToken cancellationToken)
    {
        var chunk = await _runner!.TakeAsync(cancellationToken);
        var (name, gate) = _gates[marker.Table];
        var reason = !chunk.Fits ? "its columns changed"
            : gate.IsSpoilt ? "its window was cut short"
            : gate.Transactions.Any(xid => !chunk.Snapshot.Sees(xid)) || (chunk.Request is not null && _recent.AnyUnseen(chunk.Snapshot, _committedBefore))
                ? "a transaction had committed but was not visible yet"
            : null;
        if (reason is not null)
        {
            SourceLog.ChunkAgain(_log, name, reason);
            Interrupt(main);
            chunk.Writer.Complete(null).Release();
            if (chunk.Seen is null)
            {
                GiveUp(name);
                _requests.Drop(name);
            }
            var change = chunk.Fits || chunk.Seen is null ? null : await _relations.CatchUpAsync(name, chunk.Seen, cancellationToken);
            await RestartAsync(TimeSpan.FromMilliseconds(Math.Min(LongestPauseMs, 5 << Math.Min(_voidChunks++, 10))));
            return new ChunkOutcome(null, change);
        }
        _voidChunks = 0;
        gate.ToRead.AddRange(ChunkMerger.Merge(chunk, gate, commit));
        gate.CloseWindow(chunk.Snapshot);
        if (chunk.Request is { } request)
        {
            _requests.Done(request);
            SourceLog.RowsRead(_log, name, request.Keys.Count, chunk.Images.Count);
            return new ChunkOutcome(chunk.Writer);
        }
        var copy = State[name]! with { Shape = chunk.Seen, Key = _mapping.Find(name)!.Key };
        if (copy.Phase == CopyPhase.Pending) copy = copy with { Phase = CopyPhase.Copying };
        copy = CopyPlanner.After(_plan, name, copy, chunk.LastKey, chunk.Images.Count, chunk.IsLast);
        gate.Move(copy);
        State = State.With(name, copy);
        return new ChunkOutcome(chunk.Writer);
    }

    /// <summary>True where rows of the table may be in the graph, so that a change of its columns concerns the consumer.</summary>
    public bool HasRows(TableName table) => State[table] is { Phase: not CopyPhase.Pending };

    /// <summary>A table's columns changed: chunks of the old shape are void, and rows that print otherwise now are read again. The window is interrupted before.</summary>
    public async Task ReshapeAsync(Reshape reshape)
    {
        var gate = Gate(reshape.Table);
        if (HasRows(reshape.Table))
        {
            var copy = State[reshape.Table]! with { Shape = _relations.Both(reshape.Table).Shape.ToString(), Key = _mapping.Find(reshape.Table)!.Key };
            State = State.With(reshape.Table, reshape.IsRefreshed ? CopyPlanner.Stale(copy) : copy);
            gate.Move(State[reshape.Table]!);
        }
        if (reshape.IsRefreshed || _runner is not null) await RestartAsync(TimeSpan.Zero);
    }

    /// <summary>Appends the rows that changes brought with columns missing, as they are in the table now.</summary>
    /// <returns>True where the state moved: a table must be read again.</returns>
    public async Task<bool> ReadMissingAsync(ChangeBatchWriter writer, Position position, CancellationToken cancellationToken)
    {
        var moved = false;
        foreach (var (name, gate) in _gates.Values)
        {
            if (gate.ToRead.Count == 0) continue;
            var (relation, shape) = _relations.Both(name);
            var keys = gate.ToRead.ToList();
            gate.ToRead.Clear();
            var images = await _source.UseAsync((connection, token) => ReadAsync(connection, relation, shape, keys, writer, token), cancellationToken);
            if (images is null)
            {
                moved = true;
                State = State.With(name, CopyPlanner.Stale(State[name]!));
                gate.Move(State[name]!);
            }
            foreach (var image in images ?? [])
                writer.Add(new ChangeEntry(ChangeKind.Copy, OldImage.None, true, relation, image, -1, position));
        }
        if (moved)
        {
            Interrupt(writer);
            await RestartAsync(TimeSpan.Zero);
        }
        return moved;
    }

    public async ValueTask DisposeAsync()
    {
        if (_runner is not null) await _runner.DisposeAsync();
    }

    /// <returns>Null where the table has other columns by now than at the place that the stream has reached: then all rows are read again later.</returns>
    private static async Task<List<int>?> ReadAsync(Npgsql.NpgsqlConnection connection, Relation relation, TableShape shape, IReadOnlyList<string[]> keys,
        ChangeBatchWriter writer, CancellationToken cancellationToken)
    {
        var (_, seen) = await CopyRunner.BeginAsync(connection, relation.Table, cancellationToken);
        var images = seen == shape.ToString()
            ? await ChunkReader.ReadAsync(connection, ChunkReader.Query(relation, keys), relation.Columns.Length, writer, cancellationToken) : null;
        await CopyRunner.ExecuteAsync(connection, "COMMIT", cancellationToken);
        return images;
    }

    /// <summary>The table is gone: there is nothing more to copy. What is known of it stays, so that one made anew under its name is told from it.</summary>
    private void GiveUp(TableName table)
    {
        SourceLog.TableGone(_log, table);
        State = State[table] is { Phase: not CopyPhase.Pending } copy
            ? State.With(table, copy with { Phase = CopyPhase.Done, Cursor = null })
            : new CopyState(State.Tables.Where(t => t.Key != table.ToString()).ToDictionary());
        Gate(table).Move(new TableCopy(CopyPhase.Done, null, 0, 0));
    }

    private async Task RestartAsync(TimeSpan pause)
    {
        if (_runner is not null) await _runner.DisposeAsync();
        Resume(pause);
    }

    private void Resume(TimeSpan pause)
    {
        if (_window is { InWindow: true } window) window.CloseWindow(null);
        _window = null;
        _runner = _requests.Begin(CopyPlanner.Next(_plan, State) is not null, State) ? _run(State, pause) : null;
    }
}
