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

    /// <summary>The state with every table of the mapping in it: what was not known is pending.</summary>
    public static CopyState Complete(CopyState state, IReadOnlyList<TableSchema> tables) => new(tables.ToDictionary(
        t => t.Name.ToString(), t => state[t.Name] ?? new TableCopy(CopyPhase.Pending, null, 0, t.EstimatedRows)));

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
        isLast && copy.Phase != CopyPhase.Refreshing && plan.Refreshed.Contains(table)
            ? new TableCopy(CopyPhase.Refreshing, null, 0, copy.Rows + rows)
            : copy with
            {
                Phase = isLast ? CopyPhase.Done : copy.Phase == CopyPhase.Refreshing ? CopyPhase.Refreshing : CopyPhase.Copying,
                Cursor = isLast ? null : lastKey ?? copy.Cursor,
                Rows = copy.Rows + rows,
            };
}
