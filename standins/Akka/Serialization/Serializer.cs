using Akka.Actor;

namespace Akka.Serialization;

/// <summary>Turns messages into bytes and back.</summary>
public abstract class Serializer
{
    protected readonly ExtendedActorSystem system;

    private readonly Lazy<int> _identifier;

    protected Serializer(ExtendedActorSystem system)
    {
        this.system = system;
        _identifier = new Lazy<int>(() => SerializerIdentifiers.FromConfig(GetType(), system));
    }

    /// <summary>Stored beside the bytes. Unless overridden, it stands in <c>akka.actor.serialization-identifiers</c>.</summary>
    public virtual int Identifier => _identifier.Value;

    /// <summary>Whether the type's name is stored beside the bytes.</summary>
    public abstract bool IncludeManifest { get; }

    public abstract object FromBinary(byte[] bytes, Type type);

    public T FromBinary<T>(byte[] bytes) => (T)FromBinary(bytes, typeof(T));

    public abstract byte[] ToBinary(object obj);
}

/// <summary>A serializer that names what it wrote in its own way, so that types can be renamed.</summary>
public abstract class SerializerWithStringManifest : Serializer
{
    protected SerializerWithStringManifest(ExtendedActorSystem system)
        : base(system)
    {
    }

    public override bool IncludeManifest => true;

    public abstract object FromBinary(byte[] bytes, string manifest);

    public sealed override object FromBinary(byte[] bytes, Type type) => FromBinary(bytes, TypeNames.Qualified(type));

    public abstract string Manifest(object o);
}

/// <summary>Bytes as they are.</summary>
public class ByteArraySerializer : Serializer
{
    public ByteArraySerializer(ExtendedActorSystem system)
        : base(system)
    {
    }

    public override bool IncludeManifest => false;

    public override object FromBinary(byte[] bytes, Type type) => bytes;

    public override byte[] ToBinary(object obj) => obj switch
    {
        null => null,
        byte[] bytes => bytes,
        _ => throw new NotSupportedException($"{nameof(ByteArraySerializer)} takes byte arrays, not {obj.GetType()}."),
    };
}

internal static class SerializerIdentifiers
{
    public static int FromConfig(Type type, ExtendedActorSystem system)
    {
        var identifiers = system.Settings.Config.GetConfig("akka.actor.serialization-identifiers");
        foreach (var (name, id) in identifiers?.AsEnumerable() ?? [])
            if (Type.GetType(name.Trim('"'), throwOnError: false) == type)
                return id.GetInt();
        throw new ArgumentException($"Couldn't find serializer id for {type}: override Identifier or name it in akka.actor.serialization-identifiers.", nameof(type));
    }
}

/// <summary>Type names without versions, as they are stored.</summary>
internal static class TypeNames
{
    public static string Qualified(Type type)
    {
        if (!type.IsGenericType)
            return $"{type.FullName}, {type.Assembly.GetName().Name}";
        var arguments = string.Join(",", type.GetGenericArguments().Select(argument => $"[{Qualified(argument)}]"));
        return $"{type.GetGenericTypeDefinition().FullName}[{arguments}], {type.Assembly.GetName().Name}";
    }
}
