using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>In which order tables are copied, and which are read a second time.</summary>
/// <param name="Order">Parents first, as far as there are no circles.</param>
/// <param name="Refreshed">Tables that refer to themselves or to a table that is not before them.</param>
internal sealed record CopyPlan(IReadOnlyList<TableName> Order, IReadOnlySet<TableName> Refreshed);

internal static class CopyPlanner
{
    /// <summary>Takes, again and again, the first table in name order whose parents are all taken; in a circle the one with the fewest parents left.</summary>
    public static CopyPlan Plan(IReadOnlyList<TableSchema> tables)
    {
        var names = tables.Select(t => t.Name).ToHashSet();
        var left = tables.OrderBy(t => t.Name).ToList();
        var order = new List<TableName>();
        var taken = new HashSet<TableName>();
        var refreshed = new HashSet<TableName>();
        while (left.Count > 0)
        {
            var next = left.MinBy(t => Missing(t).Count())!;
            if (Missing(next).Any() || Parents(next).Contains(next.Name)) refreshed.Add(next.Name);
            left.Remove(next);
            order.Add(next.Name);
            taken.Add(next.Name);
        }
        return new CopyPlan(order, refreshed);

        IEnumerable<TableName> Parents(TableSchema table) => table.ForeignKeys.Select(f => f.ReferencedTable).Where(names.Contains);
        IEnumerable<TableName> Missing(TableSchema table) => Parents(table).Where(p => p != table.Name && !taken.Contains(p)).Distinct();
    }

    /// <summary>The state with every table of the mapping in it: what was not known is pending. A table that is gone keeps what is known of it.</summary>
    public static CopyState Complete(CopyState state, IReadOnlyList<TableSchema> tables, GraphMapping mapping)
    {
        var all = tables.ToDictionary(t => t.Name.ToString(), t => state[t.Name] ?? new TableCopy(CopyPhase.Pending, null, 0, t.EstimatedRows));
        foreach (var map in mapping.Tables)
            if (state[map.Table] is { Phase: not CopyPhase.Pending } kept) all.TryAdd(map.Table.ToString(), kept with { Phase = CopyPhase.Done, Cursor = null });
        return new CopyState(all);
    }

    /// <summary>
    /// Tables that were dropped and made anew under their name: to be emptied and copied again, and the tables that refer to them read again, since the
    /// relationships went with the nodes.
    /// </summary>
    public static (CopyState State, IReadOnlyList<TableName> Anew) Renew(CopyState state, IReadOnlyList<CatalogTable> tables)
    {
        var anew = tables.Where(t => state[t.Schema.Name]?.Shape is { } shape && TableShape.Parse(shape).Oid != t.Oid).Select(t => t.Schema).ToList();
        foreach (var table in anew) state = state.With(table.Name, new TableCopy(CopyPhase.Pending, null, 0, table.EstimatedRows));
        foreach (var child in tables.Select(t => t.Schema).Where(t => t.ForeignKeys.Any(f => anew.Any(a => a.Name == f.ReferencedTable))))
            state = state.With(child.Name, Stale(state[child.Name]!));
        return (state, [.. anew.Select(t => t.Name)]);
    }

    /// <summary>The table's state where rows that were taken over must be read once more.</summary>
    public static TableCopy Stale(TableCopy copy) => copy.Phase switch
    {
        CopyPhase.Pending => copy,
        CopyPhase.Copying => copy with { IsStale = true },
        CopyPhase.Refreshing or CopyPhase.Done =>
            copy with { Phase = CopyPhase.Refreshing, Cursor = null, Rows = 0, EstimatedRows = Math.Max(copy.Rows, copy.EstimatedRows) },
        _ => throw new ArgumentOutOfRangeException(nameof(copy), copy.Phase, "not a phase of a copy"),
    };

    /// <summary>The next table to read a chunk of: copies first, then refreshes; null when all is done.</summary>
    public static TableName? Next(CopyPlan plan, CopyState state)
    {
        foreach (var table in plan.Order)
            if (state[table]?.Phase is CopyPhase.Pending or CopyPhase.Copying) return table;
        foreach (var table in plan.Order)
            if (state[table]?.Phase == CopyPhase.Refreshing) return table;
        return null;
    }

    /// <summary>The table's state once a chunk is taken over.</summary>
    public static TableCopy After(CopyPlan plan, TableName table, TableCopy copy, IReadOnlyList<string>? lastKey, int rows, bool isLast) =>
        isLast && copy.Phase != CopyPhase.Refreshing && (copy.IsStale || plan.Refreshed.Contains(table))
            ? copy with { Phase = CopyPhase.Refreshing, Cursor = null, Rows = 0, EstimatedRows = copy.Rows + rows, IsStale = false }
            : copy with
            {
                Phase = isLast ? CopyPhase.Done : copy.Phase == CopyPhase.Refreshing ? CopyPhase.Refreshing : CopyPhase.Copying,
                Cursor = isLast ? null : lastKey ?? copy.Cursor,
                Rows = copy.Rows + rows,
            };
}
