namespace Akka.Streams.Dsl;

/// <summary>What sources and flows have in common: an open outlet.</summary>
public interface IFlow<TOut, out TMat>
{
    IFlow<TOut, TMat2> MapMaterializedValue<TMat2>(Func<TMat, TMat2> mapFunc);

    IFlow<T, TMat> Via<T, TMat2>(IGraph<FlowShape<TOut, T>, TMat2> flow);

    IFlow<T2, TMat3> ViaMaterialized<T2, TMat2, TMat3>(IGraph<FlowShape<TOut, T2>, TMat2> flow, Func<TMat, TMat2, TMat3> combine);
}

/// <summary>A stream with both ends closed.</summary>
public interface IRunnableGraph<out TMat> : IGraph<ClosedShape, TMat>
{
    new IRunnableGraph<TMat> AddAttributes(Attributes attributes);

    IRunnableGraph<TMat2> MapMaterializedValue<TMat2>(Func<TMat, TMat2> func);

    new IRunnableGraph<TMat> Named(string name);

    TMat Run(Akka.Actor.ActorSystem actorSystem);

    TMat Run(IMaterializer materializer);

    new IRunnableGraph<TMat> WithAttributes(Attributes attributes);
}
