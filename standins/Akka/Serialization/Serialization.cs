using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.Serialization;
using Akka.Actor;

namespace Akka.Serialization;

/// <summary>
/// Finds the serializer for a type: the one bound to it, else to the nearest base class or interface, else JSON. Serializers and bindings come
/// from <c>akka.actor.serializers</c> and <c>akka.actor.serialization-bindings</c> and from a <see cref="SerializationSetup"/>.
/// </summary>
public class Serialization
{
    private static readonly ConditionalWeakTable<ActorSystem, Serialization> OfSystems = new();

    private readonly ConcurrentDictionary<string, Serializer> _byName = new();
    private readonly ConcurrentDictionary<int, Serializer> _byId = new();
    private readonly ConcurrentDictionary<Type, Serializer> _bindings = new();
    private readonly ConcurrentDictionary<Type, Serializer> _found = new();

    public Serialization(ExtendedActorSystem system)
    {
        System = system;
        AddSerializer("json", new NewtonSoftJsonSerializer(system));
        AddSerializer("bytes", new BuiltInBytes(system));
        AddSerializationMap(typeof(object), _byName["json"]);
        AddSerializationMap(typeof(byte[]), _byName["bytes"]);
        ReadConfig(system);
        var setup = system.Settings.Setup.Get<SerializationSetup>();
        foreach (var details in setup.HasValue ? setup.Value.CreateSerializers(system) : [])
        {
            AddSerializer(details.Alias, details.Serializer);
            foreach (var type in details.UseFor)
                AddSerializationMap(type, details.Serializer);
        }
    }

    public ExtendedActorSystem System { get; }

    internal static Serialization Of(ActorSystem system) => OfSystems.GetValue(system, static s => new Serialization((ExtendedActorSystem)s));

    public void AddSerializationMap(Type type, Serializer serializer)
    {
        _bindings[type] = serializer;
        _found.Clear();
    }

    public void AddSerializer(string name, Serializer serializer)
    {
        _byName[name] = serializer;
        _byId[serializer.Identifier] = serializer;
    }

    /// <exception cref="SerializationException">No serializer has that id, or the manifest names no type.</exception>
    public object Deserialize(byte[] bytes, int serializerId, string manifest)
    {
        var serializer = ById(serializerId);
        if (serializer is SerializerWithStringManifest own)
            return own.FromBinary(bytes, manifest);
        if (string.IsNullOrEmpty(manifest))
            return serializer.FromBinary(bytes, null);
        var type = Type.GetType(manifest, throwOnError: false)
                   ?? throw new SerializationException($"Cannot find the type '{manifest}' that serializer {serializerId} wrote; was it renamed?");
        return serializer.FromBinary(bytes, type);
    }

    public object Deserialize(byte[] bytes, int serializerId, Type type) => ById(serializerId).FromBinary(bytes, type);

    public Serializer FindSerializerFor(object obj, string defaultSerializerName = null) => FindSerializerForType(obj?.GetType() ?? typeof(object), defaultSerializerName);

    public Serializer FindSerializerForType(Type objectType, string defaultSerializerName = null)
    {
        var found = _found.GetOrAdd(objectType, Nearest);
        return found == _bindings[typeof(object)] && defaultSerializerName != null && _byName.TryGetValue(defaultSerializerName, out var preferred) ? preferred : found;
    }

    public byte[] Serialize(object o) => FindSerializerFor(o).ToBinary(o);

    public static string ManifestFor(Serializer s, object msg) => s switch
    {
        SerializerWithStringManifest own => own.Manifest(msg),
        { IncludeManifest: true } => TypeNames.Qualified(msg.GetType()),
        _ => "",
    };

    private Serializer ById(int id)
        => _byId.TryGetValue(id, out var serializer)
            ? serializer
            : throw new SerializationException($"Cannot find serializer with id [{id}]. Is it named in akka.actor.serializers?");

    private Serializer Nearest(Type type)
    {
        for (var step = type; step != null && step != typeof(object); step = step.BaseType)
            if (_bindings.TryGetValue(step, out var exact))
                return exact;
        foreach (var (bound, serializer) in _bindings)
            if (bound.IsInterface && bound.IsAssignableFrom(type))
                return serializer;
        return _bindings[typeof(object)];
    }

    private void ReadConfig(ExtendedActorSystem system)
    {
        foreach (var (name, value) in system.Settings.Config.GetConfig("akka.actor.serializers")?.AsEnumerable() ?? [])
        {
            var type = Type.GetType(value.GetString(), throwOnError: false)
                       ?? throw new SerializationException($"akka.actor.serializers.{name} names '{value.GetString()}', which is no type.");
            AddSerializer(name.Trim('"'), (Serializer)Activator.CreateInstance(type, system));
        }
        foreach (var (name, value) in system.Settings.Config.GetConfig("akka.actor.serialization-bindings")?.AsEnumerable() ?? [])
        {
            var type = Type.GetType(name.Trim('"'), throwOnError: false);
            if (type != null && _byName.TryGetValue(value.GetString(), out var serializer))
                AddSerializationMap(type, serializer);
        }
    }

    private sealed class BuiltInBytes(ExtendedActorSystem system) : ByteArraySerializer(system)
    {
        public override int Identifier => 4;
    }
}
