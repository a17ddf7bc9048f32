namespace Akka.Actor.Cells;

/// <summary>Messages put aside. Taken out again, they come before all that wait.</summary>
internal sealed class ActorStash(ActorCell cell) : IStash
{
    private readonly LinkedList<Envelope> _stashed = new();
    private long _last = -1;

    public int Capacity => -1;

    public int Count => _stashed.Count;

    public bool IsEmpty => _stashed.Count == 0;

    public bool IsFull => false;

    public bool NonEmpty => _stashed.Count > 0;

    public void Stash()
    {
        var current = cell.CurrentEnvelope;
        if (current.Message == null)
            throw new InvalidOperationException("There is no message at hand to stash.");
        if (_last == cell.MessageNumber)
            throw new IllegalActorStateException($"Can't stash the same message {current.Message} more than once");
        _last = cell.MessageNumber;
        _stashed.AddLast(current);
    }

    public void Unstash()
    {
        if (_stashed.First is not { } first)
            return;
        _stashed.RemoveFirst();
        cell.Prepend([first.Value]);
    }

    public void UnstashAll() => UnstashAll(_ => true);

    public void UnstashAll(Func<Envelope, bool> predicate)
    {
        if (_stashed.Count == 0)
            return;
        var released = _stashed.Where(predicate).ToArray();
        _stashed.Clear();
        cell.Prepend(released);
    }

    public IEnumerable<Envelope> ClearStash()
    {
        var all = _stashed.ToArray();
        _stashed.Clear();
        return all;
    }

    public void Prepend(IEnumerable<Envelope> envelopes)
    {
        foreach (var envelope in envelopes.Reverse())
            _stashed.AddFirst(envelope);
    }
}
