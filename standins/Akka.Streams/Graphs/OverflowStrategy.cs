namespace Akka.Streams;

/// <summary>What a full buffer does with the next element.</summary>
public enum OverflowStrategy
{
    DropHead = 2,
    DropTail = 3,
    DropBuffer = 4,
    DropNew = 5,
    Backpressure = 6,
    Fail = 7,
}
