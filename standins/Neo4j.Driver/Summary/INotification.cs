namespace Neo4j.Driver;

/// <summary>A hint or warning of the server about a statement.</summary>
public interface INotification
{
    string Code { get; }

    string Title { get; }

    string Description { get; }

    /// <summary>Null where it is about the statement as a whole.</summary>
    IInputPosition Position { get; }

    string RawSeverityLevel { get; }

    NotificationSeverity SeverityLevel { get; }

    string RawCategory { get; }

    NotificationCategory Category { get; }
}

/// <summary>A place in a statement's text.</summary>
public interface IInputPosition
{
    /// <summary>Characters from the start, from 0.</summary>
    int Offset { get; }

    /// <summary>From 1.</summary>
    int Line { get; }

    /// <summary>From 1.</summary>
    int Column { get; }
}

public enum NotificationSeverity
{
    Unknown = 0,
    Warning = 1,
    Information = 2,
}

public enum NotificationCategory
{
    Unknown = 0,
    Hint = 1,
    Unrecognized = 2,
    Unsupported = 3,
    Performance = 4,
    Deprecation = 5,
    Security = 6,
    Topology = 7,
    Schema = 8,
    Generic = 9,
}
