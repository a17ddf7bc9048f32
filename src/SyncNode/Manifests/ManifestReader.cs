using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Manifests.Keys;
using PolyglotSync.SyncNode.Manifests.Secrets;
using YamlDotNet.Core;

namespace PolyglotSync.SyncNode.Manifests;

/// <summary>Reads a pipeline's manifest (docs/manifest.md names its keys) and checks it whole: what it returns cannot be wrong in itself.</summary>
/// <param name="needsTarget">False for a command that never writes a graph: then a manifest may do without <c>target</c>.</param>
internal sealed class ManifestReader(Func<string, string?> environment, Func<string, string> sourceConnection, bool needsTarget = true)
{
    /// <exception cref="PipelineFailure">Every mistake at once, each with file, line, column and a hint; or the file cannot be read.</exception>
    public PipelineSettings ReadFile(string path) => Read(TextOf(path), path, FolderOf(path));

    /// <param name="file">Its name for messages.</param>
    /// <param name="folder">Where relative paths of <c>${file:…}</c> count from.</param>
    public PipelineSettings Read(string text, string file, string folder)
    {
        var mistakes = new ManifestMistakes(file);
        return TryRead(text, file, folder, mistakes)?.Settings ?? throw mistakes.ToFailure();
    }

    /// <exception cref="PipelineFailure">The file cannot be read.</exception>
    public Manifest? TryReadFile(string path, ManifestMistakes mistakes) => TryRead(TextOf(path), path, FolderOf(path), mistakes);

    /// <returns>null where there is a mistake.</returns>
    public Manifest? TryRead(string text, string file, string folder, ManifestMistakes mistakes)
    {
        Manifest? manifest = null;
        try
        {
            switch (YamlTree.Parse(new StringReader(text)))
            {
                case YamlMap map:
                    SecretMask.Refuse(map, mistakes);
                    manifest = new Manifest(file, text, Pipeline(new Section(map, "", mistakes, new Substitution(environment, folder)), mistakes), map);
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
        return mistakes.Any ? null : manifest;
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;

    private static string TextOf(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PipelineFailure(FailureClass.Fatal, $"the manifest {path} cannot be read: {e.Message}", e) { ExitCode = ExitCode.InvalidManifest };
        }
    }

    private PipelineSettings Pipeline(Section root, ManifestMistakes mistakes)
    {
        var name = root.Required(TopKeys.Pipeline);
        if (name.Length > 0 && !PipelineName.IsValid(name))
        {
            mistakes.Add(root.Take(TopKeys.Pipeline)!.Place, $"'{name}' cannot name a pipeline", PipelineName.Rule);
        }
        var consistency = root.Choice(TopKeys.Consistency);
        var settings = new PipelineSettings
        {
            Name = name,
            Source = Source(root, mistakes),
            Target = Target(root, mistakes),
            Kafka = new KafkaReader(mistakes).Read(root, name, consistency),
            Consistency = consistency,
            OnPoison = root.Choice(TopKeys.OnPoison),
            Limits = Limits(root.Map(TopKeys.Limits), mistakes),
            Mapping = new MappingReader(mistakes).Read(root),
        };
        if (settings is { Kafka.Capture: CaptureMode.Debezium, Consistency: Consistency.Transactional })
        {
            mistakes.Add((root.Take(TopKeys.Consistency) ?? root.Take(TopKeys.Kafka))!.Place, "topics that Debezium writes do not say where transactions end: the graph follows them row by row",
                "write consistency: parallel");
        }
        if (settings is { Kafka: { Share: KafkaSharing.Partitions, Capture: not CaptureMode.Debezium }, Consistency: Consistency.Transactional })
        {
            mistakes.Add((root.Take(TopKeys.Consistency) ?? root.Take(TopKeys.Kafka))!.Place, "nodes that share partitions write rows in order key by key, not whole transactions",
                "write consistency: parallel, or kafka.share: cuts");
        }
        root.Finish();
        return settings;
    }

    private SourceSettings Source(Section root, ManifestMistakes mistakes)
    {
        if (root.Map(TopKeys.Source) is not { } section)
        {
            if (root.Take(TopKeys.Source) is null) root.Required(TopKeys.Source.Name, TopKeys.Source.RequiredHint!);
            return SourceKeys.Defaults;
        }
        var dsn = section.Required(SourceKeys.Dsn);
        var source = new SourceSettings
        {
            ConnectionString = dsn.Length == 0 ? "" : ConnectionString(dsn, section, mistakes),
            Schemas = section.Texts(SourceKeys.Schemas) is { Count: > 0 } schemas ? schemas : SourceKeys.Defaults.Schemas,
            Slot = section.Text(SourceKeys.Slot),
            Publication = section.Text(SourceKeys.Publication),
            HeartbeatIntervalMs = (int)section.Integer(SourceKeys.HeartbeatIntervalMs),
            StatusIntervalMs = (int)section.Integer(SourceKeys.StatusIntervalMs),
            CopyChunkRows = (int)section.Integer(SourceKeys.CopyChunkRows),
            ConnectTimeoutMs = (int)section.Integer(SourceKeys.ConnectTimeoutMs),
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
            mistakes.Add(section.Take(SourceKeys.Dsn)!.Place, e.Message);
            return "";
        }
    }

    private TargetSettings Target(Section root, ManifestMistakes mistakes)
    {
        if (root.Map(TopKeys.Target) is not { } section)
        {
            if (needsTarget && root.Take(TopKeys.Target) is null) root.Required(TopKeys.Target.Name, TopKeys.Target.RequiredHint!);
            return TargetKeys.Defaults;
        }
        var uri = section.Required(TargetKeys.Uri);
        var target = TargetKeys.Defaults;
        try
        {
            if (uri.Length > 0)
            {
                target = TargetAddress.Parse(uri, section.Text(TargetKeys.User), section.Text(TargetKeys.Password), section.Text(TargetKeys.Database), environment);
            }
        }
        catch (FormatException e)
        {
            mistakes.Add(section.Take(TargetKeys.Uri)!.Place, e.Message);
        }
        foreach (var key in (TextKey[])[TargetKeys.User, TargetKeys.Password, TargetKeys.Database]) section.Take(key);
        target = target with
        {
            ConnectTimeoutMs = (int)section.Integer(TargetKeys.ConnectTimeoutMs),
            WriteTimeoutMs = (int)section.Integer(TargetKeys.WriteTimeoutMs),
        };
        section.Finish();
        return target;
    }

    private static LimitSettings Limits(Section? section, ManifestMistakes mistakes)
    {
        if (section is null) return LimitKeys.Defaults;
        var limits = new LimitSettings
        {
            Buckets = (int)section.Integer(LimitKeys.Buckets),
            Writers = (int)section.Integer(LimitKeys.Writers),
            MaxInFlightRows = (int)section.Integer(LimitKeys.MaxInFlightRows),
            MaxInFlightBytes = section.Integer(LimitKeys.MaxInFlightBytes),
            BatchRows = (int)section.Integer(LimitKeys.BatchRows),
            MaxTransactionRows = (int)section.Integer(LimitKeys.MaxTransactionRows),
            MaxSourceTransactionRows = (int)section.Integer(LimitKeys.MaxSourceTransactionRows),
            MaxSourceTransactionBytes = section.Integer(LimitKeys.MaxSourceTransactionBytes),
            WatermarkIntervalMs = (int)section.Integer(LimitKeys.WatermarkIntervalMs),
            RetryMinBackoffMs = (int)section.Integer(LimitKeys.RetryMinBackoffMs),
            CircuitFailures = (int)section.Integer(LimitKeys.CircuitFailures),
            RetryMaxBackoffMs = (int)section.Integer(LimitKeys.RetryMaxBackoffMs),
        };
        if (limits.RetryMinBackoffMs > limits.RetryMaxBackoffMs)
        {
            mistakes.Add(section.Place, $"retry_min_backoff_ms ({limits.RetryMinBackoffMs}) is above retry_max_backoff_ms ({limits.RetryMaxBackoffMs})", "swap them");
        }
        section.Finish();
        return limits;
    }
}
