using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Tests;

/// <summary>Dead letters in memory, one for each row.</summary>
internal sealed class FakeDeadLetters : IDeadLetterStore, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<StoredDeadLetter> _letters = [];
    private readonly List<DeadKey> _resolved = [];

    /// <summary>Thrown by the next calls, in turn.</summary>
    public Queue<Exception> Failures { get; } = new();

    /// <summary>How often it was asked for what a person wants retried.</summary>
    public int Looked { get; private set; }

    /// <summary>Asked before it counts.</summary>
    public Func<Task> Counting { get; set; } = () => Task.CompletedTask;

    /// <summary>How often it was closed: by one run after the other.</summary>
    public int Closed { get; private set; }

    public IReadOnlyList<DeadLetter> Open
    {
        get { lock (_lock) return [.. _letters.Where(l => l.State == DeadLetterState.Open).Select(l => l.Letter)]; }
    }

    public IReadOnlyList<StoredDeadLetter> All
    {
        get { lock (_lock) return [.. _letters]; }
    }

    public IReadOnlyList<DeadKey> Resolved
    {
        get { lock (_lock) return [.. _resolved]; }
    }

    public Task<int> AddAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (Failures.TryDequeue(out var failure)) return Task.FromException<int>(failure);
            return Task.FromResult(letters.Count(Opens));
        }
    }

    public async Task<long> CountAsync(string pipeline, CancellationToken cancellationToken)
    {
        await Counting();
        return Open.Count;
    }

    public ValueTask DisposeAsync()
    {
        Closed++;
        return ValueTask.CompletedTask;
    }

    public Task<IReadOnlyList<DeadKey>> KeysAsync(string pipeline, CancellationToken cancellationToken) => Keys(l => l.State != DeadLetterState.Resolved);

    public Task<IReadOnlyList<DeadKey>> RetriedAsync(string pipeline, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Looked++;
            if (Failures.TryDequeue(out var failure)) return Task.FromException<IReadOnlyList<DeadKey>>(failure);
        }
        return Keys(l => l is { State: DeadLetterState.Open, RetriedAt: not null });
    }

    public Task ResolveAsync(string pipeline, IReadOnlyList<DeadKey> keys, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (Failures.TryDequeue(out var failure)) return Task.FromException(failure);
            for (var i = 0; i < _letters.Count; i++)
                if (keys.Contains(KeyOf(_letters[i]))) _letters[i] = _letters[i] with { State = DeadLetterState.Resolved, RetriedAt = null };
            _resolved.AddRange(keys);
        }
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<StoredDeadLetter>> ListAsync(DeadLetterFilter filter, long? before, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<StoredDeadLetter>>([.. All.Reverse().Where(l => filter.Ids?.Contains(l.Id) != false).Take(limit)]);

    public Task<IReadOnlyList<long>> RetryAsync(DeadLetterFilter filter, CancellationToken cancellationToken) =>
        Change(filter, l => l with { RetriedAt = DateTimeOffset.UnixEpoch });

    public Task<IReadOnlyList<long>> DiscardAsync(DeadLetterFilter filter, CancellationToken cancellationToken) =>
        Change(filter, l => l with { State = DeadLetterState.Discarded, RetriedAt = null });

    private static DeadKey KeyOf(StoredDeadLetter letter) => new(letter.Letter.Table, letter.Letter.Key);

    private bool Opens(DeadLetter letter)
    {
        var same = _letters.FindIndex(l => l.State == DeadLetterState.Open && KeyOf(l) == new DeadKey(letter.Table, letter.Key));
        if (same < 0)
        {
            _letters.Add(new StoredDeadLetter(_letters.Count + 1, letter, 1, letter.At, DeadLetterState.Open, null, null));
            return true;
        }
        var known = _letters[same];
        if (known.Letter.Position == letter.Position) return false;
        _letters[same] = letter.Follows ? known with { Count = known.Count + 1 } : known with { Letter = letter, Count = known.Count + 1, RetriedAt = null };
        return false;
    }

    private Task<IReadOnlyList<DeadKey>> Keys(Func<StoredDeadLetter, bool> which) => Task.FromResult<IReadOnlyList<DeadKey>>([.. All.Where(which).Select(KeyOf).Distinct()]);

    private Task<IReadOnlyList<long>> Change(DeadLetterFilter filter, Func<StoredDeadLetter, StoredDeadLetter> change)
    {
        var changed = new List<long>();
        lock (_lock)
        {
            for (var i = 0; i < _letters.Count; i++)
            {
                if (_letters[i].State != DeadLetterState.Open || filter.Ids?.Contains(_letters[i].Id) == false) continue;
                _letters[i] = change(_letters[i]);
                changed.Add(_letters[i].Id);
            }
        }
        return Task.FromResult<IReadOnlyList<long>>(changed);
    }
}
