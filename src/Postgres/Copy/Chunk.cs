using System.Globalization;
using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>Rows of one table in key order, as read between two markers.</summary>
/// <param name="Writer">Holds the rows' images and no entries yet.</param>
/// <param name="Images">Offsets of the images, in key order.</param>
/// <param name="LastKey">Texts of the last row's key; null where the chunk is empty.</param>
/// <param name="IsLast">True where the table has no rows beyond.</param>
/// <param name="Seen">The table's columns as the chunk's query found them (see <see cref="TableShape"/>); null where the table is gone.</param>
internal sealed record Chunk(
    int Number, TableName Table, Relation Relation, ChangeBatchWriter Writer, IReadOnlyList<int> Images,
    IReadOnlyList<string>? LastKey, bool IsLast, ChunkSnapshot Snapshot, string? Seen)
{
    /// <summary>False where the columns are others than the stream knew: then no rows were read.</summary>
    public bool Fits { get; init; } = true;

    /// <summary>Who asked for these very rows; null for the next rows of a copy.</summary>
    public RowRequest? Request { get; init; }
}

/// <summary>
/// What a chunk's query saw. A transaction's commit may stand in the log before the low marker and still be invisible to the query (it becomes
/// visible only after its record is written, with synchronous replication much later): such a chunk would miss it.
/// </summary>
internal sealed class ChunkSnapshot
{
    private readonly uint _xmax;
    private readonly HashSet<uint> _inProgress;

    private ChunkSnapshot(uint xmax, HashSet<uint> inProgress)
    {
        _xmax = xmax;
        _inProgress = inProgress;
    }

    /// <summary>Reads <c>xmin:xmax:xip,…</c> as pg_snapshot prints it; of each 64-bit id the lower half counts, as in the stream.</summary>
    public static ChunkSnapshot Parse(string text)
    {
        var parts = text.Split(':');
        static uint Low(string id) => (uint)ulong.Parse(id, CultureInfo.InvariantCulture);
        return new ChunkSnapshot(Low(parts[1]), [.. parts[2].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Low)]);
    }

    /// <summary>True where a transaction that has committed is visible; ids are compared in a circle.</summary>
    public bool Sees(uint xid) => (int)(xid - _xmax) < 0 && !_inProgress.Contains(xid);
}
