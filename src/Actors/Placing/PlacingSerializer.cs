using System.Runtime.Serialization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Akka.Actor;
using Akka.Serialization;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Placing;

/// <summary>Writes what nodes tell one another about pipelines as JSON under names of our own: nodes of two versions understand each other while a cluster is being upgraded, and no name of a type decides what is made.</summary>
public sealed class PlacingSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private static readonly Dictionary<string, Type> Types = new()
    {
        ["pause-1"] = typeof(PausePipeline),
        ["resume-1"] = typeof(ResumePipeline),
        ["restart-1"] = typeof(RestartPipeline),
        ["remove-1"] = typeof(RemovePipeline),
        ["removed-1"] = typeof(PipelineRemoved),
        ["keep-1"] = typeof(KeepPipeline),
        ["renew-1"] = typeof(RenewPipeline),
        ["replaced-1"] = typeof(PipelineReplaced),
        ["refused-1"] = typeof(PipelineRefused),
        ["get-1"] = typeof(GetPipelines),
        ["pipelines-1"] = typeof(PipelinesAnswer),
        ["status-1"] = typeof(PipelineStatus),
        ["wait-1"] = typeof(WaitForWatermark),
        ["watermark-1"] = typeof(WatermarkAnswer),
        ["get-mapping-1"] = typeof(GetMapping),
        ["mapping-1"] = typeof(MappingAnswer),
        ["retry-letters-1"] = typeof(RetryDeadLetters),
        ["letters-closed-1"] = typeof(DeadLettersClosed),
        ["check-manifest-1"] = typeof(CheckManifest),
        ["take-manifest-1"] = typeof(TakeManifest),
        ["manifest-heard-1"] = typeof(ManifestHeard),
        ["manifest-versions-1"] = typeof(ManifestVersions),
    };

    private static readonly Dictionary<Type, string> Names = Types.ToDictionary(t => t.Value, t => t.Key);

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { TellTablesApart } },
    };

    /// <summary>What may leave the process.</summary>
    public static IReadOnlyCollection<Type> Travelling => Names.Keys;

    /// <summary>Goes with each message: never change it.</summary>
    public override int Identifier => 70_402;

    public override string Manifest(object o) => Names.GetValueOrDefault(o.GetType()) ?? throw new ArgumentOutOfRangeException(nameof(o), o, "not a message that leaves the process");

    public override byte[] ToBinary(object obj) => JsonSerializer.SerializeToUtf8Bytes(obj, obj.GetType(), Json);

    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (!Types.TryGetValue(manifest, out var type)) throw new SerializationException($"another node sent '{manifest}', which this version does not know: it has a later one");
        return JsonSerializer.Deserialize(bytes, type, Json) ?? throw new SerializationException($"another node sent an empty {type.Name}");
    }

    private static void TellTablesApart(JsonTypeInfo info)
    {
        if (info.Type != typeof(TableMapping)) return;
        info.PolymorphismOptions = new JsonPolymorphismOptions
        {
            TypeDiscriminatorPropertyName = "$is",
            DerivedTypes = { new JsonDerivedType(typeof(NodeMapping), "node"), new JsonDerivedType(typeof(JoinMapping), "join") },
        };
    }
}
