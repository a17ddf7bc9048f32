using Akka.Actor;
using Akka.Streams;

namespace StandIns.Tests.Streams;

/// <summary>A system and a materializer for the specs of streams; what never comes fails after ten seconds.</summary>
public abstract class StreamsSpecs : IAsyncLifetime
{
    protected static readonly TimeSpan Soon = Eventually.Bound;

    protected ActorSystem Sys { get; } = ActorSystem.Create("streams");

    protected ActorMaterializer Materializer { get; }

    protected StreamsSpecs() => Materializer = Sys.Materializer();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Sys.Terminate();
}
