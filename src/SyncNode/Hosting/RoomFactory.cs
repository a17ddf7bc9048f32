using Akka.Actor;
using Microsoft.Extensions.Logging;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Contracts;
using PolyglotSync.Graph;
using PolyglotSync.Graph.Inference;
using PolyglotSync.Kafka.Capture;
using PolyglotSync.Kafka.Consuming;
using PolyglotSync.Kafka.DeadLetters;
using PolyglotSync.Kafka.PerKey;
using PolyglotSync.Kafka.Sharing;
using PolyglotSync.Postgres;

namespace PolyglotSync.SyncNode.Hosting;

/// <summary>Makes a pipeline's parts from the Postgres, Kafka and Graph rooms.</summary>
/// <param name="showChanges">Whether changes may be shown as patterns: row data, so only where a person asked for it.</param>
/// <param name="node">What this node is called in the graph and in the log of incidents; null where nothing runs.</param>
/// <param name="system">Where Kafka's streams run; null where none is opened.</param>
/// <param name="followsOthers">Whether a pipeline may come from another node, which may be cut off and hold its slot still.</param>
internal sealed class RoomFactory(
    ILoggerFactory loggers, TimeProvider clock, bool showChanges, Func<ActorSystem>? system = null, string? node = null, bool followsOthers = false) : IPipelineFactory
{
    public IChangeSource CreateSource(PipelineSettings settings)
    {
        // what captures elsewhere needs more rights than what reads the topics here
        var database = new PostgresChangeSource(settings, loggers, clock, readsLog: settings.Kafka is null or { Capture: CaptureMode.Embedded }, followsOthers);
        var streams = system ?? (() => throw new InvalidOperationException("topics are read in a node only"));
        return settings.Kafka switch
        {
            null => database,
            { Capture: CaptureMode.Debezium } => new KeyedChangeSource(settings, database, streams, loggers),
            { Share: KafkaSharing.Partitions } => new SharedChangeSource(settings, database, database.IdentifyAsync, streams, loggers, clock),
            _ => new KafkaChangeSource(settings, database, database.IdentifyAsync, streams, loggers),
        };
    }

    /// <summary>What takes the pipeline's changes into Kafka.</summary>
    public ICapture CreateCapture(PipelineSettings settings)
    {
        var changes = new PostgresChangeSource(settings, loggers, clock, followsOthers: followsOthers);
        return new KafkaCapture(settings, new CaptureSource(changes, schema => CreateMapping(settings, schema).Mapping, changes.IdentifyAsync, changes.HoldsSlotAsync), loggers, clock);
    }

    public IGraphTarget CreateTarget(PipelineSettings settings) => GraphTargets.Create(settings.Target, settings.Limits, loggers, node);

    public IDeadLetterStore CreateDeadLetters(PipelineSettings settings) => settings.Kafka is { DeadLetterTopic: true } kafka
        ? new KafkaDeadLetterStore(new PostgresDeadLetterStore(settings), kafka, settings.Name) : new PostgresDeadLetterStore(settings);

    public IIncidentStore CreateIncidents(PipelineSettings settings) => new PostgresIncidentStore(settings, node ?? Environment.MachineName);

    public (GraphMapping Mapping, IReadOnlyList<string> Warnings) CreateMapping(PipelineSettings settings, DatabaseSchema schema)
    {
        var (mapping, warnings) = MappingInference.Infer(schema, settings.Mapping);
        return (mapping, [.. warnings.Select(w => w.ToString())]);
    }

    public string? Describe(GraphMapping mapping, in RowOperation operation) =>
        showChanges ? ChangePatterns.Describe(mapping, operation) : null;
}
