using PolyglotSync.Contracts;
using YamlDotNet.Core;

namespace PolyglotSync.SyncNode.Manifests;

/// <summary>Reads a pipeline's manifest (docs/manifest.md names its keys) and checks it whole: what it returns cannot be wrong in itself.</summary>
/// <param name="needsTarget">False for a command that never writes a graph: then a manifest may do without <c>target</c>.</param>
internal sealed class ManifestReader(Func<string, string?> environment, Func<string, string> sourceConnection, bool needsTarget = true)
{
    /// <exception cref="PipelineFailure">Every mistake at once, each with file, line, column and a hint; or the file cannot be read.</exception>
    public PipelineSettings ReadFile(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PipelineFailure(FailureClass.Fatal, $"the manifest {path} cannot be read: {e.Message}", e) { ExitCode = ExitCode.InvalidManifest };
        }
        return Read(text, path, Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <param name="file">Its name for messages.</param>
    /// <param name="folder">Where relative paths of <c>${file:…}</c> count from.</param>
    public PipelineSettings Read(string text, string file, string folder)
    {
        var mistakes = new ManifestMistakes(file);
        PipelineSettings? settings = null;
        try
        {
            switch (YamlTree.Parse(new StringReader(text)))
            {
                case YamlMap map:
                    settings = Pipeline(new Section(map, "", mistakes, new Substitution(environment, folder)), mistakes);
                    break;
                case null or YamlText { IsNull: true }:
                    mistakes.Add(new Place(1, 1), "the manifest is empty", "it needs at least pipeline, source.dsn and target.uri");
                    break;
                case var other:
                    mistakes.Add(other.Place, $"the manifest is {other.Kind}", "it starts with keys such as 'pipeline: social'");
                    break;
            }
        }
        catch (YamlException e)
        {
            mistakes.Add(Place.Of(e.Start), $"this is not YAML: {e.Message.TrimEnd('.')}", "check indentation, quotes and colons near here");
        }
        return mistakes.Any || settings is null ? throw mistakes.ToFailure() : settings;
    }

    private PipelineSettings Pipeline(Section root, ManifestMistakes mistakes)
    {
        var name = root.Required("pipeline", "name it: pipeline: social");
        if (name.Length > 0 && !PipelineName.IsValid(name))
        {
            mistakes.Add(root.Take("pipeline")!.Place, $"'{name}' cannot name a pipeline", PipelineName.Rule);
        }
        var consistency = root.Choice("consistency", Consistency.Transactional, ("transactional", Consistency.Transactional), ("parallel", Consistency.Parallel));
        var settings = new PipelineSettings
        {
            Name = name,
            Source = Source(root, mistakes),
            Target = Target(root, mistakes),
            Kafka = new KafkaReader(mistakes).Read(root, name, consistency),
            Consistency = consistency,
            OnPoison = root.Choice("on_poison", PoisonPolicy.DeadLetter, ("dead_letter", PoisonPolicy.DeadLetter), ("halt", PoisonPolicy.Halt)),
            Limits = Limits(root.Map("limits"), mistakes),
            Mapping = new MappingReader(mistakes).Read(root),
        };
        if (settings is { Kafka.Capture: CaptureMode.Debezium, Consistency: Consistency.Transactional })
        {
            mistakes.Add((root.Take("consistency") ?? root.Take("kafka"))!.Place, "topics that Debezium writes do not say where transactions end: the graph follows them row by row",
                "write consistency: parallel");
        }
        if (settings is { Kafka: { Share: KafkaSharing.Partitions, Capture: not CaptureMode.Debezium }, Consistency: Consistency.Transactional })
        {
            mistakes.Add((root.Take("consistency") ?? root.Take("kafka"))!.Place, "nodes that share partitions write rows in order key by key, not whole transactions",
                "write consistency: parallel, or kafka.share: cuts");
        }
        root.Finish();
        return settings;
    }

    private SourceSettings Source(Section root, ManifestMistakes mistakes)
    {
        var defaults = new SourceSettings { ConnectionString = "" };
        if (root.Map("source") is not { } section)
        {
            if (root.Take("source") is null) root.Required("source", "say where the changes come from: source: { dsn: postgres://… }");
            return defaults;
        }
        var dsn = section.Required("dsn", "a postgres:// URI or an Npgsql connection string");
        var source = new SourceSettings
        {
            ConnectionString = dsn.Length == 0 ? "" : ConnectionString(dsn, section, mistakes),
            Schemas = section.Texts("schemas") is { Count: > 0 } schemas ? schemas : defaults.Schemas,
            Slot = section.Text("slot"),
            Publication = section.Text("publication"),
            HeartbeatIntervalMs = (int)section.Integer("heartbeat_interval_ms", defaults.HeartbeatIntervalMs, 100, 3_600_000),
            StatusIntervalMs = (int)section.Integer("status_interval_ms", defaults.StatusIntervalMs, 50, 60_000),
            CopyChunkRows = (int)section.Integer("copy_chunk_rows", defaults.CopyChunkRows, 1, 1_000_000),
            ConnectTimeoutMs = (int)section.Integer("connect_timeout_ms", defaults.ConnectTimeoutMs, 100, 600_000),
        };
        section.Finish();
        return source;
    }

    private string ConnectionString(string dsn, Section section, ManifestMistakes mistakes)
    {
        try
        {
            return sourceConnection(dsn);
        }
        catch (Exception e) when (e is PipelineFailure or ArgumentException or FormatException)
        {
            mistakes.Add(section.Take("dsn")!.Place, e.Message);
            return "";
        }
    }

    private TargetSettings Target(Section root, ManifestMistakes mistakes)
    {
        var defaults = new TargetSettings { Uri = new Uri("bolt://localhost") };
        if (root.Map("target") is not { } section)
        {
            if (needsTarget && root.Take("target") is null) root.Required("target", "say where the graph is: target: { uri: bolt://… }");
            return defaults;
        }
        var uri = section.Required("uri", "such as bolt://localhost:7687 or falkor://localhost:6379/social");
        var target = defaults;
        try
        {
            if (uri.Length > 0)
            {
                target = TargetAddress.Parse(uri, section.Text("user"), section.Text("password"), section.Text("database"), environment);
            }
        }
        catch (FormatException e)
        {
            mistakes.Add(section.Take("uri")!.Place, e.Message);
        }
        foreach (var key in (string[])["user", "password", "database"]) section.Take(key);
        target = target with
        {
            ConnectTimeoutMs = (int)section.Integer("connect_timeout_ms", defaults.ConnectTimeoutMs, 100, 600_000),
            WriteTimeoutMs = (int)section.Integer("write_timeout_ms", defaults.WriteTimeoutMs, 100, 3_600_000),
        };
        section.Finish();
        return target;
    }

    private static LimitSettings Limits(Section? section, ManifestMistakes mistakes)
    {
        var d = new LimitSettings();
        if (section is null) return d;
        var limits = new LimitSettings
        {
            Buckets = (int)section.Integer("buckets", d.Buckets, 1, 1024),
            Writers = (int)section.Integer("writers", d.Writers, 1, 64),
            MaxInFlightRows = (int)section.Integer("max_in_flight_rows", d.MaxInFlightRows, 1, 100_000_000),
            MaxInFlightBytes = section.Integer("max_in_flight_bytes", d.MaxInFlightBytes, 1024, 1L << 40),
            BatchRows = (int)section.Integer("batch_rows", d.BatchRows, 1, 100_000),
            MaxTransactionRows = (int)section.Integer("max_transaction_rows", d.MaxTransactionRows, 1, 10_000_000),
            MaxSourceTransactionRows = (int)section.Integer("max_source_transaction_rows", d.MaxSourceTransactionRows, 1, 100_000_000),
            MaxSourceTransactionBytes = section.Integer("max_source_transaction_bytes", d.MaxSourceTransactionBytes, 1024, 1L << 40),
            WatermarkIntervalMs = (int)section.Integer("watermark_interval_ms", d.WatermarkIntervalMs, 100, 3_600_000),
            RetryMinBackoffMs = (int)section.Integer("retry_min_backoff_ms", d.RetryMinBackoffMs, 1, 3_600_000),
            CircuitFailures = (int)section.Integer("circuit_failures", d.CircuitFailures, 1, 1000),
            RetryMaxBackoffMs = (int)section.Integer("retry_max_backoff_ms", d.RetryMaxBackoffMs, 1, 3_600_000),
        };
        if (limits.RetryMinBackoffMs > limits.RetryMaxBackoffMs)
        {
            mistakes.Add(section.Place, $"retry_min_backoff_ms ({limits.RetryMinBackoffMs}) is above retry_max_backoff_ms ({limits.RetryMaxBackoffMs})", "swap them");
        }
        section.Finish();
        return limits;
    }
}
