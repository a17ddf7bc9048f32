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

    public static TargetState Read(IReadOnlyList<object?> values) => new(
        values[0] is string position ? Position.Parse(position) : Position.Start,
        values[1] is string watermark ? Lsn.Parse(watermark) : Lsn.Zero,
        values[2] is string intent ? Position.Parse(intent) : Position.Start,
        values[3] is string copy ? new CopyState(JsonSerializer.Deserialize<Dictionary<string, TableCopy>>(copy, Json) ?? []) : CopyState.Empty,
        values[4] is long generation ? generation : 0)
    { Offsets = values[6] as string, Node = values[7] is string { Length: > 0 } node ? node : null };

    /// <summary>The relationships of which some wait for a node.</summary>
    public static IEnumerable<string> Waiting(IReadOnlyList<object?> values) =>
        values[5] is System.Collections.IEnumerable names and not string ? names.OfType<string>() : [];
}
