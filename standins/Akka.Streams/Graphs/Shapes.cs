namespace Akka.Streams;

/// <summary>The kind of ends a graph has. Here it only types graphs: ports are not wired one by one.</summary>
public abstract class Shape : ICloneable
{
    protected Shape() { }

    public object Clone() => MemberwiseClone();

    public sealed override string ToString() => GetType().Name;
}

/// <summary>No open ends: it can be run.</summary>
public class ClosedShape : Shape
{
    public static readonly ClosedShape Instance = new();

    private ClosedShape() { }
}

/// <summary>One open outlet.</summary>
public sealed class SourceShape<TOut> : Shape
{
    internal static readonly SourceShape<TOut> Instance = new();

    private SourceShape() { }
}

/// <summary>One open inlet.</summary>
public sealed class SinkShape<TIn> : Shape
{
    internal static readonly SinkShape<TIn> Instance = new();

    private SinkShape() { }
}

/// <summary>One open inlet and one open outlet.</summary>
public interface IFlowShape
{
}

/// <inheritdoc cref="IFlowShape"/>
public sealed class FlowShape<TIn, TOut> : Shape, IFlowShape
{
    internal static readonly FlowShape<TIn, TOut> Instance = new();

    private FlowShape() { }
}
