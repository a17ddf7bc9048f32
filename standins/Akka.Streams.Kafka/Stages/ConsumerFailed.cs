namespace Akka.Streams.Kafka.Stages.Consumers.Exceptions;

/// <summary>The consumer behind a source has ended by an error.</summary>
public sealed class ConsumerFailed : Exception
{
    public ConsumerFailed() : this("Consumer actor failed") { }

    public ConsumerFailed(string message) : base(message) { }

    public ConsumerFailed(string message, Exception innerException) : base(message, innerException) { }
}
