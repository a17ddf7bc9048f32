using System.Globalization;
using Npgsql;
using PolyglotSync.Contracts;
using PolyglotSync.Postgres;
using PolyglotSync.SyncNode.Manifests.Keys;

namespace PolyglotSync.SyncNode.Manifests.Changes;

/// <summary>A setting as a person would write it.</summary>
/// <param name="Value">null: nothing is said, and there is no default.</param>
/// <param name="Secret">What is compared and never shown; null: the value is.</param>
internal readonly record struct SettingLine(string Key, string? Value, string? Secret = null);

/// <summary>A pipeline's settings as lines of keys and values, defaults filled in, to compare two of them.</summary>
internal static class SettingsLines
{
    public static IEnumerable<SettingLine> Of(PipelineSettings settings) =>
    [
        Line(TopKeys.Pipeline, settings.Name),
        .. Within(TopKeys.Source, Source(settings)),
        .. Within(TopKeys.Target, Target(settings.Target)),
        .. settings.Kafka is { } kafka ? Within(TopKeys.Kafka, Kafka(kafka, settings.Name)) : [],
        Line(TopKeys.Consistency, Word(TopKeys.Consistency, settings.Consistency)),
        Line(TopKeys.OnPoison, Word(TopKeys.OnPoison, settings.OnPoison)),
        .. Within(TopKeys.Limits, Limits(settings.Limits)),
        Line(TopKeys.IncludeTables, List(settings.Mapping.Include)),
        Line(TopKeys.ExcludeTables, List(settings.Mapping.Exclude)),
        .. Within(TopKeys.Tables, settings.Mapping.Tables.SelectMany(Table)),
    ];

    private static IEnumerable<SettingLine> Source(PipelineSettings settings)
    {
        var source = settings.Source;
        var builder = new NpgsqlConnectionStringBuilder(source.ConnectionString);
        var secret = $"{builder.Password}\n{builder.SslPassword}";
        (builder.Password, builder.SslPassword) = (null, null);
        var names = SourceNames.Of(settings);
        return
        [
            Line(SourceKeys.Dsn, builder.ConnectionString), new($"{SourceKeys.Dsn.Name} (password)", null, secret), Line(SourceKeys.Schemas, List(source.Schemas)),
            Line(SourceKeys.Slot, names.Slot), Line(SourceKeys.Publication, names.Publication), Line(SourceKeys.HeartbeatIntervalMs, source.HeartbeatIntervalMs),
            Line(SourceKeys.StatusIntervalMs, source.StatusIntervalMs), Line(SourceKeys.CopyChunkRows, source.CopyChunkRows), Line(SourceKeys.ConnectTimeoutMs, source.ConnectTimeoutMs),
        ];
    }

    private static IEnumerable<SettingLine> Target(TargetSettings target) =>
    [
        Line(TargetKeys.Uri, target.Uri.ToString()), Line(TargetKeys.User, target.User), new(TargetKeys.Password.Name, null, target.Password ?? ""), Line(TargetKeys.Database, target.Database),
        Line(TargetKeys.ConnectTimeoutMs, target.ConnectTimeoutMs), Line(TargetKeys.WriteTimeoutMs, target.WriteTimeoutMs),
    ];

    private static IEnumerable<SettingLine> Kafka(KafkaSettings kafka, string pipeline) =>
    [
        Line(KafkaKeys.BootstrapServers, kafka.BootstrapServers), Line(KafkaKeys.Prefix, kafka.Prefix), Line(KafkaKeys.Capture, Word(KafkaKeys.Capture, kafka.Capture)),
        Line(KafkaKeys.Share, Word(KafkaKeys.Share, kafka.Share)), Line(KafkaKeys.Partitions, kafka.Partitions), Line(KafkaKeys.ReplicationFactor, kafka.ReplicationFactor), Line(KafkaKeys.CleanupPolicy, Word(KafkaKeys.CleanupPolicy, kafka.CleanupPolicy)),
        Line(KafkaKeys.RetentionMs, kafka.RetentionMs is { } retention ? Number(retention) : null), Line(KafkaKeys.MaxMessageBytes, kafka.MaxMessageBytes),
        Line(KafkaKeys.GroupId, kafka.GroupId ?? $"polysync_{pipeline}"), Line(KafkaKeys.ClientId, kafka.ClientId ?? $"polysync_{pipeline}"),
        Line(KafkaKeys.DeadLetterTopic, Word(KafkaKeys.DeadLetterTopic, kafka.DeadLetterTopic)), Line(KafkaKeys.ConnectTimeoutMs, kafka.ConnectTimeoutMs),
        Line(KafkaKeys.DeliveryTimeoutMs, kafka.DeliveryTimeoutMs), Line(KafkaKeys.SessionTimeoutMs, kafka.SessionTimeoutMs),
        .. Within(KafkaKeys.Properties, kafka.Properties.OrderBy(p => p.Key, StringComparer.Ordinal)
            .Select(p => KafkaKeys.IsSecret(p.Key) ? new SettingLine(p.Key, null, p.Value) : new SettingLine(p.Key, p.Value))),
    ];

    private static IEnumerable<SettingLine> Limits(LimitSettings limits) =>
    [
        Line(LimitKeys.Buckets, limits.Buckets), Line(LimitKeys.Writers, limits.Writers), Line(LimitKeys.BatchRows, limits.BatchRows), Line(LimitKeys.MaxInFlightRows, limits.MaxInFlightRows),
        Line(LimitKeys.MaxInFlightBytes, limits.MaxInFlightBytes), Line(LimitKeys.MaxTransactionRows, limits.MaxTransactionRows),
        Line(LimitKeys.MaxSourceTransactionRows, limits.MaxSourceTransactionRows), Line(LimitKeys.MaxSourceTransactionBytes, limits.MaxSourceTransactionBytes),
        Line(LimitKeys.WatermarkIntervalMs, limits.WatermarkIntervalMs), Line(LimitKeys.RetryMinBackoffMs, limits.RetryMinBackoffMs), Line(LimitKeys.RetryMaxBackoffMs, limits.RetryMaxBackoffMs),
        Line(LimitKeys.CircuitFailures, limits.CircuitFailures),
    ];

    private static IEnumerable<SettingLine> Table(TableOverride table)
    {
        SettingLine[] lines =
        [
            Line(TableKeys.As, table.As), Line(TableKeys.Label, table.Label), Line(TableKeys.Type, table.Type), Line(TableKeys.Key, List(table.Key)),
            new($"{TableKeys.Columns.Name}.{TableKeys.Include.Name}", List(table.IncludeColumns)), new($"{TableKeys.Columns.Name}.{TableKeys.Exclude.Name}", List(table.ExcludeColumns)),
            .. Within(TableKeys.Properties, table.Properties.Select(p => new SettingLine(p.Column, p.As == PropertyEncoding.Default ? p.Property : $"{p.Property} as {Word(TableKeys.PropertyAs, p.As)}"))),
            .. Within(TableKeys.Relationships, table.Relationships.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => new SettingLine(r.Key, r.Value ?? "null"))),
        ];
        return lines.Select(line => line with { Key = $"{table.Table}.{line.Key}" });
    }

    private static IEnumerable<SettingLine> Within(ManifestKey section, IEnumerable<SettingLine> lines) => lines.Select(line => line with { Key = $"{section.Name}.{line.Key}" });

    private static SettingLine Line(ManifestKey key, string? value) => new(key.Name, value);

    private static SettingLine Line(ManifestKey key, long value) => new(key.Name, Number(value));

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string? Word<T>(ChoiceKey<T> key, T value) => key.Choices.FirstOrDefault(c => EqualityComparer<T>.Default.Equals(c.Value, value)).Word;

    private static string? List<T>(IReadOnlyList<T> items) => items.Count == 0 ? null : $"[{string.Join(", ", items)}]";
}
