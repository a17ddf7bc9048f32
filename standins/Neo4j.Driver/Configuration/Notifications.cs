namespace Neo4j.Driver;

/// <summary>Which notifications the server shall send.</summary>
public interface INotificationsConfig
{
}

/// <summary>The least severity of notifications that the server shall send.</summary>
public enum Severity
{
    Warning = 0,
    Information = 1,
}

/// <summary>Kinds of notifications that can be switched off.</summary>
public enum Category
{
    Hint = 0,
    Unrecognized = 1,
    Unsupported = 2,
    Performance = 3,
    Deprecation = 4,
    Security = 5,
    Topology = 6,
    Schema = 7,
    Generic = 8,
}
