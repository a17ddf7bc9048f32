#nullable enable
namespace Neo4j.Driver.Internal.Results;

internal sealed class ResultCursor(ResultStream stream) : IResultCursor
{
    private Task<string[]>? _keys;
    private Task<IResultSummary>? _summary;
    private Record? _current;
    private Record? _peeked;
    private bool _atEnd;

    public bool IsOpen => _summary == null;

    public IRecord Current
    {
        get
        {
            EnsureOpen();
            if (!_atEnd && _current == null && _peeked == null) throw new InvalidOperationException("Tried to access Current without calling FetchAsync.");
            return _current!;
        }
    }

    public Task<string[]> KeysAsync() => _keys ??= stream.KeysAsync();

    public Task<IResultSummary> ConsumeAsync()
    {
        if (_summary == null || _summary.IsFaulted) _summary = SummaryAsync();
        return _summary;
    }

    public async Task<IRecord> PeekAsync()
    {
        EnsureOpen();
        if (_peeked == null && !_atEnd)
        {
            _peeked = await stream.NextAsync().ConfigureAwait(false);
            _atEnd = _peeked == null;
        }

        return _peeked!;
    }

    public async Task<bool> FetchAsync()
    {
        EnsureOpen();
        (_current, _peeked) = (_peeked, null);
        if (_current == null && !_atEnd) _current = await stream.NextAsync().ConfigureAwait(false);
        _atEnd = _current == null;
        return !_atEnd;
    }

    public async IAsyncEnumerator<IRecord> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        while (await FetchAsync().ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return _current!;
        }
    }

    private async Task<IResultSummary> SummaryAsync() => await stream.ConsumeAsync().ConfigureAwait(false);

    private void EnsureOpen()
    {
        if (_summary != null)
        {
            throw new ResultConsumedException(
                "Cannot access records on this result any more as the result has already been consumed or the query runner where the result is created has already been closed.");
        }
    }
}
