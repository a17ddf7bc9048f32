using System.Globalization;
using System.Text;
using Akka.Actor;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Newtonsoft.Json.Serialization;

namespace Akka.Serialization;

/// <summary>
/// JSON with type names and references, id 1: the serializer for what no other is bound to. int, float and decimal are written as
/// <c>{"$":"I42"}</c>, so that they come back as what they were even where the member is an object.
/// </summary>
public class NewtonSoftJsonSerializer : Serializer
{
    private readonly JsonSerializer _json;

    public NewtonSoftJsonSerializer(ExtendedActorSystem system)
        : base(system)
    {
        Settings = new JsonSerializerSettings
        {
            PreserveReferencesHandling = PreserveReferencesHandling.Objects,
            NullValueHandling = NullValueHandling.Ignore,
            DefaultValueHandling = DefaultValueHandling.Ignore,
            MissingMemberHandling = MissingMemberHandling.Ignore,
            ObjectCreationHandling = ObjectCreationHandling.Replace,
            ConstructorHandling = ConstructorHandling.AllowNonPublicDefaultConstructor,
            TypeNameHandling = TypeNameHandling.All,
            ContractResolver = new PrivateSetters(),
            Converters = { new Numbers() },
        };
        _json = JsonSerializer.Create(Settings);
    }

    public override int Identifier => 1;

    public override bool IncludeManifest => false;

    public object Serializer => _json;

    public JsonSerializerSettings Settings { get; }

    public override object FromBinary(byte[] bytes, Type type)
    {
        using var reader = new JsonTextReader(new StreamReader(new MemoryStream(bytes), Encoding.UTF8));
        return _json.Deserialize(reader, type == null || type.IsAbstract ? typeof(object) : type);
    }

    public override byte[] ToBinary(object obj)
    {
        using var buffer = new MemoryStream();
        using (var writer = new JsonTextWriter(new StreamWriter(buffer, new UTF8Encoding(false))))
            _json.Serialize(writer, obj, typeof(object));
        return buffer.ToArray();
    }

    private sealed class PrivateSetters : DefaultContractResolver
    {
        protected override JsonProperty CreateProperty(System.Reflection.MemberInfo member, MemberSerialization memberSerialization)
        {
            var property = base.CreateProperty(member, memberSerialization);
            if (!property.Writable)
                property.Writable = (member as System.Reflection.PropertyInfo)?.GetSetMethod(nonPublic: true) != null;
            return property;
        }
    }

    private sealed class Numbers : JsonConverter
    {
        public override bool CanConvert(Type objectType) => objectType == typeof(int) || objectType == typeof(float) || objectType == typeof(decimal) || objectType == typeof(object);

        public override void WriteJson(JsonWriter writer, object value, JsonSerializer serializer)
        {
            writer.WriteStartObject();
            if (value is int or float or decimal)
            {
                writer.WritePropertyName("$");
                writer.WriteValue((value is int ? "I" : value is float ? "F" : "M") + ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture));
            }
            writer.WriteEndObject();
        }

        public override object ReadJson(JsonReader reader, Type objectType, object existingValue, JsonSerializer serializer)
        {
            if (reader.TokenType is not (JsonToken.StartObject or JsonToken.StartArray))
                return objectType == typeof(object) || reader.Value == null ? reader.Value : Convert.ChangeType(reader.Value, objectType, CultureInfo.InvariantCulture);
            var token = JToken.Load(reader);
            if (token is JObject { Count: 1 } one && one["$"] is { } number && Parse(number.Value<string>()) is { } parsed)
                return parsed;
            if (token is JObject named && named["$type"] is { } name)
                return token.ToObject(Type.GetType(name.Value<string>(), throwOnError: true), serializer);
            return token is JObject { Count: 0 } ? new object() : token;
        }

        private static object Parse(string text) => text[0] switch
        {
            'I' => int.Parse(text.AsSpan(1), CultureInfo.InvariantCulture),
            'F' => float.Parse(text.AsSpan(1), CultureInfo.InvariantCulture),
            'M' => decimal.Parse(text.AsSpan(1), CultureInfo.InvariantCulture),
            _ => null,
        };
    }
}
