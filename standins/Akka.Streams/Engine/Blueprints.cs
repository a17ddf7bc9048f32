namespace Akka.Streams.Engine;

/// <summary>What every source of this assembly can do: start within a run.</summary>
internal interface ISourceBlueprint<TOut, out TMat>
{
    TMat Start(StreamRun run, out Pipe<TOut> output);
}

/// <summary>What every flow of this assembly can do: attach to what comes in.</summary>
internal interface IFlowBlueprint<TIn, TOut, out TMat>
{
    TMat Attach(StreamRun run, Pipe<TIn> input, out Pipe<TOut> output);
}

/// <summary>What every sink of this assembly can do: start reading.</summary>
internal interface ISinkBlueprint<TIn, out TMat>
{
    TMat Attach(StreamRun run, Pipe<TIn> input);
}

internal interface IRunnableBlueprint<out TMat>
{
    TMat Start(StreamRun run);
}

internal static class Blueprints
{
    public static ISourceBlueprint<T, TMat> Blueprint<T, TMat>(this IGraph<SourceShape<T>, TMat> graph)
        => graph as ISourceBlueprint<T, TMat> ?? throw Foreign(graph);

    public static IFlowBlueprint<TIn, TOut, TMat> Blueprint<TIn, TOut, TMat>(this IGraph<FlowShape<TIn, TOut>, TMat> graph)
        => graph as IFlowBlueprint<TIn, TOut, TMat> ?? throw Foreign(graph);

    public static ISinkBlueprint<T, TMat> Blueprint<T, TMat>(this IGraph<SinkShape<T>, TMat> graph)
        => graph as ISinkBlueprint<T, TMat> ?? throw Foreign(graph);

    public static IRunnableBlueprint<TMat> Blueprint<TMat>(this IGraph<ClosedShape, TMat> graph)
        => graph as IRunnableBlueprint<TMat> ?? throw Foreign(graph);

    private static NotSupportedException Foreign(object graph)
        => new($"This stand-in of Akka.Streams runs only graphs built from its own Source, Flow and Sink; {graph?.GetType().Name ?? "null"} is none.");
}
