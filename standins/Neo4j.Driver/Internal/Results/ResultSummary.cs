#nullable enable
namespace Neo4j.Driver.Internal.Results;

internal sealed record DatabaseInfo(string? Name) : IDatabaseInfo;

internal sealed record ServerInfo(string Address, string ProtocolVersion, string Agent) : IServerInfo
{
    public static ServerInfo Of(Bolt.BoltConnection connection) => new(connection.Address.ToString(), connection.Version.ToString(), connection.Agent);
}

internal sealed record InputPosition(int Offset, int Line, int Column) : IInputPosition;

/// <summary>Made of what came with the success of RUN and of the last PULL or DISCARD.</summary>
internal sealed class ResultSummary(
    Query query, IServerInfo server, Dictionary<string, object?> started, Dictionary<string, object?> ended) : IResultSummary
{
    public Query Query { get; } = query;

    public IServerInfo Server { get; } = server;

    public ICounters Counters { get; } = new Counters(ended.GetValueOrDefault("stats") as Dictionary<string, object?> ?? []);

    public QueryType QueryType { get; } = ended.GetValueOrDefault("type") switch
    {
        "r" => QueryType.ReadOnly,
        "rw" => QueryType.ReadWrite,
        "w" => QueryType.WriteOnly,
        "s" => QueryType.SchemaWrite,
        _ => QueryType.Unknown,
    };

    public TimeSpan ResultAvailableAfter { get; } = Milliseconds(started, "t_first");

    public TimeSpan ResultConsumedAfter { get; } = Milliseconds(ended, "t_last");

    public IDatabaseInfo Database { get; } = new DatabaseInfo(ended.GetValueOrDefault("db") as string);

    public IList<INotification> Notifications { get; } = (ended.GetValueOrDefault("notifications") as List<object?> ?? [])
        .OfType<Dictionary<string, object?>>().Select(content => (INotification)new Notification(content)).ToList();

    private static TimeSpan Milliseconds(Dictionary<string, object?> metadata, string key) =>
        TimeSpan.FromMilliseconds(metadata.GetValueOrDefault(key) is long value ? value : -1);
}

internal sealed class Counters(Dictionary<string, object?> stats) : ICounters
{
    public bool ContainsUpdates => stats.GetValueOrDefault("contains-updates") as bool? ?? stats.Any(s => s is { Key: not "system-updates", Value: > 0L });

    public bool ContainsSystemUpdates => stats.GetValueOrDefault("contains-system-updates") as bool? ?? SystemUpdates > 0;

    public int NodesCreated => Count("nodes-created");

    public int NodesDeleted => Count("nodes-deleted");

    public int RelationshipsCreated => Count("relationships-created");

    public int RelationshipsDeleted => Count("relationships-deleted");

    public int PropertiesSet => Count("properties-set");

    public int LabelsAdded => Count("labels-added");

    public int LabelsRemoved => Count("labels-removed");

    public int IndexesAdded => Count("indexes-added");

    public int IndexesRemoved => Count("indexes-removed");

    public int ConstraintsAdded => Count("constraints-added");

    public int ConstraintsRemoved => Count("constraints-removed");

    public int SystemUpdates => Count("system-updates");

    private int Count(string key) => stats.GetValueOrDefault(key) is long value ? (int)value : 0;
}

internal sealed class Notification(Dictionary<string, object?> content) : INotification
{
    public string Code => Text("code");

    public string Title => Text("title");

    public string Description => Text("description");

    public string RawSeverityLevel => Text("severity");

    public NotificationSeverity SeverityLevel => Known<NotificationSeverity>(RawSeverityLevel);

    public string RawCategory => Text("category");

    public NotificationCategory Category => Known<NotificationCategory>(RawCategory);

    public IInputPosition? Position { get; } = content.GetValueOrDefault("position") is Dictionary<string, object?> at
        ? new InputPosition((int)(at.GetValueOrDefault("offset") as long? ?? 0), (int)(at.GetValueOrDefault("line") as long? ?? 0), (int)(at.GetValueOrDefault("column") as long? ?? 0))
        : null;

    private string Text(string key) => content.GetValueOrDefault(key) as string ?? "";

    private static T Known<T>(string raw) where T : struct, Enum => Enum.TryParse<T>(raw, ignoreCase: true, out var value) ? value : default;
}
