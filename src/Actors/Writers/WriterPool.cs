using Akka.Actor;

namespace PolyglotSync.Actors.Writers;

/// <summary>Writers pull: each has one write at a time, the others wait their turn.</summary>
internal sealed class WriterPool(IEnumerable<IActorRef> writers)
{
    private readonly Queue<IActorRef> _free = new(writers);
    private readonly Queue<Write> _waiting = new();

    public int Size { get; } = writers.Count();

    public void Send(Write write)
    {
        if (_free.TryDequeue(out var writer)) writer.Tell(write);
        else _waiting.Enqueue(write);
    }

    /// <summary>The writer has answered.</summary>
    public void Free(IActorRef writer)
    {
        if (_waiting.TryDequeue(out var write)) writer.Tell(write);
        else _free.Enqueue(writer);
    }
}
