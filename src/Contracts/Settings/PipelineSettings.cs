namespace PolyglotSync.Contracts;

/// <summary>One pipeline, checked: what a manifest or the command line says, with every default filled in.</summary>
public sealed record PipelineSettings
{
    /// <summary>Letters, digits, '-' and '_', 1 to 40; names slot and publication (<c>polysync_NAME</c>) and the state node in the target.</summary>
    public required string Name { get; init; }
    public required SourceSettings Source { get; init; }
    public required TargetSettings Target { get; init; }

    /// <summary>The broker between source and target; null: changes go from one to the other directly.</summary>
    public KafkaSettings? Kafka { get; init; }

    /// <summary>Tables in scope and what they become; null: all tables of <see cref="SourceSettings.Schemas"/>, by inference.</summary>
    public MappingSettings Mapping { get; init; } = new();
    public Consistency Consistency { get; init; } = Consistency.Transactional;
    public LimitSettings Limits { get; init; } = new();
    public PoisonPolicy OnPoison { get; init; } = PoisonPolicy.DeadLetter;
}

public sealed record SourceSettings
{
    /// <summary>Npgsql connection string or postgres:// URI already turned into one; holds the password, so it is never logged.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Schemas whose tables are taken; system schemas and our own (<c>polysync</c>) never are.</summary>
    public IReadOnlyList<string> Schemas { get; init; } = ["public"];
    public string? Slot { get; init; }
    public string? Publication { get; init; }
    /// <summary>How often an idle source gets a marker in its log, so that the slot moves.</summary>
    public int HeartbeatIntervalMs { get; init; } = 10_000;
    /// <summary>How often the slot's position is sent to the server at the latest.</summary>
    public int StatusIntervalMs { get; init; } = 1_000;
    /// <summary>Rows a copy chunk reads at once.</summary>
    public int CopyChunkRows { get; init; } = 10_000;
    public int ConnectTimeoutMs { get; init; } = 10_000;
}

public sealed record TargetSettings
{
    /// <summary>bolt:// neo4j:// (and +s, +ssc), falkor:// or redis:// with the graph's name as path.</summary>
    public required Uri Uri { get; init; }
    public string? User { get; init; }
    public string? Password { get; init; }
    /// <summary>Neo4j database; null is the server's default.</summary>
    public string? Database { get; init; }
    public int ConnectTimeoutMs { get; init; } = 10_000;
    /// <summary>How long one transaction may take before it counts as failed.</summary>
    public int WriteTimeoutMs { get; init; } = 120_000;
}

public enum Consistency : byte { Transactional, Parallel }

public enum PoisonPolicy : byte { DeadLetter, Halt }

public sealed record LimitSettings
{
    /// <summary>Buckets of graph nodes, each held by one entity actor.</summary>
    public int Buckets { get; init; } = 16;
    /// <summary>Writers in parallel mode.</summary>
    public int Writers { get; init; } = 4;
    /// <summary>Source changes between capture and the graph's answer; when reached, reading stops.</summary>
    public int MaxInFlightRows { get; init; } = 100_000;
    /// <summary>The same in bytes of row images.</summary>
    public long MaxInFlightBytes { get; init; } = 64L * 1024 * 1024;
    /// <summary>Operations a statement takes at once.</summary>
    public int BatchRows { get; init; } = 5_000;
    /// <summary>Source changes drained into one graph transaction, at the most (a larger source transaction is its own).</summary>
    public int MaxTransactionRows { get; init; } = 50_000;
    /// <summary>A source transaction of more changes than this is applied in parts: the first of so many, the others of a batch each.</summary>
    public int MaxSourceTransactionRows { get; init; } = 100_000;
    public long MaxSourceTransactionBytes { get; init; } = 64L * 1024 * 1024;
    /// <summary>How often the watermark of a source without changes is recorded in the graph, so that the slot may move there.</summary>
    public int WatermarkIntervalMs { get; init; } = 5_000;
    public int RetryMinBackoffMs { get; init; } = 100;
    public int RetryMaxBackoffMs { get; init; } = 10_000;
    /// <summary>Failed writes in a row after which only one at a time is tried.</summary>
    public int CircuitFailures { get; init; } = 5;
}

/// <summary>The manifest's mapping part: which tables, and what differs from inference.</summary>
public sealed record MappingSettings
{
    /// <summary>Tables to take; empty: all with a key. A name that the source does not have is an error.</summary>
    public IReadOnlyList<TableName> Include { get; init; } = [];
    public IReadOnlyList<TableName> Exclude { get; init; } = [];
    public IReadOnlyList<TableOverride> Tables { get; init; } = [];
}

/// <summary>What the manifest says of one table; null or empty: as inferred.</summary>
public sealed record TableOverride
{
    public required TableName Table { get; init; }
    public string? Label { get; init; }
    /// <summary>For a join table written as a relationship.</summary>
    public string? Type { get; init; }
    /// <summary>"node" makes a node of a join table, "relationship" insists on one; null: as inferred.</summary>
    public string? As { get; init; }
    /// <summary>A unique key to use where there is no primary key, or instead of it.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];
    public IReadOnlyList<string> IncludeColumns { get; init; } = [];
    public IReadOnlyList<string> ExcludeColumns { get; init; } = [];
    /// <summary>Column to property name and encoding.</summary>
    public IReadOnlyList<PropertyMapping> Properties { get; init; } = [];
    /// <summary>By the foreign key's constraint name or its column list (comma between): the relationship's type; null leaves it out.</summary>
    public IReadOnlyDictionary<string, string?> Relationships { get; init; } = new Dictionary<string, string?>();
    /// <summary>Where the manifest says it, for messages: "file:line".</summary>
    public string? Where { get; init; }
}
