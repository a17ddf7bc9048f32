namespace Akka.Streams;

/// <summary>A blueprint of a part of a stream; nothing runs before it is materialized.</summary>
public interface IGraph<out TShape>
    where TShape : Shape
{
    TShape Shape { get; }
}

/// <summary>A blueprint that yields a value when materialized.</summary>
public interface IGraph<out TShape, out TMaterialized> : IGraph<TShape>
    where TShape : Shape
{
    IGraph<TShape, TMaterialized> AddAttributes(Attributes attributes);

    IGraph<TShape, TMaterialized> Async();

    IGraph<TShape, TMaterialized> Named(string name);

    IGraph<TShape, TMaterialized> WithAttributes(Attributes attributes);
}
