using Microsoft.Extensions.Logging;
using PolyglotSync.Kafka.Connecting;
using PolyglotSync.Kafka.Topics;

namespace PolyglotSync.Kafka.Capture;

/// <summary>Takes the changes of a source into the topics of their tables, with the cuts that make the stream of them again (docs/kafka.md).</summary>
public sealed class KafkaCapture : ICapture
{
    private readonly PipelineSettings _settings;
    private readonly KafkaSettings _kafka;
    private readonly CaptureSource _source;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private CaptureRun? _run;

    /// <param name="source">What is captured; disposed with the capture.</param>
    public KafkaCapture(PipelineSettings settings, CaptureSource source, ILoggerFactory loggers, TimeProvider time)
    {
        _settings = settings;
        _kafka = settings.Kafka ?? throw new ArgumentException("the pipeline has no broker", nameof(settings));
        _source = source;
        _time = time;
        _log = loggers.CreateLogger<KafkaCapture>();
    }

    /// <summary>Reaches for the broker once.</summary>
    /// <exception cref="PipelineFailure">Within the connect timeout: what is wrong, where, and what to do.</exception>
    public static async Task CheckAsync(PipelineSettings settings, CancellationToken cancellationToken) => await KafkaConnection.CheckAsync(settings.Kafka!, settings.Name, cancellationToken);

    public string Target => $"kafka://{_kafka.BootstrapServers}/{_kafka.Prefix}";

    public CaptureProgress Progress
    {
        get
        {
            var source = _source.Changes.Progress;
            return _run is { } run ? run.Progress(source) : new CaptureProgress(source, 0, Cut.Start, CopyState.Empty, 0, 0, 0, 0);
        }
    }

    public Task<Lsn> MarkAsync(CancellationToken cancellationToken) => _source.Changes.MarkAsync(cancellationToken);

    public async Task RunAsync(Action moved, CancellationToken stop)
    {
        var schema = await _source.Changes.DescribeAsync(stop);
        var mapping = _source.Map(schema);
        await _source.Changes.PrepareAsync(mapping, stop);
        var identity = await _source.IdentifyAsync(stop);
        List<TableName> tables = [.. mapping.Tables.Select(t => t.Table)];
        var topics = await EnsureAsync(tables, stop);
        // Making topics takes seconds. Another capture that has the slot since must not be fenced off by one that cannot have it: both would end.
        await _source.Changes.PrepareAsync(mapping, stop);
        try
        {
            using var offsets = new PartitionOffsets(_kafka, _settings.Name);
            var run = await BeginAsync(stop);
            // what was made for the first run holds something by the next
            topics = topics with { Made = [] };
            for (var isFirst = true; run is not null; isFirst = false)
            {
                await using var current = _run = run;
                // until the server has let go of the stream that was closed
                if (!isFirst) await _source.Changes.PrepareAsync(mapping, stop);
                run = await current.RunAsync(moved, BeginAsync, stop);
            }

            Task<CaptureRun> BeginAsync(CancellationToken cancellationToken) => CaptureRun.BeginAsync(_settings, _source, identity, topics, offsets, _time, _log, cancellationToken);
        }
        catch (PipelineFailure failure) when (KafkaFailures.IsMissing(failure))
        {
            throw await ConfirmedAsync(failure, tables, stop);
        }
    }

    public ValueTask DisposeAsync() => _source.Changes.DisposeAsync();

    private async Task<PipelineFailure> ConfirmedAsync(PipelineFailure failure, IReadOnlyCollection<TableName> tables, CancellationToken cancellationToken)
    {
        using var admin = new TopicAdmin(_kafka, _settings.Name);
        var names = new TopicNames(_kafka);
        return await admin.ConfirmedAsync(failure, [.. names.Of(tables).Values, names.Cuts], cancellationToken);
    }

    private async Task<TopicReport> EnsureAsync(IReadOnlyCollection<TableName> tables, CancellationToken cancellationToken)
    {
        using var admin = new TopicAdmin(_kafka, _settings.Name);
        var report = await admin.EnsureAsync(tables, cancellationToken);
        if (report.Made.Count > 0) CaptureLog.TopicsMade(_log, string.Join(", ", report.Made));
        foreach (var warning in report.Warnings) CaptureLog.TopicRemark(_log, warning);
        return report;
    }
}

/// <summary>What a capture takes from: this room knows no PostgreSQL.</summary>
/// <param name="Changes">The stream.</param>
/// <param name="Map">Which tables are taken, and by which keys.</param>
/// <param name="IdentifyAsync">Which database it is.</param>
/// <param name="HoldsAsync">True where the stream is this capture's at the moment, and nobody else can have it.</param>
public sealed record CaptureSource(
    IChangeSource Changes, Func<DatabaseSchema, GraphMapping> Map, Func<CancellationToken, Task<SourceIdentity>> IdentifyAsync, Func<CancellationToken, Task<bool>> HoldsAsync);
