namespace Neo4j.Driver;

/// <summary>What the server tells about a statement once its result is at its end.</summary>
public interface IResultSummary
{
    Query Query { get; }

    ICounters Counters { get; }

    QueryType QueryType { get; }

    IList<INotification> Notifications { get; }

    /// <summary>Until the first record was ready; -1 ms where the server does not say.</summary>
    TimeSpan ResultAvailableAfter { get; }

    /// <summary>Until the last record was sent; -1 ms where the server does not say.</summary>
    TimeSpan ResultConsumedAfter { get; }

    IServerInfo Server { get; }

    IDatabaseInfo Database { get; }
}

public enum QueryType
{
    Unknown = 0,
    ReadOnly = 1,
    ReadWrite = 2,
    WriteOnly = 3,
    SchemaWrite = 4,
}

/// <summary>The database that a statement ran on.</summary>
public interface IDatabaseInfo
{
    string Name { get; }
}

/// <summary>The server that a statement ran on.</summary>
public interface IServerInfo
{
    /// <summary>host:port</summary>
    string Address { get; }

    /// <summary>e.g. 5.4</summary>
    string ProtocolVersion { get; }

    /// <summary>e.g. Neo4j/5.26.0</summary>
    string Agent { get; }
}

/// <summary>What a statement changed.</summary>
public interface ICounters
{
    bool ContainsUpdates { get; }

    int NodesCreated { get; }

    int NodesDeleted { get; }

    int RelationshipsCreated { get; }

    int RelationshipsDeleted { get; }

    int PropertiesSet { get; }

    int LabelsAdded { get; }

    int LabelsRemoved { get; }

    int IndexesAdded { get; }

    int IndexesRemoved { get; }

    int ConstraintsAdded { get; }

    int ConstraintsRemoved { get; }

    int SystemUpdates { get; }

    bool ContainsSystemUpdates { get; }
}
