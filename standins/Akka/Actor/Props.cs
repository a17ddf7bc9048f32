using System.Linq.Expressions;
using System.Reflection;

namespace Akka.Actor;

/// <summary>Makes actors in a way of its own.</summary>
public interface IIndirectActorProducer
{
    /// <summary>The type of the actor.</summary>
    Type ActorType { get; }

    /// <summary>Makes an instance.</summary>
    ActorBase Produce();

    /// <summary>Takes an instance back after its end.</summary>
    void Release(ActorBase actor);
}

/// <summary>What an actor is made of: type, arguments of the constructor, dispatcher. Immutable.</summary>
public class Props : IEquatable<Props>
{
    /// <summary>The props of no actor.</summary>
    public static readonly Props None = new(typeof(NoActor));

    private readonly IIndirectActorProducer _producer;

    /// <summary>By the constructor without parameters.</summary>
    public Props(Type type)
        : this(type, [])
    {
    }

    /// <summary>By the constructor for those arguments.</summary>
    public Props(Type type, object[] args)
    {
        Type = type ?? throw new ArgumentNullException(nameof(type), "Props must be instantiated with an actor type.");
        Arguments = args ?? [];
    }

    /// <summary>Copies.</summary>
    protected Props(Props copy)
    {
        Type = copy.Type;
        Arguments = copy.Arguments;
        Dispatcher = copy.Dispatcher;
        SupervisorStrategy = copy.SupervisorStrategy;
        RunsOnCaller = copy.RunsOnCaller;
        _producer = copy._producer;
    }

    private Props(IIndirectActorProducer producer, object[] args)
        : this(producer.ActorType, args) => _producer = producer;

    /// <summary>The arguments of the constructor.</summary>
    public object[] Arguments { get; }

    /// <summary>The path of the settings of its dispatcher.</summary>
    public string Dispatcher { get; private init; } = Akka.Dispatch.ActorDispatchers.DefaultId;

    /// <summary>How it deals with its children, unless the actor says so itself; null takes the default.</summary>
    public SupervisorStrategy SupervisorStrategy { get; protected set; }

    /// <summary>The type of the actor.</summary>
    public Type Type { get; }

    /// <summary>The name of the type.</summary>
    public string TypeName => Type.AssemblyQualifiedName;

    /// <summary>The props of an actor that handles nothing.</summary>
    public static Props Empty { get; } = new(typeof(EmptyActor));

    internal bool RunsOnCaller { get; init; }

    /// <summary>Makes an instance; only the runtime may.</summary>
    public virtual ActorBase NewActor()
    {
        if (_producer != null)
            return _producer.Produce();
        try
        {
            return (ActorBase)Activator.CreateInstance(Type, BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.OptionalParamBinding, null, Arguments, null);
        }
        catch (Exception cause)
        {
            throw new TypeLoadException(
                $"Error while creating actor instance of type {Type} with {Arguments.Length} args: ({string.Join(",", Arguments)})", cause);
        }
    }

    /// <summary>On another dispatcher.</summary>
    public Props WithDispatcher(string dispatcher) => new(this) { Dispatcher = dispatcher };

    /// <summary>With another way of dealing with children.</summary>
    public Props WithSupervisorStrategy(SupervisorStrategy supervisorStrategy) => new(this) { SupervisorStrategy = supervisorStrategy };

    /// <inheritdoc />
    public bool Equals(Props other) =>
        other is not null && Type == other.Type && Dispatcher == other.Dispatcher && _producer == other._producer && Arguments.SequenceEqual(other.Arguments);

    /// <inheritdoc />
    public override bool Equals(object obj) => Equals(obj as Props);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Type, Dispatcher);

    /// <summary>By the constructor for those arguments.</summary>
    public static Props Create<TActor>(params object[] args)
        where TActor : ActorBase => new(typeof(TActor), args);

    /// <summary>By the constructor without parameters.</summary>
    public static Props Create<TActor>(SupervisorStrategy supervisorStrategy)
        where TActor : ActorBase, new() => new Props(typeof(TActor)).WithSupervisorStrategy(supervisorStrategy);

    /// <summary>By a <c>new</c> expression, whose arguments are computed now, once for all restarts.</summary>
    /// <exception cref="ArgumentException">The expression is something else.</exception>
    public static Props Create<TActor>(Expression<Func<TActor>> factory, SupervisorStrategy supervisorStrategy = null)
        where TActor : ActorBase
    {
        if (factory.Body is not NewExpression creation)
            throw new ArgumentException("The create function must be a 'new T (args)' expression", nameof(factory));
        var args = creation.Arguments
            .Select(arg => arg is ConstantExpression constant ? constant.Value : Expression.Lambda<Func<object>>(Expression.Convert(arg, typeof(object))).Compile(preferInterpretation: true)())
            .ToArray();
        return new Props(creation.Type, args).WithSupervisorStrategy(supervisorStrategy);
    }

    /// <summary>By the constructor for those arguments.</summary>
    public static Props Create(Type type, params object[] args) => new(type, args);

    /// <summary>By a producer.</summary>
    public static Props CreateBy(IIndirectActorProducer producer, params object[] args) => new(producer, args);

    internal Props OnCallersThread() => new(this) { RunsOnCaller = true };

    internal ActorBase NewActorInternal() => NewActor();

    private sealed class EmptyActor : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class NoActor : UntypedActor
    {
        protected override void OnReceive(object message) => Unhandled(message);
    }
}
