#nullable enable
using Neo4j.Driver.Internal.Bolt;
using Neo4j.Driver.Internal.Pooling;

namespace Neo4j.Driver.Internal.Results;

/// <summary>
/// The records of one statement as they arrive, asked for in batches. An error is thrown to whoever looks first, once; the owner (a
/// session or transaction) hears of the end through <paramref name="ended"/>, the error it gets being null for a success.
/// </summary>
internal sealed class ResultStream(
    Query query, Lease lease, long fetchSize, Func<Dictionary<string, object?>?, Neo4jException?, Task> ended, Action ensureUsable)
{
    private readonly Queue<Record> _records = new();
    private Dictionary<string, object?> _startMetadata = [];
    private Dictionary<string, object?> _endMetadata = [];
    private Columns? _columns;
    private long _statement = -1;
    private bool _hasMore;
    private bool _complete;
    private bool _endTold;
    private bool _discarding;
    private bool _thrown;
    private Neo4jException? _error;

    /// <summary>RUN and the first PULL in one go; ends when they are sent.</summary>
    public async Task StartAsync(Dictionary<string, object?> extra)
    {
        try
        {
            await lease.Connection.SendAsync(
                new RunRequest(query, extra), new RunHandler(this), StreamRequest.Pull(fetchSize), new PullHandler(this)).ConfigureAwait(false);
        }
        catch (Neo4jException e)
        {
            var error = lease.Translate(e);
            _thrown = true;
            Fail(error);
            await TellEndAsync().ConfigureAwait(false);
            throw error;
        }
    }

    public async Task<string[]> KeysAsync()
    {
        while (_columns == null && !_complete) await AdvanceAsync().ConfigureAwait(false);
        ThrowOnce();
        return _columns?.Names ?? [];
    }

    /// <summary>Null at the end.</summary>
    public async ValueTask<Record?> NextAsync()
    {
        while (true)
        {
            if (_records.TryDequeue(out var record))
            {
                // Ask for more before the last ones are read, so that server and reader work at the same time.
                if (_hasMore && _records.Count < fetchSize * 3 / 10) await AskForMoreAsync().ConfigureAwait(false);
                return record;
            }

            if (_complete)
            {
                ThrowOnce();
                return null;
            }

            await AdvanceAsync().ConfigureAwait(false);
        }
    }

    public async Task<ResultSummary> ConsumeAsync()
    {
        _discarding = true;
        _records.Clear();
        while (!_complete) await AdvanceAsync().ConfigureAwait(false);
        await TellEndAsync().ConfigureAwait(false);
        ThrowOnce();
        return new ResultSummary(query, ServerInfo.Of(lease.Connection), _startMetadata, _endMetadata);
    }

    private async Task AdvanceAsync()
    {
        ensureUsable();
        try
        {
            if (_hasMore) await AskForMoreAsync().ConfigureAwait(false);
            await lease.Connection.ReceiveAsync().ConfigureAwait(false);
        }
        catch (Neo4jException e)
        {
            Fail(lease.Translate(e));
        }

        if (_complete) await TellEndAsync().ConfigureAwait(false);
    }

    private async Task AskForMoreAsync()
    {
        _hasMore = false;
        var request = _discarding ? StreamRequest.DiscardAll(_statement) : StreamRequest.Pull(fetchSize, _statement);
        await lease.Connection.SendAsync(request, new PullHandler(this)).ConfigureAwait(false);
    }

    private async Task TellEndAsync()
    {
        if (_endTold) return;
        _endTold = true;
        await ended(_error == null ? _endMetadata : null, _error).ConfigureAwait(false);
    }

    private void Fail(Neo4jException error)
    {
        _error ??= error;
        _complete = true;
        _hasMore = false;
    }

    private void FailTranslated(Neo4jException error)
    {
        // What a RUN's failure does to its PULL is no news.
        if (_error == null) Fail(lease.Translate(error));
    }

    private void ThrowOnce()
    {
        if (_error == null || _thrown) return;
        _thrown = true;
        throw _error;
    }

    private sealed class RunHandler(ResultStream stream) : ResponseHandler
    {
        public override void OnSuccess(Dictionary<string, object?> metadata)
        {
            stream._startMetadata = metadata;
            stream._statement = metadata.GetValueOrDefault("qid") as long? ?? -1;
            stream._columns = new Columns((metadata.GetValueOrDefault("fields") as List<object?> ?? []).OfType<string>().ToArray());
        }

        public override void OnFailure(Neo4jException error) => stream.FailTranslated(error);
    }

    private sealed class PullHandler(ResultStream stream) : ResponseHandler
    {
        public override void OnRecord(object?[] values)
        {
            if (!stream._discarding) stream._records.Enqueue(new Record(stream._columns!, values));
        }

        public override void OnSuccess(Dictionary<string, object?> metadata)
        {
            stream._hasMore = metadata.GetValueOrDefault("has_more") is true;
            stream._complete = !stream._hasMore;
            stream._endMetadata = metadata;
        }

        public override void OnFailure(Neo4jException error) => stream.FailTranslated(error);
    }
}
