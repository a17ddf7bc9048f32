namespace PolyglotSync.Contracts;

public enum FailureClass : byte
{
    /// <summary>Goes away by itself (connection, deadlock, leader change, timeout): tried again without end, with backoff.</summary>
    Transient,
    /// <summary>One or more rows that the graph will never take: bisected out to the dead letters.</summary>
    Poison,
    /// <summary>Needs a person: the pipeline stops with this message and acknowledges nothing.</summary>
    Fatal,
    /// <summary>A newer owner of the pipeline wrote to the target: this one must stop writing.</summary>
    Fenced,
}

/// <summary>A failure of a server or of data, classified where it was met. The message says what, where and what to do, for a person.</summary>
public class PipelineFailure(FailureClass failureClass, string message, Exception? inner = null) : Exception(message, inner)
{
    public FailureClass Class { get; } = failureClass;

    /// <summary>Process exit code where this ends a command.</summary>
    public ExitCode ExitCode { get; init; } = ExitCode.Failed;

    /// <summary>Indexes into the write set's operations that are known to be guilty; empty where not known.</summary>
    public IReadOnlyList<int> Guilty { get; init; } = [];

    /// <summary>Another transaction stood in the way: the same write mostly gets through at once. Where several nodes write one graph that is the usual course of things.</summary>
    public bool IsContention { get; init; }

    /// <summary>The statement that failed, where there was one.</summary>
    public string? Cypher { get; init; }

    /// <param name="generation">Of the owner that is one no more.</param>
    public static PipelineFailure Fenced(string pipeline, long generation, string address) => new(FailureClass.Fenced,
        $"another node has taken pipeline '{pipeline}' over at {address} (this one's generation was {generation}); stop one of the two")
    { ExitCode = ExitCode.Fenced };
}

/// <summary>What a command's exit code says; documented in docs/cli.md.</summary>
public enum ExitCode
{
    Success = 0,
    /// <summary>Something failed that has no code of its own.</summary>
    Failed = 1,
    /// <summary>The command line is wrong.</summary>
    Usage = 2,
    /// <summary>The manifest or the mapping is wrong.</summary>
    InvalidManifest = 3,
    /// <summary>The source cannot be reached or refuses the login.</summary>
    SourceUnavailable = 4,
    /// <summary>The source is reached but lacks what capture needs (logical WAL, rights, a table, a key, a free slot).</summary>
    SourceUnfit = 5,
    /// <summary>The target cannot be reached or refuses the login.</summary>
    TargetUnavailable = 6,
    /// <summary>No node answers at the API's address.</summary>
    NodeUnavailable = 7,
    /// <summary>The time given was not enough.</summary>
    TimedOut = 8,
    /// <summary>Graph and tables differ.</summary>
    Diverged = 9,
    /// <summary>Another node owns the pipeline.</summary>
    Fenced = 10,
    /// <summary>Kafka cannot be reached or refuses the login.</summary>
    BrokerUnavailable = 11,
    /// <summary>Kafka is reached but lacks what is needed (a topic, a right, an offset, room for a message).</summary>
    BrokerUnfit = 12,
    /// <summary>Dead letters that were retried were refused again.</summary>
    RefusedAgain = 13,
    /// <summary>The node's API wants its token, or another one.</summary>
    Unauthorized = 14,
    /// <summary>Ended by SIGINT.</summary>
    Interrupted = 130,
}
