using System.Collections.Concurrent;
using Akka.Configuration;

namespace Akka.Actor;

/// <summary>Something that a system has once.</summary>
public interface IExtension
{
}

/// <summary>The id under which an extension is registered.</summary>
public interface IExtensionId
{
    /// <summary>The type of the extension.</summary>
    Type ExtensionType { get; }

    /// <summary>Registers the extension and returns it.</summary>
    object Apply(ActorSystem system);

    /// <summary>Makes the extension.</summary>
    object CreateExtension(ExtendedActorSystem system);

    /// <summary>The extension of that system.</summary>
    object Get(ActorSystem system);
}

/// <summary>The id under which an extension is registered.</summary>
public interface IExtensionId<out T> : IExtensionId
    where T : IExtension
{
    /// <summary>Registers the extension and returns it.</summary>
    new T Apply(ActorSystem system);

    /// <summary>Makes the extension.</summary>
    new T CreateExtension(ExtendedActorSystem system);

    /// <summary>The extension of that system.</summary>
    new T Get(ActorSystem system);
}

/// <summary>The base of ids.</summary>
public abstract class ExtensionIdProvider<T> : IExtensionId<T>
    where T : IExtension
{
    /// <inheritdoc />
    public Type ExtensionType => typeof(T);

    /// <inheritdoc />
    public T Apply(ActorSystem system) => (T)system.RegisterExtension(this);

    /// <inheritdoc />
    public abstract T CreateExtension(ExtendedActorSystem system);

    /// <inheritdoc />
    public T Get(ActorSystem system) => (T)system.GetExtension(this);

    /// <inheritdoc />
    public override bool Equals(object obj) => obj != null && obj.GetType() == GetType();

    /// <inheritdoc />
    public override int GetHashCode() => GetType().GetHashCode();

    object IExtensionId.Apply(ActorSystem system) => Apply(system);

    object IExtensionId.CreateExtension(ExtendedActorSystem system) => CreateExtension(system);

    object IExtensionId.Get(ActorSystem system) => Get(system);
}

/// <summary>Short forms.</summary>
public static class ActorSystemWithExtensions
{
    /// <summary>The registered extension of that type.</summary>
    public static T WithExtension<T>(this ActorSystem system)
        where T : class, IExtension => system.GetExtension<T>();

    /// <summary>The extension, registered by its id if need be.</summary>
    public static T WithExtension<T>(this ActorSystem system, Type extensionId)
        where T : class, IExtension =>
        system.HasExtension<T>() ? system.GetExtension<T>() : (T)system.RegisterExtension((IExtensionId)Activator.CreateInstance(extensionId));

    /// <summary>The extension, registered by its id if need be.</summary>
    public static T WithExtension<T, TI>(this ActorSystem system)
        where T : class, IExtension
        where TI : IExtensionId => system.WithExtension<T>(typeof(TI));
}

/// <summary>The extensions of one system, each made once.</summary>
internal sealed class ExtensionRegistry(ActorSystemImpl system)
{
    private readonly ConcurrentDictionary<Type, Lazy<object>> _byType = new();

    internal object Register(IExtensionId id)
    {
        var entry = _byType.GetOrAdd(id.ExtensionType, _ => new Lazy<object>(() => id.CreateExtension(system)));
        try
        {
            return entry.Value;
        }
        catch
        {
            _byType.TryRemove(id.ExtensionType, out _);
            throw;
        }
    }

    internal bool TryGet(Type type, out object extension)
    {
        extension = _byType.TryGetValue(type, out var entry) ? entry.Value : null;
        return extension != null;
    }

    internal void LoadFromConfig()
    {
        foreach (var name in system.Settings.Config.GetStringList("akka.extensions"))
        {
            var type = TypeNames.Find(name) ?? throw new ConfigurationException($"akka.extensions: there is no type '{name}'.");
            Register((IExtensionId)Activator.CreateInstance(type));
        }
    }
}

/// <summary>Finds types by the names in settings, which mostly leave the version of the assembly out.</summary>
internal static class TypeNames
{
    internal static Type Find(string name) => string.IsNullOrEmpty(name)
        ? null
        : Type.GetType(name) ?? AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetType(name)).FirstOrDefault(type => type != null);
}
