using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace PolyglotSync.Deploy.Tests.Files;

internal static class Schemas
{
    /// <summary>What a schema refuses, with the place; empty: nothing.</summary>
    public static IReadOnlyList<string> Mistakes(JsonSchema schema, JsonNode? value)
    {
        var results = schema.Evaluate(value, new EvaluationOptions { OutputFormat = OutputFormat.List });
        if (results.IsValid) return [];
        return [.. results.Details.Where(d => d.HasErrors).SelectMany(d => d.Errors!.Select(e => $"{d.InstanceLocation}: {e.Value}")).Distinct().DefaultIfEmpty("refused")];
    }
}
