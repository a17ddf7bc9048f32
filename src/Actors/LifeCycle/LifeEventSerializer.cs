using System.Runtime.Serialization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Akka.Actor;
using Akka.Serialization;

namespace PolyglotSync.Actors.LifeCycle;

/// <summary>Writes the events of the journal as JSON under names of our own, so that a type may be renamed or moved and old journals still read.</summary>
public sealed class LifeEventSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string Paused = "pipeline-paused-1";
    private const string Resumed = "pipeline-resumed-1";
    private const string Failed = "pipeline-failed-1";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Stored in the journal beside each event: never change it.</summary>
    public override int Identifier => 70_401;

    public override string Manifest(object o) => o switch
    {
        PipelineWasPaused => Paused,
        PipelineWasResumed => Resumed,
        PipelineHasFailed => Failed,
        _ => throw new ArgumentOutOfRangeException(nameof(o), o, "not an event of a pipeline's life"),
    };

    public override byte[] ToBinary(object obj) => JsonSerializer.SerializeToUtf8Bytes(obj, obj.GetType(), Json);

    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        Paused => Read<PipelineWasPaused>(bytes),
        Resumed => Read<PipelineWasResumed>(bytes),
        Failed => Read<PipelineHasFailed>(bytes),
        _ => throw new SerializationException($"the journal holds '{manifest}', which this version does not know: it was written by a later one"),
    };

    private static T Read<T>(byte[] bytes) =>
        JsonSerializer.Deserialize<T>(bytes, Json) ?? throw new SerializationException($"an empty {typeof(T).Name} in the journal");
}
