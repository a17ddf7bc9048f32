using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>
/// Joins a chunk's rows with the changes that its window held back, at the high marker. The chunk saw the table at some moment between the markers;
/// replaying the window's changes on top of it, in order, gives the table at the high marker whatever that moment was. Where the graph has rows
/// already (a table read again, or one whose key order is unknown here), what the chunk's snapshot saw goes before it: else a row that changed its key
/// would be two, the chunk's under the new key and the graph's under the old one.
/// </summary>
internal static class ChunkMerger
{
    /// <summary>Adds the chunk's rows and the changes that belong on top of them to the chunk's own writer.</summary>
    /// <param name="commit">The high marker's commit: the position that all entries get.</param>
    /// <returns>Keys of rows that must be read from the table, since columns of them were not sent.</returns>
    public static IReadOnlyList<string[]> Merge(Chunk chunk, TableGate gate, Lsn commit)
    {
        var writer = chunk.Writer;
        var index = 0;
        if (!gate.IsOrdered)
        {
            foreach (var (entry, xid) in gate.Buffered)
                if (chunk.Snapshot.Sees(xid)) Add(entry);
        }
        foreach (var image in chunk.Images)
        {
            writer.Add(new ChangeEntry(
                ChangeKind.Copy, OldImage.None, !gate.IsOrdered, chunk.Relation, image, -1, new Position(commit, index++)));
        }
        if (chunk.Request is { } request) AddGone(request);
        if (gate.Buffered.Count == 0) return [];
        if (!gate.IsOrdered)
        {
            foreach (var (entry, xid) in gate.Buffered)
                if (!chunk.Snapshot.Sees(xid)) Add(entry);
            return [];
        }

        var present = new HashSet<string>(chunk.Images.Select(image => RowImages.KeyText(writer.Image(image), chunk.Relation)));
        var last = chunk.LastKey?.Select(System.Text.Encoding.UTF8.GetBytes).ToArray();
        var toRead = new Dictionary<string, string[]>();
        foreach (var (entry, _) in gate.Buffered)
        {
            var leaves = entry.Old >= 0 && (entry.Kind == ChangeKind.Delete || !SameKey(entry)) ? KeyText(entry.Old, entry.Relation) : null;
            if (leaves is not null)
            {
                toRead.Remove(leaves);
                if (present.Remove(leaves)) Add(entry with { Kind = ChangeKind.Delete, New = -1 });
            }
            if (entry.New < 0 || !Belongs(entry.New, entry.Relation)) continue;
            var key = KeyText(entry.New, entry.Relation);
            if (present.Contains(key))
            {
                Add(entry with { Kind = ChangeKind.Update, Old = leaves is null ? entry.Old : -1, OldImage = leaves is null ? entry.OldImage : OldImage.None });
            }
            else if (leaves is not null || entry.Kind == ChangeKind.Insert)
            {
                if (gate.Scratch.Image(entry.New).IsWhole)
                {
                    present.Add(key);
                    Add(entry with { Kind = ChangeKind.Insert, Old = -1, OldImage = OldImage.None });
                }
                else
                {
                    toRead[key] = RowImages.KeyTexts(gate.Scratch.Image(entry.New), entry.Relation);
                }
            }
            // Otherwise: an update of a row that was gone before the chunk was read.
        }
        return [.. toRead.Values];

        bool Belongs(int image, Relation relation) =>
            chunk.IsLast || (last is not null && RowImages.CompareKey(gate.Scratch.Image(image), relation, last) <= 0);

        bool SameKey(in ChangeEntry entry) =>
            RowKey.Equal(gate.Scratch.Image(entry.Old), entry.Relation, gate.Scratch.Image(entry.New), entry.Relation);

        // What was asked for and is not in the table.
        void AddGone(RowRequest asked)
        {
            var found = chunk.Images.Select(image => RowImages.KeyText(writer.Image(image), chunk.Relation)).ToHashSet();
            foreach (var key in asked.Keys)
            {
                var image = RowImages.OfKey(key, chunk.Relation, writer);
                if (!found.Contains(RowImages.KeyText(writer.Image(image), chunk.Relation)))
                    writer.Add(new ChangeEntry(ChangeKind.Delete, OldImage.Key, true, chunk.Relation, -1, image, new Position(commit, index++)));
            }
        }

        string KeyText(int image, Relation relation) => RowImages.KeyText(gate.Scratch.Image(image), relation);

        void Add(in ChangeEntry entry) => writer.Add(RowImages.Copy(entry, gate.Scratch, writer) with { Position = new Position(commit, index++) });
    }
}
