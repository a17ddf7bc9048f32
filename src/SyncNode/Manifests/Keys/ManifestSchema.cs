using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PolyglotSync.SyncNode.Manifests.Keys;

/// <summary>
/// The JSON schema of a manifest, draft 7, for editors. It takes whatever the reader may take: a value may be a placeholder (<c>${NAME}</c>), a number may have underscores, a key may be there without a value.
/// </summary>
internal static partial class ManifestSchema
{
    /// <summary>Part of a text that is a placeholder.</summary>
    private const string Placeholder = @"\$\{";

    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Text => Create().ToJsonString(Options) + "\n";

    public static JsonObject Create()
    {
        var root = Object(TopKeys.All);
        return new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "PolyglotSync pipeline",
            ["description"] = "One pipeline: docs/manifest.md",
            ["type"] = "object",
            ["properties"] = root["properties"]!.DeepClone(),
            ["required"] = root["required"]!.DeepClone(),
            ["additionalProperties"] = false,
        };
    }

    private static JsonObject Object(IReadOnlyList<ManifestKey> keys)
    {
        var schema = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject([.. keys.Select(k => KeyValuePair.Create(k.Name, (JsonNode?)Of(k)))]) };
        // a manifest of 'polysync capture' has no target: that one is the reader's to miss
        var required = keys.Where(k => k != TopKeys.Target && IsRequired(k)).Select(k => (JsonNode?)k.Name).ToArray();
        if (required.Length > 0) schema["required"] = new JsonArray(required);
        schema["additionalProperties"] = false;
        return schema;
    }

    private static bool IsRequired(ManifestKey key) => key is TextKey { RequiredHint: not null } or TextsKey { RequiredHint: not null } or SectionKey { RequiredHint: not null };

    private static JsonObject Of(ManifestKey key)
    {
        var schema = key switch
        {
            IntegerKey integer => Integer(integer),
            WordKey word => Word(word),
            TextKey { Pattern: { } pattern } text => new JsonObject { ["type"] = Types(text, "string", "number"), ["pattern"] = $"{pattern}|{Placeholder}" },
            TextKey text => new JsonObject { ["type"] = Types(text, "string", "number", "boolean") },
            TextsKey => new JsonObject { ["type"] = Types(key, "string", "number", "array"), ["items"] = new JsonObject { ["type"] = new JsonArray("string", "number") } },
            SectionKey section => Nullable(Object(section.Keys), key),
            NamesKey names => Nullable(new JsonObject { ["type"] = "object", ["additionalProperties"] = Named(names.Value) }, key),
            _ => throw new NotSupportedException($"no schema for {key.GetType().Name}"),
        };
        schema["description"] = Plain(key.Sentence);
        return schema;
    }

    private static JsonObject Integer(IntegerKey key)
    {
        var schema = new JsonObject { ["type"] = Types(key, "integer", "string"), ["minimum"] = key.Min };
        if (key.HasRange) schema["maximum"] = key.Max;
        schema["pattern"] = $"^[+-]?[0-9][0-9_]*$|{Placeholder}";
        if (key.Otherwise is null) schema["default"] = key.Default;
        return schema;
    }

    /// <summary>Words that YAML reads as something else than a text may be that, too.</summary>
    private static JsonObject Word(WordKey key)
    {
        var words = new JsonArray([.. key.Words.Select(w => (JsonNode?)w)]);
        if (key.Words.Contains("true"))
        {
            words.Add(true);
            words.Add(false);
        }
        words.Add(null);
        var schema = new JsonObject { ["anyOf"] = new JsonArray(new JsonObject { ["enum"] = words }, new JsonObject { ["type"] = "string", ["pattern"] = Placeholder }) };
        if (key is { Otherwise: null, DefaultWord: { } otherwise }) schema["default"] = otherwise;
        return schema;
    }

    private static JsonObject Named(NamedValue value) => value switch
    {
        NamedValue.Text => new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") },
        NamedValue.TextOrNull => new JsonObject { ["type"] = new JsonArray("string", "null") },
        NamedValue.Property => Property(),
        _ => Nullable(Object(TableKeys.All), TopKeys.Tables),
    };

    private static JsonObject Property()
    {
        var schema = Object([TableKeys.PropertyName, TableKeys.PropertyAs]);
        schema["type"] = new JsonArray("string", "object");
        return schema;
    }

    private static JsonObject Nullable(JsonObject schema, ManifestKey key)
    {
        schema["type"] = Types(key, "object");
        return schema;
    }

    private static JsonNode Types(ManifestKey key, params string[] types) =>
        new JsonArray([.. types.Select(t => (JsonNode?)t), .. IsRequired(key) ? (JsonNode?[])[] : ["null"]]);

    /// <summary>Without Markdown.</summary>
    private static string Plain(string text) => Link().Replace(text, "$1").Replace("`", "", StringComparison.Ordinal);

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex Link();
}
