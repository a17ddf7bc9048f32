using Confluent.Kafka;
using PolyglotSync.Kafka.Connecting;
using PolyglotSync.Kafka.Topics;

namespace PolyglotSync.Kafka.DeadLetters;

/// <summary>
/// Letters go to <c>PREFIX.__dead</c> too, before they count as stored: whoever reads the topic misses none, and may see one twice where the store behind it failed. What becomes of a letter
/// later (counts, states, retries) is the store's alone.
/// </summary>
public sealed class KafkaDeadLetterStore(IDeadLetterStore store, KafkaSettings settings, string pipeline) : IDeadLetterStore, IAsyncDisposable
{
    private readonly string _topic = new TopicNames(settings).Dead;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly BrokerTrouble _heard = new();
    private IProducer<byte[], byte[]>? _producer;

    public async Task<int> AddAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(letters);
        if (letters.Count > 0) await ProduceAsync(letters, cancellationToken);
        return await store.AddAsync(letters, cancellationToken);
    }

    public Task<long> CountAsync(string pipeline, CancellationToken cancellationToken) => store.CountAsync(pipeline, cancellationToken);

    public Task<IReadOnlyList<DeadKey>> KeysAsync(string pipeline, CancellationToken cancellationToken) => store.KeysAsync(pipeline, cancellationToken);

    public Task ResolveAsync(string pipeline, IReadOnlyList<DeadKey> keys, CancellationToken cancellationToken) => store.ResolveAsync(pipeline, keys, cancellationToken);

    public Task<IReadOnlyList<StoredDeadLetter>> ListAsync(DeadLetterFilter filter, long? before, int limit, CancellationToken cancellationToken) =>
        store.ListAsync(filter, before, limit, cancellationToken);

    public Task<IReadOnlyList<long>> RetryAsync(DeadLetterFilter filter, CancellationToken cancellationToken) => store.RetryAsync(filter, cancellationToken);

    public Task<IReadOnlyList<DeadKey>> RetriedAsync(string pipeline, CancellationToken cancellationToken) => store.RetriedAsync(pipeline, cancellationToken);

    public Task<IReadOnlyList<long>> DiscardAsync(DeadLetterFilter filter, CancellationToken cancellationToken) => store.DiscardAsync(filter, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        _producer?.Dispose();
        _producer = null;
        if (store is IAsyncDisposable disposable) await disposable.DisposeAsync();
    }

    private async Task ProduceAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            _producer ??= await OpenAsync(cancellationToken);
            var producer = _producer;
            await Task.WhenAll(letters.Select(letter => producer.ProduceAsync(_topic, DeadLetterMessage.Of(letter, settings.MaxMessageBytes), cancellationToken)));
            _heard.Clear();
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // after some errors an idempotent producer is of no use any more
            _producer?.Dispose();
            _producer = null;
            var failure = KafkaFailures.Classify(e, $"{settings.BootstrapServers}, topic '{_topic}'", _heard);
            throw failure.Class == FailureClass.Transient ? failure
                : new PipelineFailure(failure.Class, $"dead letters cannot be kept: {failure.Message}; or set kafka.dead_letter_topic: false", failure) { ExitCode = failure.ExitCode };
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<IProducer<byte[], byte[]>> OpenAsync(CancellationToken cancellationToken)
    {
        using (var admin = new TopicAdmin(settings, pipeline)) await admin.EnsureDeadLettersAsync(cancellationToken);
        return new ProducerBuilder<byte[], byte[]>(KafkaClients.Producer(settings, pipeline))
            .SetErrorHandler((_, error) => _heard.Hear(error)).SetLogHandler(static (_, _) => { }).Build();
    }
}
