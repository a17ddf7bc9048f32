using Akka.Streams.Engine;
using Akka.Streams.Stages;

namespace Akka.Streams.Dsl;

/// <summary>Makes flows.</summary>
public static class Flow
{
    public static Flow<T, T, NotUsed> Create<T>() => new((_, up) => (up, NotUsed.Instance));

    /// <summary>A flow whose materialized value is the default of its type.</summary>
    public static Flow<T, T, TMat> Create<T, TMat>() => new((_, up) => (up, default(TMat)));

    public static Flow<TIn, TOut, NotUsed> FromFunction<TIn, TOut>(Func<TIn, TOut> function) => Create<TIn>().Select(function);

    public static Flow<TIn, TOut, TMat> FromGraph<TIn, TOut, TMat>(IGraph<FlowShape<TIn, TOut>, TMat> graph)
    {
        if (graph is Flow<TIn, TOut, TMat> flow)
            return flow;
        var inner = graph.Blueprint();
        return new Flow<TIn, TOut, TMat>((run, up) =>
        {
            var value = inner.Attach(run, up, out var output);
            return (output, value);
        });
    }
}

/// <summary>A stream with an open inlet and an open outlet.</summary>
public sealed class Flow<TIn, TOut, TMat> : IFlow<TOut, TMat>, IGraph<FlowShape<TIn, TOut>, TMat>, IFlowBlueprint<TIn, TOut, TMat>
{
    private readonly Func<StreamRun, Pipe<TIn>, (Pipe<TOut> Output, TMat Value)> _attach;
    private readonly Attributes _attributes;

    internal Flow(Func<StreamRun, Pipe<TIn>, (Pipe<TOut>, TMat)> attach, Attributes attributes = null)
        => (_attach, _attributes) = (attach, attributes ?? Attributes.None);

    public FlowShape<TIn, TOut> Shape => FlowShape<TIn, TOut>.Instance;

    public Flow<TIn, TOut, TMat> AddAttributes(Attributes attributes) => WithAttributes(_attributes.And(attributes));

    /// <summary>Puts a buffer of 16 elements here, so that both sides run at once.</summary>
    public Flow<TIn, TOut, TMat> Async() => Linear((run, up) => Buffering.Buffer(run, up, 16, OverflowStrategy.Backpressure));

    public Flow<TIn, TOut, TMat2> MapMaterializedValue<TMat2>(Func<TMat, TMat2> mapFunc)
        => new((run, up) =>
        {
            var (output, value) = _attach(run, up);
            return (output, mapFunc(value));
        }, _attributes);

    public Flow<TIn, TOut, TMat> Named(string name) => AddAttributes(Attributes.CreateName(name));

    public Sink<TIn, TMat> To<TMat2>(IGraph<SinkShape<TOut>, TMat2> sink) => ToMaterialized(sink, Keep.Left);

    public Sink<TIn, TMat3> ToMaterialized<TMat2, TMat3>(IGraph<SinkShape<TOut>, TMat2> sink, Func<TMat, TMat2, TMat3> combine)
    {
        var reader = sink.Blueprint();
        return new Sink<TIn, TMat3>((run, up) =>
        {
            var (output, left) = _attach(run, up);
            return combine(left, reader.Attach(run, output));
        });
    }

    public override string ToString() => $"Flow({Shape}, {_attributes})";

    public Flow<TIn, T2, TMat> Via<T2, TMat2>(IGraph<FlowShape<TOut, T2>, TMat2> flow) => ViaMaterialized(flow, Keep.Left);

    public Flow<TIn, TOut2, TMat3> ViaMaterialized<TOut2, TMat2, TMat3>(IGraph<FlowShape<TOut, TOut2>, TMat2> flow, Func<TMat, TMat2, TMat3> combine)
    {
        var next = flow.Blueprint();
        return new Flow<TIn, TOut2, TMat3>((run, up) =>
        {
            var (output, left) = _attach(run, up);
            var right = next.Attach(run, output, out var result);
            return (result, combine(left, right));
        });
    }

    public Flow<TIn, TOut, TMat> WithAttributes(Attributes attributes) => new((run, up) => run.Within(attributes, () => _attach(run, up)), attributes);

    internal Flow<TIn, TOut2, TMat> Linear<TOut2>(Func<StreamRun, Pipe<TOut>, Pipe<TOut2>> stage)
        => new((run, up) =>
        {
            var (output, value) = _attach(run, up);
            return (stage(run, output), value);
        });

    TMat IFlowBlueprint<TIn, TOut, TMat>.Attach(StreamRun run, Pipe<TIn> input, out Pipe<TOut> output)
    {
        (output, var value) = _attach(run, input);
        return value;
    }

    IFlow<TOut, TMat2> IFlow<TOut, TMat>.MapMaterializedValue<TMat2>(Func<TMat, TMat2> mapFunc) => MapMaterializedValue(mapFunc);

    IFlow<T, TMat> IFlow<TOut, TMat>.Via<T, TMat2>(IGraph<FlowShape<TOut, T>, TMat2> flow) => Via(flow);

    IFlow<T2, TMat3> IFlow<TOut, TMat>.ViaMaterialized<T2, TMat2, TMat3>(IGraph<FlowShape<TOut, T2>, TMat2> flow, Func<TMat, TMat2, TMat3> combine)
        => ViaMaterialized(flow, combine);

    IGraph<FlowShape<TIn, TOut>, TMat> IGraph<FlowShape<TIn, TOut>, TMat>.AddAttributes(Attributes attributes) => AddAttributes(attributes);

    IGraph<FlowShape<TIn, TOut>, TMat> IGraph<FlowShape<TIn, TOut>, TMat>.Async() => Async();

    IGraph<FlowShape<TIn, TOut>, TMat> IGraph<FlowShape<TIn, TOut>, TMat>.Named(string name) => Named(name);

    IGraph<FlowShape<TIn, TOut>, TMat> IGraph<FlowShape<TIn, TOut>, TMat>.WithAttributes(Attributes attributes) => WithAttributes(attributes);
}
