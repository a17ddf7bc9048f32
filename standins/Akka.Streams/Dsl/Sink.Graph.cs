using Akka.Streams.Engine;

namespace Akka.Streams.Dsl;

/// <summary>A stream with an open inlet.</summary>
public sealed class Sink<TIn, TMat> : IGraph<SinkShape<TIn>, TMat>, ISinkBlueprint<TIn, TMat>
{
    private readonly Func<StreamRun, Pipe<TIn>, TMat> _attach;
    private readonly Attributes _attributes;

    internal Sink(Func<StreamRun, Pipe<TIn>, TMat> attach, Attributes attributes = null)
        => (_attach, _attributes) = (attach, attributes ?? Attributes.None);

    public SinkShape<TIn> Shape => SinkShape<TIn>.Instance;

    public Sink<TIn, TMat> AddAttributes(Attributes attributes) => WithAttributes(_attributes.And(attributes));

    public Sink<TIn, TMat> Async() => Flow.Create<TIn>().Async().ToMaterialized(this, Keep.Right);

    public Sink<TIn2, TMat> ContraMap<TIn2>(Func<TIn2, TIn> function) => Flow.FromFunction(function).ToMaterialized(this, Keep.Right);

    public Sink<TIn, TMat2> MapMaterializedValue<TMat2>(Func<TMat, TMat2> fn) => new((run, up) => fn(_attach(run, up)), _attributes);

    public Sink<TIn, TMat> Named(string name) => AddAttributes(Attributes.CreateName(name));

    public TMat2 RunWith<TMat2>(IGraph<SourceShape<TIn>, TMat2> source, IMaterializer materializer)
        => Source.FromGraph(source).To(this).Run(materializer);

    public override string ToString() => $"Sink({Shape}, {_attributes})";

    public Sink<TIn, TMat> WithAttributes(Attributes attributes) => new((run, up) => run.Within(attributes, () => _attach(run, up)), attributes);

    TMat ISinkBlueprint<TIn, TMat>.Attach(StreamRun run, Pipe<TIn> input) => _attach(run, input);

    IGraph<SinkShape<TIn>, TMat> IGraph<SinkShape<TIn>, TMat>.AddAttributes(Attributes attributes) => AddAttributes(attributes);

    IGraph<SinkShape<TIn>, TMat> IGraph<SinkShape<TIn>, TMat>.Async() => Async();

    IGraph<SinkShape<TIn>, TMat> IGraph<SinkShape<TIn>, TMat>.Named(string name) => Named(name);

    IGraph<SinkShape<TIn>, TMat> IGraph<SinkShape<TIn>, TMat>.WithAttributes(Attributes attributes) => WithAttributes(attributes);
}
