using System.Globalization;
using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>
/// Notices changes of columns that no row follows in the log. It reads the catalog, then writes a marker: when the stream comes to the marker, it has passed every
/// relation message from before the look, so what the catalog said and the stream does not know must be made up for.
/// </summary>
internal sealed class ShapeWatch(SideConnection source, IReadOnlyList<TableName> tables)
{
    private readonly string _run = Guid.NewGuid().ToString("N")[..12];
    private readonly Lock _lock = new();
    private (int Number, IReadOnlyDictionary<TableName, string> Shapes)? _pending;
    private int _number;

    /// <summary>True from a look until the stream comes to its marker.</summary>
    public bool IsPending
    {
        get
        {
            lock (_lock) return _pending is not null;
        }
    }

    /// <summary>Reads the catalog and writes the marker, which is a heartbeat too.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var shapes = tables.Count == 0 ? [] : await source.QueryAsync(CatalogQueries.Shapes(tables), [], cancellationToken);
        var number = ++_number;
        lock (_lock) _pending = (number, shapes.ToDictionary(r => new TableName(r[0]!, r[1]!), r => r[2]!));
        await source.ExecuteAsync(string.Create(CultureInfo.InvariantCulture,
            $"SELECT pg_logical_emit_message(true, '{PgOutputDecoder.MarkerPrefix}', 'look {_run} {number}')"), cancellationToken);
    }

    /// <summary>What the catalog said before the marker, for each of the tables; a table that is gone has null. Null where the marker is of another look.</summary>
    public IReadOnlyList<(TableName Table, string? Shape)>? Take(string marker)
    {
        lock (_lock)
        {
            if (_pending is not { } pending || marker != string.Create(CultureInfo.InvariantCulture, $"look {_run} {pending.Number}")) return null;
            _pending = null;
            return [.. tables.Select(t => (t, pending.Shapes.GetValueOrDefault(t)))];
        }
    }
}
