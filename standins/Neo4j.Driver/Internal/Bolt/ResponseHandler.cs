#nullable enable
namespace Neo4j.Driver.Internal.Bolt;

/// <summary>Takes the answer to one request: records, then success or an error. An error is also that of a broken connection.</summary>
internal abstract class ResponseHandler
{
    public virtual void OnRecord(object?[] values) => throw new ProtocolException("The server sent a record where none is due.");

    public abstract void OnSuccess(Dictionary<string, object?> metadata);

    public abstract void OnFailure(Neo4jException error);
}

/// <summary>Keeps the answer for whoever asked.</summary>
internal sealed class Answer : ResponseHandler
{
    private Dictionary<string, object?>? _metadata;

    public bool IsComplete => _metadata != null || Error != null;

    public Neo4jException? Error { get; private set; }

    public override void OnSuccess(Dictionary<string, object?> metadata) => _metadata = metadata;

    public override void OnFailure(Neo4jException error) => Error = error;

    /// <exception cref="Neo4jException">The answer was an error.</exception>
    public Dictionary<string, object?> Metadata() => Error == null ? _metadata! : throw Error;
}
