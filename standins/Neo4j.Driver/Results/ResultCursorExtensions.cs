namespace Neo4j.Driver;

/// <summary>Reads whole results.</summary>
public static class ResultCursorExtensions
{
    /// <exception cref="InvalidOperationException">There is no record, or more than one.</exception>
    public static Task<IRecord> SingleAsync(this IResultCursor result) => SingleAsync(result, record => record);

    /// <inheritdoc cref="SingleAsync(IResultCursor)"/>
    public static async Task<T> SingleAsync<T>(this IResultCursor result, Func<IRecord, T> operation)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (!await result.FetchAsync().ConfigureAwait(false)) throw new InvalidOperationException("The result is empty.");
        var record = result.Current;
        if (await result.FetchAsync().ConfigureAwait(false)) throw new InvalidOperationException("The result contains more than one element.");
        return operation(record);
    }

    public static Task<List<IRecord>> ToListAsync(this IResultCursor result, CancellationToken cancellationToken) =>
        ToListAsync(result, 0, cancellationToken);

    public static async Task<List<IRecord>> ToListAsync(
        this IResultCursor result, int initialCapacity = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(result);
        var list = new List<IRecord>(Math.Max(0, initialCapacity));
        await foreach (var record in result.WithCancellation(cancellationToken).ConfigureAwait(false)) list.Add(record);
        return list;
    }

    public static async Task<List<T>> ToListAsync<T>(this IResultCursor result, Func<IRecord, T> operation, int initialCapacity = 0)
    {
        ArgumentNullException.ThrowIfNull(result);
        var list = new List<T>(Math.Max(0, initialCapacity));
        await foreach (var record in result.ConfigureAwait(false)) list.Add(operation(record));
        return list;
    }

    public static async Task<IResultSummary> ForEachAsync(this IResultCursor result, Action<IRecord> operation)
    {
        ArgumentNullException.ThrowIfNull(result);
        await foreach (var record in result.ConfigureAwait(false)) operation(record);
        return await result.ConsumeAsync().ConfigureAwait(false);
    }
}
