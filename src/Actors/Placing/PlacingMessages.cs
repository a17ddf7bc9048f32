namespace PolyglotSync.Actors.Placing;

/// <summary>To the actor of a placed pipeline, by every node again and again: be there, and run as your node's book says. Not answered.</summary>
public sealed record KeepPipeline
{
    public static readonly KeepPipeline Instance = new();
}

/// <summary>To the actor of a placed pipeline: your node's book has other settings; go on with them. Answered as <see cref="Pipelines.ReplacePipeline"/>, or with <see cref="PipelineRefused"/>.</summary>
public sealed record RenewPipeline
{
    public static readonly RenewPipeline Instance = new();
}

/// <summary>What was asked of a placed pipeline cannot be done. Exceptions do not cross to another node; whoever asked makes one of this.</summary>
/// <param name="IsUnknown">There is no such pipeline; else it cannot be asked now.</param>
public sealed record PipelineRefused(string Message, bool IsUnknown)
{
    public static PipelineRefused Of(Exception exception) => new(exception.GetBaseException().Message, exception.GetBaseException() is KeyNotFoundException);

    public Exception ToException() => IsUnknown ? new KeyNotFoundException(Message) : new InvalidOperationException(Message);
}
