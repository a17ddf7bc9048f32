using System.Collections.Immutable;
using Akka.Configuration;
using Akka.Configuration.Hocon;
using Confluent.Kafka;
using Config = Akka.Configuration.Config;

namespace Akka.Streams.Kafka.Settings;

/// <summary>The package's defaults, and which errors are a serializer's.</summary>
public static class KafkaExtensions
{
    /// <summary>The section <c>akka.kafka</c>; an application puts it under its own configuration.</summary>
    public static Config DefaultSettings => ConfigurationFactory.FromResource("Akka.Streams.Kafka.reference.conf", typeof(KafkaExtensions).Assembly);

    public static bool IsSerializationError(this Error error) => error.Code.IsSerializationError();

    public static bool IsSerializationError(this ErrorCode code)
        => code is ErrorCode.Local_KeySerialization or ErrorCode.Local_ValueSerialization or ErrorCode.Local_KeyDeserialization or ErrorCode.Local_ValueDeserialization;

    /// <summary>HOCON reads <c>enable.auto.commit</c> as nested objects; librdkafka wants the dots back.</summary>
    internal static ImmutableDictionary<string, string> ClientProperties(Config section)
    {
        var properties = ImmutableDictionary.CreateBuilder<string, string>();
        if (section.GetConfig("kafka-clients") is { } clients)
        {
            foreach (var (key, value) in clients.AsEnumerable())
                Flatten(key, value, properties);
        }
        return properties.ToImmutable();
    }

    private static void Flatten(string path, HoconValue value, ImmutableDictionary<string, string>.Builder into)
    {
        if (!value.IsObject())
        {
            into[path] = value.GetString();
            return;
        }
        foreach (var (key, member) in value.GetObject().Items)
            Flatten($"{path}.{key}", member, into);
    }
}
