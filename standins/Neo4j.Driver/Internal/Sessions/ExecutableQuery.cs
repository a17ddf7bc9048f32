#nullable enable
namespace Neo4j.Driver.Internal.Sessions;

/// <summary>Reads a statement's records whole in a managed write transaction, then hands them through the chain of maps and filters.</summary>
internal sealed class ExecutableQuery<TIn, TOut>(IDriver driver, Query query, Func<IEnumerable<IRecord>, IEnumerable<TOut>> chain)
    : IExecutableQuery<TIn, TOut>
{
    public IExecutableQuery<TIn, TOut> WithParameters(object parameters) =>
        new ExecutableQuery<TIn, TOut>(driver, new Query(query.Text, parameters), chain);

    public IExecutableQuery<TIn, TOut> WithParameters(Dictionary<string, object?> parameters) =>
        new ExecutableQuery<TIn, TOut>(driver, new Query(query.Text, (IDictionary<string, object?>)parameters), chain);

    public IConfiguredQuery<TOut, TNext> WithMap<TNext>(Func<TOut, TNext> map) =>
        new ExecutableQuery<TOut, TNext>(driver, query, records => chain(records).Select(map));

    public IConfiguredQuery<TIn, TOut> WithFilter(Func<TOut, bool> filter) =>
        new ExecutableQuery<TIn, TOut>(driver, query, records => chain(records).Where(filter));

    public async Task<EagerResult<IReadOnlyList<TOut>>> ExecuteAsync(CancellationToken token = default)
    {
        var session = driver.AsyncSession();
        await using var owned = session.ConfigureAwait(false);
        return await session.ExecuteWriteAsync(async runner =>
        {
            token.ThrowIfCancellationRequested();
            var cursor = await runner.RunAsync(query).ConfigureAwait(false);
            var records = await cursor.ToListAsync(token).ConfigureAwait(false);
            return new EagerResult<IReadOnlyList<TOut>>
            {
                Result = chain(records).ToList(),
                Keys = await cursor.KeysAsync().ConfigureAwait(false),
                Summary = await cursor.ConsumeAsync().ConfigureAwait(false),
            };
        }).ConfigureAwait(false);
    }
}
