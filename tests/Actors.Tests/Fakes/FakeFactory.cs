using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Tests;

/// <summary>Gives the pipeline fakes: a new source for each run, one graph and one dead letter store for all.</summary>
internal sealed class FakeFactory : IPipelineFactory
{
    private readonly Lock _lock = new();
    private readonly List<FakeSource> _sources = [];

    public FakeTarget Target { get; init; } = new();

    public FakeDeadLetters Letters { get; } = new();

    /// <summary>What describing the source does, in each run to come.</summary>
    public Func<Task> Describing { get; set; } = () => Task.CompletedTask;

    /// <summary>Asked before a source is made, on the thread of the pipeline's actor.</summary>
    public Action Creating { get; set; } = () => { };

    /// <summary>Dealt to each source to come.</summary>
    public IReadOnlyList<SourcePartition>? Partitions { get; set; }

    public bool HasCuts { get; set; }

    /// <summary>What marking the log of each source gives.</summary>
    public Func<Task<Lsn>> Marking { get; set; } = () => Task.FromResult(new Lsn(1));

    public IReadOnlyList<FakeSource> Sources
    {
        get { lock (_lock) return [.. _sources]; }
    }

    public FakeSource Source => Sources[^1];

    public IChangeSource CreateSource(PipelineSettings settings)
    {
        Creating();
        var source = new FakeSource { Describing = () => Describing(), Partitions = Partitions, HasCuts = HasCuts, Marking = () => Marking() };
        lock (_lock) _sources.Add(source);
        return source;
    }

    public IGraphTarget CreateTarget(PipelineSettings settings) => Target;

    public IDeadLetterStore CreateDeadLetters(PipelineSettings settings) => Letters;

    public IIncidentStore CreateIncidents(PipelineSettings settings) => throw new NotSupportedException("the pipeline publishes its incidents; who stores them is not its business");

    public (GraphMapping Mapping, IReadOnlyList<string> Warnings) CreateMapping(PipelineSettings settings, DatabaseSchema schema) => (new GraphMapping([]), []);

    public string? Describe(GraphMapping mapping, in RowOperation operation) => $"{operation.Kind}";
}
