using PolyglotSync.Bench.Scenarios;

namespace PolyglotSync.Bench.Limit;

/// <summary>
/// A graph that is written from memory by the best statements known, which is the limit, and read to check what the product wrote. Batches of <see cref="BatchRows"/>,
/// each a transaction of its own.
/// </summary>
internal interface IBenchGraph : IAsyncDisposable
{
    Uri Address { get; }

    int BatchRows { get; }

    /// <summary>Deletes everything, state nodes, constraints and indexes too.</summary>
    Task WipeAsync();

    /// <summary>The constraint or index on the user's key.</summary>
    Task PrepareAsync();

    Task CreateUsersAsync(int from, int to);

    Task CreateFollowsAsync(BenchData data, int from, int to);

    /// <summary>Writes all columns of the row, as the row's new image holds them: which of them changed is not known to who captures.</summary>
    Task UpdateUsersAsync(BenchData data, int from, int to);

    /// <summary>Users, follows, and the sum of all ages.</summary>
    Task<(long Users, long Follows, long Ages)> CountAsync();

    Task<long?> AgeAsync(int id);
}
