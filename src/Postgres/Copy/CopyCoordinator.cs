using Microsoft.Extensions.Logging;
using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>The stream's side of the first copy: a gate for each table, the chunks as they come, and the state reached. Used by the stream's task alone.</summary>
internal sealed class CopyCoordinator : IAsyncDisposable
{
    private readonly Dictionary<string, (TableName Name, TableGate Gate)> _gates = [];
    private readonly CopyPlan _plan;
    private readonly Func<CopyState, CopyRunner> _run;
    private readonly SideConnection _source;
    private readonly RelationTracker _relations;
    private readonly ILogger _log;
    private CopyRunner? _runner;

    public CopyCoordinator(IReadOnlyList<TableSchema> tables, GraphMapping mapping, CopyState state, SideConnection source, SideConnection copySource,
        RelationTracker relations, SourceSettings settings, ILogger log, Action<Exception> fail, CancellationToken cancellationToken)
    {
        (_source, _relations, _log) = (source, relations, log);
        _plan = CopyPlanner.Plan(tables);
        State = CopyPlanner.Complete(state, tables);
        foreach (var table in tables)
        {
            var isComparable = mapping.Find(table.Name)!.Key.All(k => table.Column(k)!.IsByteOrdered);
            _gates[table.Name.ToString()] = (table.Name, new TableGate(isComparable, State[table.Name]!));
        }
        _run = from => new CopyRunner(copySource, _plan, from, relations.Current, settings.CopyChunkRows, log, fail, cancellationToken);
        Resume();
    }

    public CopyState State { get; private set; }

    public TableGate Gate(TableName table) => _gates[table.ToString()].Gate;

    public bool IsOurs(CopyMarker marker) => marker.Run == _runner?.Run;

    public void OpenWindow(CopyMarker marker)
    {
        var (name, gate) = _gates[marker.Table];
        // A pending table's first window: from here on its changes count.
        if (gate.Phase == CopyPhase.Pending) gate.Move(State[name]! with { Phase = CopyPhase.Copying });
        gate.OpenWindow();
    }

    /// <returns>The writer with the chunk's entries; null where the chunk is void and is read again.</returns>
    public async Task<ChangeBatchWriter?> CloseWindowAsync(
        CopyMarker marker, Lsn commit, ChangeBatchWriter main, CancellationToken cancellationToken)
    {
        var chunk = await _runner!.TakeAsync(cancellationToken);
        var (name, gate) = _gates[marker.Table];
        var reason = gate.IsSpoilt ? "its window was cut short"
            : gate.Transactions.Any(xid => !chunk.Snapshot.Sees(xid)) ? "a transaction had committed but was not visible yet"
            : null;
        if (reason is not null)
        {
            SourceLog.ChunkAgain(_log, name, reason);
            if (gate.InWindow) gate.Spoil(main);
            chunk.Writer.Complete(null).Release();
            await RestartAsync();
            return null;
        }
        gate.ToRead.AddRange(ChunkMerger.Merge(chunk, gate, commit));
        gate.CloseWindow(chunk.Snapshot);
        var copy = State[name]!;
        if (copy.Phase == CopyPhase.Pending) copy = copy with { Phase = CopyPhase.Copying };
        copy = CopyPlanner.After(_plan, name, copy, chunk.LastKey, chunk.Images.Count, chunk.IsLast);
        gate.Move(copy);
        State = State.With(name, copy);
        return chunk.Writer;
    }

    /// <summary>A table's columns changed: chunks of the old shape are void, and columns with a default are read from the rows that have them.</summary>
    /// <returns>True where the state moved.</returns>
    public async Task<bool> ReshapeAsync(TableName table, bool hasDefaults, ChangeBatchWriter main)
    {
        var gate = Gate(table);
        if (gate.InWindow) gate.Spoil(main);
        var refreshes = hasDefaults && gate.Phase is CopyPhase.Done or CopyPhase.Refreshing;
        if (refreshes)
        {
            var copy = State[table]!;
            State = State.With(table, new TableCopy(CopyPhase.Refreshing, null, 0, Math.Max(copy.Rows, copy.EstimatedRows)));
            gate.Move(State[table]!);
        }
        if (refreshes || _runner is not null) await RestartAsync();
        return refreshes;
    }

    /// <summary>Appends the rows that changes brought with columns missing, as they are in the table now.</summary>
    public async Task ReadMissingAsync(ChangeBatchWriter writer, Position position, CancellationToken cancellationToken)
    {
        foreach (var (name, gate) in _gates.Values)
        {
            if (gate.ToRead.Count == 0) continue;
            var relation = _relations.Current(name);
            var images = await _source.UseAsync((connection, token) => ChunkReader.ReadAsync(
                connection, ChunkReader.Query(relation, gate.ToRead), relation.Columns.Length, writer, token), cancellationToken);
            gate.ToRead.Clear();
            foreach (var image in images)
                writer.Add(new ChangeEntry(ChangeKind.Copy, OldImage.None, true, relation, image, -1, position));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_runner is not null) await _runner.DisposeAsync();
    }

    private async Task RestartAsync()
    {
        if (_runner is not null) await _runner.DisposeAsync();
        Resume();
    }

    private void Resume()
    {
        foreach (var (_, gate) in _gates.Values)
            if (gate.InWindow) gate.CloseWindow(null);
        _runner = CopyPlanner.Next(_plan, State) is null ? null : _run(State);
    }
}
