using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Tests;

/// <summary>Dead letters in memory.</summary>
internal sealed class FakeDeadLetters : IDeadLetterStore
{
    private readonly Lock _lock = new();
    private readonly List<DeadLetter> _open = [];
    private readonly List<DeadKey> _resolved = [];

    /// <summary>Thrown by the next calls, in turn.</summary>
    public Queue<Exception> Failures { get; } = new();

    public IReadOnlyList<DeadLetter> Open
    {
        get { lock (_lock) return [.. _open]; }
    }

    public IReadOnlyList<DeadKey> Resolved
    {
        get { lock (_lock) return [.. _resolved]; }
    }

    public Task AddAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (Failures.TryDequeue(out var failure)) return Task.FromException(failure);
            _open.AddRange(letters.Where(l => !_open.Exists(o => (o.Table, o.Key, o.Position) == (l.Table, l.Key, l.Position))));
        }
        return Task.CompletedTask;
    }

    public Task<long> CountAsync(string pipeline, CancellationToken cancellationToken) => Task.FromResult((long)Open.Count);

    public Task<IReadOnlyList<DeadLetter>> ListAsync(string pipeline, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DeadLetter>>([.. Open.Reverse().Take(limit)]);

    public Task<IReadOnlyList<DeadKey>> KeysAsync(string pipeline, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DeadKey>>([.. Open.Select(l => new DeadKey(l.Table, l.Key)).Distinct()]);

    public Task ResolveAsync(string pipeline, IReadOnlyList<DeadKey> keys, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (Failures.TryDequeue(out var failure)) return Task.FromException(failure);
            _open.RemoveAll(l => keys.Contains(new DeadKey(l.Table, l.Key)));
            _resolved.AddRange(keys);
        }
        return Task.CompletedTask;
    }
}
