using System.Text.Json;
using System.Text.Json.Serialization;

namespace PolyglotSync.Graph.State;

/// <summary>A pipeline's state as the properties of its node <c>:__PolySync {pipeline}</c>.</summary>
internal static class StateText
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Converters = { new JsonStringEnumConverter() } };

    /// <summary>Properties in the order in which <see cref="Read"/> takes their values.</summary>
    public const string Returned = "s.position, s.watermark, s.intent, s.copy, s.generation, s.waiting, s.offsets, s.node";

    public static string Copy(CopyState copy) => JsonSerializer.Serialize(copy.Tables, Json);

    /// <exception cref="PipelineFailure">Fatal: what stands there is not what this version writes.</exception>
    public static TargetState Read(IReadOnlyList<object?> values)
    {
        try
        {
            return new TargetState(
                values[0] is string position ? Position.Parse(position) : Position.Start,
                values[1] is string watermark ? Lsn.Parse(watermark) : Lsn.Zero,
                values[2] is string intent ? Position.Parse(intent) : Position.Start,
                values[3] is string copy ? new CopyState(JsonSerializer.Deserialize<Dictionary<string, TableCopy>>(copy, Json) ?? []) : CopyState.Empty,
                values[4] is long generation ? generation : 0)
            { Offsets = values[6] as string, Node = values[7] is string { Length: > 0 } node ? node : null };
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            throw new PipelineFailure(FailureClass.Fatal,
                $"the pipeline's state in the graph, its node (:__PolySync), cannot be read: {e.Message} Run the version of PolyglotSync that wrote it, or a newer one; else copy anew", e);
        }
    }

    /// <summary>The relationships of which some wait for a node.</summary>
    public static IEnumerable<string> Waiting(IReadOnlyList<object?> values) =>
        values[5] is System.Collections.IEnumerable names and not string ? names.OfType<string>() : [];
}
