using Akka.Actor;

namespace Akka.Persistence;

/// <summary>
/// The stash a persistent actor's own code sees. Since commands come one by one out of those that wait, what is unstashed goes before these,
/// not before the mailbox.
/// </summary>
internal sealed class UserStash(IStash inner, IStash waiting) : IStash
{
    public int Capacity => inner.Capacity;

    public int Count => inner.Count;

    public bool IsEmpty => inner.IsEmpty;

    public bool IsFull => inner.IsFull;

    public bool NonEmpty => inner.NonEmpty;

    public IEnumerable<Envelope> ClearStash() => inner.ClearStash();

    public void Prepend(IEnumerable<Envelope> envelopes) => inner.Prepend(envelopes);

    public void Stash() => inner.Stash();

    public void Unstash() => inner.Unstash();

    public void UnstashAll() => waiting.Prepend(inner.ClearStash());

    public void UnstashAll(Func<Envelope, bool> predicate) => inner.UnstashAll(predicate);
}
