using System.Globalization;
using PolyglotSync.Contracts;
using PolyglotSync.Kafka.Topics;
using PolyglotSync.SyncNode.Demo.Servers;
using PolyglotSync.SyncNode.Demo.View;
using PolyglotSync.SyncNode.Demo.World;

namespace PolyglotSync.SyncNode.Demo;

/// <summary>The broker of a demo through Kafka: its own, or one that a person named. The topics have a prefix that is nobody else's, and are deleted at the end.</summary>
/// <param name="say">Told of what could not be cleared away.</param>
internal sealed class DemoBroker(KafkaSettings settings, string description, EmbeddedKafka? own, Action<string> say) : IAsyncDisposable
{
    public KafkaSettings Settings { get; } = settings;

    public string Description { get; } = description;

    public DemoTopics Topics { get; } = new($"{settings.Prefix}.*", SocialSchema.TableNames.Count + 1);

    /// <summary>How a person looks into a topic: a command for a shell; null where no program for it is known.</summary>
    public string? ByHand
    {
        get
        {
            var topic = new TopicNames(Settings).Of(new TableName("public", "users"));
            var server = Settings.BootstrapServers;
            if (Programs.OnPath("kcat") is not null) return $"kcat -C -b {server} -t {topic} -o end";
            foreach (var program in (string[])["kafka-console-consumer", "kafka-console-consumer.sh"])
                if (Programs.OnPath(program) is not null) return $"{program} --bootstrap-server {server} --topic {topic}";
            return own is null ? null : $"{Programs.Typed(own.Script)} tool org.apache.kafka.tools.consumer.ConsoleConsumer --bootstrap-server {server} --topic {topic}";
        }
    }

    /// <param name="address"><c>host:port</c>; null: a broker of the demo's own.</param>
    /// <exception cref="PipelineFailure">It cannot be found, started or reached.</exception>
    public static async Task<DemoBroker> StartAsync(string? address, ScratchFolder scratch, Action<string> say, CancellationToken cancellationToken)
    {
        var own = address is null ? await EmbeddedKafka.StartAsync(EmbeddedKafka.Find(Environment.GetEnvironmentVariable), scratch, cancellationToken) : null;
        var prefix = $"polysync_demo_{Guid.NewGuid().ToString("n")[..8]}";
        var settings = new KafkaSettings { BootstrapServers = own?.Address ?? address!, Prefix = prefix, GroupId = prefix, ConnectTimeoutMs = 5_000 };
        if (own is not null) return new DemoBroker(settings, string.Create(CultureInfo.InvariantCulture, $"a broker of its own, port {own.Port}"), own, say);
        using var admin = new TopicAdmin(settings, DemoRun.Pipeline);
        await admin.PartitionsAsync([], cancellationToken);
        return new DemoBroker(settings, $"{address}, topics {prefix}.*", null, say);
    }

    public async ValueTask DisposeAsync()
    {
        if (own is not null)
        {
            await own.DisposeAsync();
            return;
        }
        try
        {
            using var admin = new TopicAdmin(Settings, DemoRun.Pipeline);
            await admin.DeleteAllAsync(CancellationToken.None);
        }
        catch (PipelineFailure e)
        {
            say($"the topics {Settings.Prefix}.* could not be deleted: {e.Message}");
        }
    }
}
