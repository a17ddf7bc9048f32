using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace PolyglotSync.Deploy.Tests.Files;

/// <summary>YAML as the JSON that Compose, Helm and Kubernetes make of it: plain numbers and booleans are such, merge keys are laid in, a key twice is an error.</summary>
internal static class Yaml
{
    private static readonly IDeserializer Reader = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();

    public static JsonObject Read(string text) => All(text).Single();

    public static JsonObject File(params ReadOnlySpan<string> parts) => Read(Repository.Read(parts));

    /// <summary>Every document that holds something.</summary>
    public static IReadOnlyList<JsonObject> All(string text)
    {
        RefuseTwins(text);
        var documents = new List<JsonObject>();
        var parser = new MergingParser(new Parser(new StringReader(text)));
        parser.Consume<YamlDotNet.Core.Events.StreamStart>();
        while (parser.Accept<YamlDotNet.Core.Events.DocumentStart>(out _))
        {
            if (Node(Reader.Deserialize(parser)) is JsonObject document) documents.Add(document);
        }
        return documents;
    }

    private static void RefuseTwins(string text)
    {
        var stream = new YamlDotNet.RepresentationModel.YamlStream();
        stream.Load(new StringReader(text));
    }

    private static JsonNode? Node(object? value) => value switch
    {
        null => null,
        IDictionary<object, object> map => new JsonObject(map.Select(pair => KeyValuePair.Create(pair.Key.ToString()!, Node(pair.Value)))),
        IEnumerable<object> list => new JsonArray([.. list.Select(Node)]),
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        double number => JsonValue.Create(number),
        float number => JsonValue.Create(number),
        _ => JsonValue.Create(Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)),
    };
}
