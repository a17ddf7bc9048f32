using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Hosting;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Contracts;
using PolyglotSync.Kafka.PerKey;
using PolyglotSync.SyncNode.Api;

namespace PolyglotSync.SyncNode.Hosting;

/// <summary>
/// Dead letters of the node's pipelines: asks the stores themselves, so that letters can be read and discarded while a pipeline is paused or failed. A retry is remembered in the store first,
/// then the pipeline is told: should the node end in between, its next run finds it there.
/// </summary>
internal sealed class DeadLetterDesk(ActorSystem system, IPipelineFactory factory) : IDeadLetterDesk, IAsyncDisposable
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(5);

    /// <summary>Letters that are looked at together.</summary>
    private const int PageSize = 500;

    private readonly ConcurrentDictionary<string, (IDeadLetterStore Store, PipelineSettings Settings)> _pipelines = new();

    private IActorRef Pipelines => ActorRegistry.For(system).Get<PipelinesActor>();

    /// <summary>The node runs this pipeline from now on.</summary>
    public void Add(PipelineSettings settings) => _pipelines.GetOrAdd(settings.Name, _ => (factory.CreateDeadLetters(settings), settings));

    /// <summary>The pipeline has other settings from now on.</summary>
    public async Task ReplaceAsync(PipelineSettings settings)
    {
        await RemoveAsync(settings.Name);
        Add(settings);
    }

    /// <summary>The node runs this pipeline no more. Its letters stay in the source.</summary>
    public async Task RemoveAsync(string pipeline)
    {
        if (_pipelines.TryRemove(pipeline, out var known) && known.Store is IAsyncDisposable store) await store.DisposeAsync();
    }

    public Task<IReadOnlyList<StoredDeadLetter>> ListAsync(DeadLetterFilter filter, long? before, int limit, CancellationToken cancellationToken) =>
        Store(filter).ListAsync(filter, before, limit, cancellationToken);

    public async Task<IReadOnlyList<long>> RetryAsync(DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        var store = Store(filter);
        if (_pipelines[filter.Pipeline].Settings.Kafka is { Capture: CaptureMode.Debezium })
            throw new ApiRefusal(409, $"pipeline '{filter.Pipeline}' reads topics that Debezium writes, where a row cannot be asked for", KeyedChangeSource.NoRefresh);
        var pipeline = await AskAsync(filter.Pipeline, cancellationToken);
        if (pipeline.State is PipelineState.Paused or PipelineState.Failed or PipelineState.Stopped)
        {
            throw new ApiRefusal(409, $"pipeline '{filter.Pipeline}' is not running: it is {pipeline.State.ToString().ToLowerInvariant()}{(pipeline.Reason is null ? "" : $" ({pipeline.Reason})")}",
                "a retry goes through the running pipeline; start it first");
        }
        if (filter.Ids is not null)
        {
            var letters = await OpenAsync(store, filter, "retried", cancellationToken);
            if (letters.FirstOrDefault(l => l.Letter.Operation == DeadLetter.Message && pipeline.Mapping?.Find(l.Letter.Table) is not null && !Takes(pipeline.Mapping, l.Letter)) is { } keyless)
                throw new ApiRefusal(409, $"dead letter {keyless.Id} is a message whose key names no row of {keyless.Letter.Table}: there is nothing to read again", "discard it");
            if (letters.FirstOrDefault(l => !Takes(pipeline.Mapping, l.Letter)) is { } foreign)
                throw new ApiRefusal(409, $"dead letter {foreign.Id} is of table {foreign.Letter.Table}, which the pipeline does not take any more, or by another key", "discard it");
        }
        else if (pipeline.Mapping is { } mapping)
        {
            var tables = mapping.Tables.Select(t => t.Table).Where(t => filter.Tables?.Contains(t) != false).ToList();
            if (tables.Count == 0) throw new ApiRefusal(409, $"pipeline '{filter.Pipeline}' does not take table {filter.Tables?[0]}", null);
            filter = filter with { Tables = tables };
            filter = filter with { Except = await KeylessAsync(store, filter, mapping, cancellationToken) };
        }
        var ids = await store.RetryAsync(filter, cancellationToken);
        if (ids.Count > 0) Pipelines.Tell(new RetryDeadLetters(filter.Pipeline), ActorRefs.NoSender);
        return ids;
    }

    public async Task<IReadOnlyList<long>> DiscardAsync(DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        var store = Store(filter);
        if (filter.Ids is not null) await OpenAsync(store, filter, "discarded", cancellationToken);
        var ids = await store.DiscardAsync(filter, cancellationToken);
        if (ids.Count > 0) Pipelines.Tell(new DeadLettersClosed(filter.Pipeline, await store.CountAsync(filter.Pipeline, cancellationToken)), ActorRefs.NoSender);
        return ids;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _pipelines.Values.Select(p => p.Store).OfType<IAsyncDisposable>()) await store.DisposeAsync();
    }

    /// <summary>Open letters of messages whose key names no row: they would wait for a retry without end.</summary>
    private static async Task<IReadOnlyList<long>> KeylessAsync(IDeadLetterStore store, DeadLetterFilter filter, GraphMapping mapping, CancellationToken cancellationToken)
    {
        var keyless = new List<long>();
        IReadOnlyList<StoredDeadLetter> page;
        long? before = null;
        do
        {
            page = await store.ListAsync(filter with { State = DeadLetterState.Open, Operation = DeadLetter.Message }, before, PageSize, cancellationToken);
            keyless.AddRange(page.Where(l => !Takes(mapping, l.Letter)).Select(l => l.Id));
            before = page.Count > 0 ? page[^1].Id : null;
        }
        while (page.Count == PageSize);
        return keyless;
    }

    private static bool Takes(GraphMapping? mapping, DeadLetter letter) => mapping is null
        || (mapping.Find(letter.Table) is { } table && DeadLetterView.JsonOf(letter.Key) is { ValueKind: System.Text.Json.JsonValueKind.Object } key && table.Key.All(k => key.TryGetProperty(k, out _)));

    /// <exception cref="ApiRefusal">One of those that are named is unknown, or closed.</exception>
    private static async Task<IReadOnlyList<StoredDeadLetter>> OpenAsync(IDeadLetterStore store, DeadLetterFilter filter, string what, CancellationToken cancellationToken)
    {
        var letters = await store.ListAsync(filter, null, filter.Ids!.Count, cancellationToken);
        var unknown = filter.Ids.Except(letters.Select(l => l.Id)).ToList();
        if (unknown.Count > 0) throw DeadLetterApi.Unknown(filter.Pipeline, unknown);
        if (letters.FirstOrDefault(l => l.State != DeadLetterState.Open) is { } closed)
        {
            throw new ApiRefusal(409, $"dead letter {closed.Id} was {closed.State.ToString().ToLowerInvariant()} already, at {closed.ClosedAt:yyyy-MM-dd HH:mm:ss} UTC; nothing was {what}",
                closed.State == DeadLetterState.Discarded ? "any change of the row in the source that brings the whole row brings it into the graph" : null);
        }
        return letters;
    }

    private IDeadLetterStore Store(DeadLetterFilter filter) => _pipelines.TryGetValue(filter.Pipeline, out var known) ? known.Store
        : throw new ApiRefusal(404, $"this node runs no pipeline '{filter.Pipeline}'", _pipelines.IsEmpty ? null : $"it runs {string.Join(", ", _pipelines.Keys.Order(StringComparer.Ordinal))}");

    private async Task<MappingAnswer> AskAsync(string pipeline, CancellationToken cancellationToken)
    {
        try
        {
            return await Pipelines.Ask<MappingAnswer>(new GetMapping(pipeline), AnswerTime, cancellationToken);
        }
        catch (AskTimeoutException e)
        {
            throw new TimeoutException("the pipelines did not answer", e);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException)
        {
            throw new ApiRefusal(409, e.Message, null);
        }
    }
}
