using Akka.Event;

namespace Akka.Streams;

/// <summary>Runs graphs.</summary>
public interface IMaterializer
{
    TMat Materialize<TMat>(IGraph<ClosedShape, TMat> runnable);

    TMat Materialize<TMat>(IGraph<ClosedShape, TMat> runnable, Attributes initialAttributes);
}

/// <summary>Gives the parts of a stream their log.</summary>
public interface IMaterializerLoggingProvider
{
    ILoggingAdapter MakeLogger(object logSource);
}
