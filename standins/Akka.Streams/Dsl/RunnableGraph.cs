using Akka.Actor;
using Akka.Streams.Engine;

namespace Akka.Streams.Dsl;

/// <inheritdoc cref="IRunnableGraph{TMat}"/>
public sealed class RunnableGraph<TMat> : IRunnableGraph<TMat>, IRunnableBlueprint<TMat>
{
    private readonly Func<StreamRun, TMat> _start;

    internal RunnableGraph(Func<StreamRun, TMat> start) => _start = start;

    public ClosedShape Shape => ClosedShape.Instance;

    public IRunnableGraph<TMat> AddAttributes(Attributes attributes) => this;

    public IRunnableGraph<TMat> Async() => this;

    public IRunnableGraph<TMat2> MapMaterializedValue<TMat2>(Func<TMat, TMat2> func) => new RunnableGraph<TMat2>(run => func(_start(run)));

    public IRunnableGraph<TMat> Named(string name) => this;

    public TMat Run(ActorSystem actorSystem) => Run(LoopMaterializer.Of(actorSystem));

    public TMat Run(IMaterializer materializer) => materializer.Materialize(this);

    public IRunnableGraph<TMat> WithAttributes(Attributes attributes) => this;

    TMat IRunnableBlueprint<TMat>.Start(StreamRun run) => _start(run);

    IGraph<ClosedShape, TMat> IGraph<ClosedShape, TMat>.AddAttributes(Attributes attributes) => this;

    IGraph<ClosedShape, TMat> IGraph<ClosedShape, TMat>.Async() => this;

    IGraph<ClosedShape, TMat> IGraph<ClosedShape, TMat>.Named(string name) => this;

    IGraph<ClosedShape, TMat> IGraph<ClosedShape, TMat>.WithAttributes(Attributes attributes) => this;
}

/// <inheritdoc cref="IRunnableGraph{TMat}"/>
public static class RunnableGraph
{
    public static RunnableGraph<TMat> FromGraph<TMat>(IGraph<ClosedShape, TMat> g)
        => g as RunnableGraph<TMat> ?? new RunnableGraph<TMat>(g.Blueprint().Start);
}
