using System.Text.Json;
using System.Text.Json.Serialization;

namespace PolyglotSync.Cli.Api;

/// <summary>How the node's API and <c>-o json</c> write JSON: camelCase names, enums as words.</summary>
public static class ApiJson
{
    public static readonly JsonSerializerOptions Options = Create(indented: false);

    /// <summary>The same, one property a line: for people.</summary>
    public static readonly JsonSerializerOptions Indented = Create(indented: true);

    private static JsonSerializerOptions Create(bool indented)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = indented };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
