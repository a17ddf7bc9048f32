using System.Collections.Concurrent;
using Akka.Configuration;
using Akka.Persistence.Protocol;

namespace Akka.Persistence.Journal;

/// <summary>Keeps events for as long as the system lives.</summary>
internal sealed class MemoryJournal : JournalActor
{
    private readonly ConcurrentDictionary<string, Events> _all = new();

    public MemoryJournal(Config config)
    {
    }

    protected override Task<IReadOnlyList<Exception>> WriteAsync(IReadOnlyList<AtomicWrite> writes)
    {
        foreach (var write in writes)
        {
            var events = Of(write.PersistenceId);
            lock (events)
                events.Kept.AddRange(write.Events);
        }
        return Task.FromResult<IReadOnlyList<Exception>>(new Exception[writes.Count]);
    }

    protected override Task ReplayAsync(string persistenceId, long from, long to, long max, Action<PersistentEvent> replay)
    {
        var events = Of(persistenceId);
        lock (events)
            foreach (var one in events.Kept.Where(one => one.SequenceNr >= from && one.SequenceNr <= to).Take((int)Math.Min(max, int.MaxValue)))
                replay(one);
        return Task.CompletedTask;
    }

    protected override Task<long> ReadHighestAsync(string persistenceId)
    {
        var events = Of(persistenceId);
        lock (events)
            return Task.FromResult(events.Kept.Count > 0 ? events.Kept[^1].SequenceNr : events.Deleted);
    }

    protected override Task DeleteAsync(string persistenceId, long to)
    {
        var events = Of(persistenceId);
        lock (events)
        {
            events.Deleted = Math.Max(events.Deleted, events.Kept.Where(one => one.SequenceNr <= to).Select(one => one.SequenceNr).DefaultIfEmpty().Max());
            events.Kept.RemoveAll(one => one.SequenceNr <= to);
        }
        return Task.CompletedTask;
    }

    private Events Of(string persistenceId) => _all.GetOrAdd(persistenceId, static _ => new Events());

    private sealed class Events
    {
        public List<PersistentEvent> Kept { get; } = [];

        /// <summary>The highest number that was deleted; numbering goes on behind it.</summary>
        public long Deleted { get; set; }
    }
}
