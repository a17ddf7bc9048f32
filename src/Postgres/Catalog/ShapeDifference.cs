namespace PolyglotSync.Postgres;

/// <summary>What lies between two shapes of one table: columns are followed by attribute number, so a rename is told from a drop and an addition.</summary>
internal sealed record ShapeDifference(
    IReadOnlyList<(TableColumn From, TableColumn To)> Renamed, IReadOnlyList<TableColumn> Dropped, IReadOnlyList<TableColumn> Added,
    IReadOnlyList<(TableColumn From, TableColumn To)> Retyped)
{
    public bool IsEmpty => Renamed.Count + Dropped.Count + Added.Count + Retyped.Count == 0;

    public static ShapeDifference Between(TableShape before, TableShape after)
    {
        var pairs = before.Columns.Select(b => (From: b, To: after.Columns.FirstOrDefault(a => a.Number == b.Number)))
            .Where(p => p.To is not null).Select(p => (p.From, To: p.To!)).ToList();
        return new ShapeDifference(
            [.. pairs.Where(p => p.From.Name != p.To.Name)],
            [.. before.Columns.Where(b => after.Columns.All(a => a.Number != b.Number))],
            [.. after.Columns.Where(a => before.Columns.All(b => b.Number != a.Number))],
            [.. pairs.Where(p => p.From.Type != p.To.Type || p.From.Modifier != p.To.Modifier)]);
    }

    /// <summary>
    /// Gives the columns of a relation message their attribute numbers. The message is of a moment between <paramref name="before"/> and the catalog's
    /// <paramref name="now"/>: numbers come from now where that has these very columns, else by name from before, then from now; a column that neither
    /// knows (renamed twice meanwhile) is the one that stood in its place with its type, or new.
    /// </summary>
    public static TableShape Numbered(RelationShape relation, TableShape before, TableShape? now)
    {
        if (now is not null && now.IsAnnouncedBy(relation)) return now with { Oid = relation.Oid };
        if (before.IsAnnouncedBy(relation)) return before with { Oid = relation.Oid };
        var columns = relation.Columns.Select(c => new TableColumn(before.Find(c.Name)?.Number ?? now?.Find(c.Name)?.Number ?? 0, c.Type, c.Modifier, c.Name)).ToList();
        var unnamed = before.Columns.Where(b => columns.All(c => c.Number != b.Number)).ToList();
        for (var i = 0; i < columns.Count; i++)
        {
            var column = columns[i];
            if (column.Number != 0) continue;
            var place = columns.Take(i).Count(c => c.Number > 0);
            var heir = unnamed.Find(b => b.Type == column.Type
                && before.Columns.TakeWhile(c => c != b).Count(c => columns.Any(x => x.Number == c.Number)) == place);
            // A number that no column has: it differs from every other, and the next look at the catalog puts it right.
            columns[i] = column with { Number = heir?.Number ?? -1 - i };
            if (heir is not null) unnamed.Remove(heir);
        }
        return new TableShape(relation.Oid, columns);
    }
}
