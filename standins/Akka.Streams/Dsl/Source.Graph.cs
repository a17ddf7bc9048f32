using Akka.Actor;
using Akka.Streams.Engine;
using Akka.Streams.Stages;

namespace Akka.Streams.Dsl;

/// <summary>A stream with an open outlet.</summary>
public sealed class Source<TOut, TMat> : IFlow<TOut, TMat>, IGraph<SourceShape<TOut>, TMat>, ISourceBlueprint<TOut, TMat>
{
    private readonly Func<StreamRun, (Pipe<TOut> Output, TMat Value)> _start;
    private readonly Attributes _attributes;

    internal Source(Func<StreamRun, (Pipe<TOut>, TMat)> start, Attributes attributes = null)
        => (_start, _attributes) = (start, attributes ?? Attributes.None);

    public SourceShape<TOut> Shape => SourceShape<TOut>.Instance;

    public Source<TOut, TMat> AddAttributes(Attributes attributes) => WithAttributes(_attributes.And(attributes));

    /// <summary>Puts a buffer of 16 elements here, so that both sides run at once.</summary>
    public Source<TOut, TMat> Async() => Linear((run, up) => Buffering.Buffer(run, up, 16, OverflowStrategy.Backpressure));

    public Source<TOut, TMat3> ConcatMaterialized<TMat2, TMat3>(IGraph<SourceShape<TOut>, TMat2> that, Func<TMat, TMat2, TMat3> materializedFunction)
        => new(run =>
        {
            var (first, left) = _start(run);
            var right = that.Blueprint().Start(run, out var second);
            return (Joining.Concat(run, first, second), materializedFunction(left, right));
        });

    public Source<TOut, TMat2> MapMaterializedValue<TMat2>(Func<TMat, TMat2> mapFunc)
        => new(run =>
        {
            var (output, value) = _start(run);
            return (output, mapFunc(value));
        }, _attributes);

    public Source<TOut, TMat> Named(string name) => AddAttributes(Attributes.CreateName(name));

    public Task<TOut2> RunAggregate<TOut2>(TOut2 zero, Func<TOut2, TOut, TOut2> aggregate, ActorSystem materializer)
        => RunWith(Sink.Aggregate(zero, aggregate), materializer);

    public Task<TOut2> RunAggregate<TOut2>(TOut2 zero, Func<TOut2, TOut, TOut2> aggregate, IMaterializer materializer)
        => RunWith(Sink.Aggregate(zero, aggregate), materializer);

    public Task RunForeach(Action<TOut> action, ActorSystem materializer) => RunWith(Sink.ForEach(action), materializer);

    public Task RunForeach(Action<TOut> action, IMaterializer materializer) => RunWith(Sink.ForEach(action), materializer);

    public TMat2 RunWith<TMat2>(IGraph<SinkShape<TOut>, TMat2> sink, ActorSystem materializer) => ToMaterialized(sink, Keep.Right).Run(materializer);

    public TMat2 RunWith<TMat2>(IGraph<SinkShape<TOut>, TMat2> sink, IMaterializer materializer) => ToMaterialized(sink, Keep.Right).Run(materializer);

    public IRunnableGraph<TMat> To<TMat2>(IGraph<SinkShape<TOut>, TMat2> sink) => ToMaterialized(sink, Keep.Left);

    public IRunnableGraph<TMat3> ToMaterialized<TMat2, TMat3>(IGraph<SinkShape<TOut>, TMat2> sink, Func<TMat, TMat2, TMat3> combine)
    {
        var reader = sink.Blueprint();
        return new RunnableGraph<TMat3>(run =>
        {
            var (output, left) = _start(run);
            return combine(left, reader.Attach(run, run.Guard(output)));
        });
    }

    public override string ToString() => $"Source({Shape}, {_attributes})";

    public Source<T2, TMat> Via<T2, TMat2>(IGraph<FlowShape<TOut, T2>, TMat2> flow) => ViaMaterialized(flow, Keep.Left);

    public Source<TOut2, TMat3> ViaMaterialized<TOut2, TMat2, TMat3>(IGraph<FlowShape<TOut, TOut2>, TMat2> flow, Func<TMat, TMat2, TMat3> combine)
    {
        var next = flow.Blueprint();
        return new Source<TOut2, TMat3>(run =>
        {
            var (output, left) = _start(run);
            var right = next.Attach(run, output, out var result);
            return (result, combine(left, right));
        });
    }

    public Source<TOut, TMat> WithAttributes(Attributes attributes) => new(run => run.Within(attributes, () => _start(run)), attributes);

    internal Source<TOut2, TMat> Linear<TOut2>(Func<StreamRun, Pipe<TOut>, Pipe<TOut2>> stage)
        => new(run =>
        {
            var (output, value) = _start(run);
            return (stage(run, output), value);
        });

    TMat ISourceBlueprint<TOut, TMat>.Start(StreamRun run, out Pipe<TOut> output)
    {
        (output, var value) = _start(run);
        return value;
    }

    IFlow<TOut, TMat2> IFlow<TOut, TMat>.MapMaterializedValue<TMat2>(Func<TMat, TMat2> mapFunc) => MapMaterializedValue(mapFunc);

    IFlow<T, TMat> IFlow<TOut, TMat>.Via<T, TMat2>(IGraph<FlowShape<TOut, T>, TMat2> flow) => Via(flow);

    IFlow<T2, TMat3> IFlow<TOut, TMat>.ViaMaterialized<T2, TMat2, TMat3>(IGraph<FlowShape<TOut, T2>, TMat2> flow, Func<TMat, TMat2, TMat3> combine)
        => ViaMaterialized(flow, combine);

    IGraph<SourceShape<TOut>, TMat> IGraph<SourceShape<TOut>, TMat>.AddAttributes(Attributes attributes) => AddAttributes(attributes);

    IGraph<SourceShape<TOut>, TMat> IGraph<SourceShape<TOut>, TMat>.Async() => Async();

    IGraph<SourceShape<TOut>, TMat> IGraph<SourceShape<TOut>, TMat>.Named(string name) => Named(name);

    IGraph<SourceShape<TOut>, TMat> IGraph<SourceShape<TOut>, TMat>.WithAttributes(Attributes attributes) => WithAttributes(attributes);
}
