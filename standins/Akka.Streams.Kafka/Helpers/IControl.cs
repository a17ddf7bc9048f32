namespace Akka.Streams.Kafka.Helpers;

/// <summary>Ends a consumer's stream from outside.</summary>
public interface IControl
{
    /// <summary>Completes when the consumer is closed, however the stream ended.</summary>
    Task IsShutdown { get; }

    /// <summary>Stops, waits for the stream's end, and closes the consumer.</summary>
    Task<TResult> DrainAndShutdown<TResult>(Task<TResult> streamCompletion);

    /// <summary>Completes the stream and closes the consumer after its stop timeout.</summary>
#nullable enable
    Task Shutdown(Exception? ex = null);
#nullable restore

    /// <summary>Completes the stream; the consumer keeps its partitions until <see cref="Shutdown"/>.</summary>
    Task Stop();
}
