using System.Text;
using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>
/// Decides for the live changes of one table what becomes of them while its rows are being copied (DBLog, Andreakis and Papapanagiotou 2020, with
/// resumable keys): before the copy they are dropped, a chunk will read them; behind the copy's cursor they pass; inside a window between two
/// markers those ahead of the cursor wait for the chunk (<see cref="ChunkMerger"/>). Pure: it never looks at a server.
/// </summary>
internal sealed class TableGate
{
    private const int ScratchLimit = 1024 * 1024;
    private readonly HashSet<uint> _transactions = [];
    private readonly HashSet<uint> _windowTransactions = [];
    private byte[][]? _cursor;
    private uint _xid;

    /// <param name="comparable">True where the key's order can be computed here, see <see cref="KeyOrder"/>.</param>
    public TableGate(bool comparable, TableCopy copy)
    {
        Comparable = comparable;
        Move(copy);
    }

    public bool Comparable { get; }

    public CopyPhase Phase { get; private set; }

    public bool InWindow { get; private set; }

    /// <summary>True where a truncation or too many changes spoilt the open window: its chunk must be read again.</summary>
    public bool IsSpoilt { get; private set; }

    /// <summary>Changes pass as they are.</summary>
    public bool IsOpen => !InWindow && Phase is (CopyPhase.Done or CopyPhase.Refreshing);

    /// <summary>Where rows of the table in <see cref="Buffered"/> have their images.</summary>
    public ChangeBatchWriter Scratch { get; } = new(64 * 1024, 16);

    /// <summary>Changes that wait for the window's end, each with its transaction.</summary>
    public List<(ChangeEntry Entry, uint Xid)> Buffered { get; } = [];

    /// <summary>
    /// True while changes wait that the graph may need though the copy fails: rows behind the cursor, which no chunk reads again. Until they are out, no cut may say that
    /// their transactions are.
    /// </summary>
    public bool HoldsBack => InWindow && !IsOrdered && Buffered.Count > 0;

    /// <summary>Keys of rows that came behind the cursor with columns that were not sent: to be read from the table.</summary>
    public List<string[]> ToRead { get; } = [];

    /// <summary>Transactions whose commit stands in the log before the open window, as far as no chunk has seen them.</summary>
    public IReadOnlySet<uint> Transactions => _transactions;

    /// <summary>More bytes than this in one window spoil it.</summary>
    public long WindowLimit { get; init; } = 64L * 1024 * 1024;

    public bool IsOrdered => Phase == CopyPhase.Copying && Comparable;

    public void Move(TableCopy copy)
    {
        Phase = copy.Phase;
        _cursor = copy.Cursor?.Select(Encoding.UTF8.GetBytes).ToArray();
        if (Phase != CopyPhase.Done) return;
        _transactions.Clear();
        _windowTransactions.Clear();
    }

    /// <summary>Remembers the transaction: a chunk whose snapshot does not see it yet must be read again.</summary>
    public void Note(uint xid)
    {
        if (Phase == CopyPhase.Done && !InWindow) return;
        _xid = xid;
        (InWindow ? _windowTransactions : _transactions).Add(xid);
    }

    public ChangeBatchWriter WriterFor(ChangeBatchWriter main)
    {
        if (IsOpen) return main;
        if (!InWindow && Scratch.Bytes > ScratchLimit) Clear();
        return Scratch;
    }

    /// <summary>Takes an entry whose images are in <see cref="Scratch"/> (a truncation has none).</summary>
    public void Route(in ChangeEntry entry, ChangeBatchWriter main)
    {
        if (entry.Kind == ChangeKind.Truncate)
        {
            if (InWindow) Spoil(main);
            main.Add(entry);
        }
        else if (Phase == CopyPhase.Pending) ForgetRemains(entry, main);
        else if (IsOrdered) RouteByKey(entry, main);
        else RouteUnordered(entry, main);
        if (InWindow && Scratch.Bytes > WindowLimit) Spoil(main);
    }

    public void OpenWindow()
    {
        Clear();
        IsSpoilt = false;
        InWindow = true;
    }

    /// <summary>Ends the window, forgetting what is buffered; transactions below the snapshot's horizon are forgotten too.</summary>
    public void CloseWindow(ChunkSnapshot? snapshot)
    {
        InWindow = false;
        Clear();
        // What committed in this window stands before the next one's low marker, and the next chunk may still not see it.
        _transactions.UnionWith(_windowTransactions);
        _windowTransactions.Clear();
        // Of a table that is copied nothing is noted between windows: CopyCoordinator knows what committed before one.
        if (Phase == CopyPhase.Done) _transactions.Clear();
        else if (snapshot is not null) _transactions.RemoveWhere(snapshot.Sees);
    }

    /// <summary>Makes the open window useless: waiting changes pass now where no chunk will bring them, and are dropped where one will.</summary>
    public void Spoil(ChangeBatchWriter main)
    {
        if (!IsOrdered)
        {
            foreach (var (entry, _) in Buffered) main.Add(RowImages.Copy(entry, Scratch, main));
        }
        IsSpoilt = true;
        CloseWindow(null);
    }

    private void RouteByKey(in ChangeEntry entry, ChangeBatchWriter main)
    {
        var newBehind = entry.New >= 0 && IsBehind(entry.New, entry.Relation);
        if (entry.Kind == ChangeKind.Insert || (entry.Kind == ChangeKind.Update && !KeyChanged(entry)))
        {
            Pass(entry, newBehind, main);
            return;
        }
        var oldBehind = IsBehind(entry.Old, entry.Relation);
        if (entry.Kind == ChangeKind.Delete || oldBehind == newBehind)
        {
            Pass(entry, oldBehind, main);
            return;
        }
        // The row crosses the cursor: what is behind is told to the graph now, what is ahead is the chunk's.
        Pass(entry with { Kind = ChangeKind.Delete, New = -1 }, oldBehind, main);
        var arrival = entry with { Kind = ChangeKind.Insert, Old = -1, OldImage = OldImage.None, ExistenceUnknown = newBehind };
        if (newBehind && !Scratch.Image(entry.New).IsWhole) ToRead.Add(RowImages.KeyTexts(Scratch.Image(entry.New), entry.Relation));
        else Pass(arrival, newBehind, main);
    }

    private void RouteUnordered(in ChangeEntry entry, ChangeBatchWriter main)
    {
        if (Phase == CopyPhase.Copying && entry.Kind == ChangeKind.Update && KeyChanged(entry) && !Scratch.Image(entry.New).IsWhole)
            ToRead.Add(RowImages.KeyTexts(Scratch.Image(entry.New), entry.Relation));
        var unknown = Phase == CopyPhase.Copying || entry.Kind == ChangeKind.Insert;
        var careful = entry with { ExistenceUnknown = unknown };
        if (InWindow) Buffered.Add((careful, _xid));
        else main.Add(RowImages.Copy(careful, Scratch, main));
    }

    private void Pass(in ChangeEntry entry, bool behind, ChangeBatchWriter main)
    {
        if (behind)
        {
            main.Add(RowImages.Copy(entry, Scratch, main));
            return;
        }
        ForgetRemains(entry, main);
        if (InWindow) Buffered.Add((entry, _xid));
    }

    /// <summary>
    /// A row that no chunk will bring under this key any more. It may be in the graph all the same: where the target has no transactions, a chunk that was being written
    /// when the node went away has left rows that its recorded state does not know of.
    /// </summary>
    private void ForgetRemains(in ChangeEntry entry, ChangeBatchWriter main)
    {
        if (entry.Old < 0 || (entry.Kind != ChangeKind.Delete && !KeyChanged(entry))) return;
        main.Add(RowImages.Copy(entry with { Kind = ChangeKind.Delete, New = -1, ExistenceUnknown = true }, Scratch, main));
    }

    private bool IsBehind(int image, Relation relation) => _cursor is not null && RowImages.CompareKey(Scratch.Image(image), relation, _cursor) <= 0;

    private bool KeyChanged(in ChangeEntry entry) =>
        entry.Old >= 0 && !RowKey.Equal(Scratch.Image(entry.Old), entry.Relation, Scratch.Image(entry.New), entry.Relation);

    private void Clear()
    {
        Buffered.Clear();
        if (Scratch.Bytes > 0) Scratch.Complete(null).Release();
    }
}
