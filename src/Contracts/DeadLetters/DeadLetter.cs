namespace PolyglotSync.Contracts;

/// <param name="Key">The row's key as JSON, as <see cref="DeadLetter.Key"/> has it.</param>
public readonly record struct DeadKey(TableName Table, string Key);

/// <summary>A change that the graph did not take.</summary>
/// <param name="Operation">insert, upsert, update or delete; or <see cref="Message"/>.</param>
/// <param name="Key">The row's key as a JSON object of texts.</param>
/// <param name="Row">The row's columns as a JSON object of texts; columns that were not sent are missing.</param>
/// <param name="Reason">What the graph or the encoder said.</param>
/// <param name="Cypher">The statement that refused it; null where it never reached the graph.</param>
public sealed record DeadLetter(
    string Pipeline, TableName Table, string Operation, string Key, string? Row, Position Position, string Reason, string? Cypher, DateTimeOffset At)
{
    /// <summary>In the place of an operation: a message of a broker that cannot be read. The row is its text then, and the key may be no row's.</summary>
    public const string Message = "message";

    /// <summary>
    /// True for a change that nobody refused: it comes after a letter of its row and does not hold the whole row. An open letter keeps its reason then and takes the columns; where the row's
    /// letter was discarded, it is counted there and opens no other.
    /// </summary>
    public bool Follows { get; init; }
}

public enum DeadLetterState : byte
{
    /// <summary>The graph lacks the row, or has it as it was before.</summary>
    Open,

    /// <summary>A later change or a retry brought the graph up to date, or the row went.</summary>
    Resolved,

    /// <summary>A person closed it: the graph stays as it is until a later change holds the whole row.</summary>
    Discarded,
}

/// <summary>A letter as it is kept.</summary>
/// <param name="Count">How often the row was refused since the letter was opened, 1 or more.</param>
/// <param name="FirstSeen">When it was opened; <see cref="DeadLetter.At"/> is when it was refused last.</param>
/// <param name="ClosedAt">When it was resolved or discarded; null while it is open.</param>
/// <param name="RetriedAt">When a person asked for a retry that is still under way; null where none is.</param>
public sealed record StoredDeadLetter(
    long Id, DeadLetter Letter, int Count, DateTimeOffset FirstSeen, DeadLetterState State, DateTimeOffset? ClosedAt, DateTimeOffset? RetriedAt);

/// <summary>Which letters are meant; what is null or left out does not matter.</summary>
public sealed record DeadLetterFilter(string Pipeline)
{
    public IReadOnlyList<long>? Ids { get; init; }

    public IReadOnlyList<TableName>? Tables { get; init; }

    public DeadLetterState? State { get; init; }

    public string? Operation { get; init; }

    /// <summary>Ids that are not meant.</summary>
    public IReadOnlyList<long>? Except { get; init; }

    /// <summary>Whether listed letters have their row and statement, which may be large.</summary>
    public bool WithRows { get; init; }
}
