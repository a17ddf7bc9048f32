using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Incidents;

/// <summary>Incidents that are not stored yet, the newest state of each, in the order in which they began; at the most so many: then the oldest go.</summary>
internal sealed class WaitingIncidents(int most)
{
    private readonly SortedDictionary<DateTimeOffset, Incident> _waiting = [];

    public int Count => _waiting.Count;

    /// <summary>How many were let go since the last time that was asked.</summary>
    public int Dropped { get; private set; }

    public void Add(Incident incident)
    {
        _waiting[incident.Began] = incident;
        Bound();
    }

    /// <summary>Takes all of them out, to be stored.</summary>
    public IReadOnlyList<Incident> Take()
    {
        Incident[] all = [.. _waiting.Values];
        _waiting.Clear();
        return all;
    }

    /// <summary>These could not be stored: they wait again, unless there is a newer state.</summary>
    public void PutBack(IReadOnlyList<Incident> incidents)
    {
        foreach (var incident in incidents) _waiting.TryAdd(incident.Began, incident);
        Bound();
    }

    public int TakeDropped()
    {
        var dropped = Dropped;
        Dropped = 0;
        return dropped;
    }

    private void Bound()
    {
        while (_waiting.Count > most)
        {
            _waiting.Remove(_waiting.First().Key);
            Dropped++;
        }
    }
}
