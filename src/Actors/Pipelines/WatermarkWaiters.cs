using Akka.Actor;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Pipelines;

/// <summary>Those who wait for the watermark of one pipeline. Not thread-safe; its actor owns it.</summary>
internal sealed class WatermarkWaiters(string pipeline)
{
    private readonly List<(IActorRef Waiter, Lsn Lsn, long Id)> _waiters = [];
    private long _lastId;

    /// <param name="watermark">Up to which the graph may be read; nothing while it is filled.</param>
    /// <returns>The number to give back to <see cref="GiveUp"/> when the time is over; null where the answer was given at once.</returns>
    public long? Add(IActorRef waiter, Lsn lsn, Lsn watermark)
    {
        if (lsn <= watermark)
        {
            Answer(waiter, watermark, true);
            return null;
        }
        _waiters.Add((waiter, lsn, ++_lastId));
        return _lastId;
    }

    public void Reach(Lsn watermark)
    {
        for (var i = _waiters.Count - 1; i >= 0; i--)
        {
            if (_waiters[i].Lsn > watermark) continue;
            Answer(_waiters[i].Waiter, watermark, true);
            _waiters.RemoveAt(i);
        }
    }

    public void GiveUp(long id, Lsn watermark)
    {
        var index = _waiters.FindIndex(w => w.Id == id);
        if (index < 0) return;
        Answer(_waiters[index].Waiter, watermark, false);
        _waiters.RemoveAt(index);
    }

    public void Answer(IActorRef waiter, Lsn watermark, bool reached) => waiter.Tell(new WatermarkAnswer(pipeline, watermark.ToString(), reached));
}
