using Akka.Actor;
using PolyglotSync.Actors.Measures;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Pipelines;

/// <summary>
/// Those who wait for the watermark of one pipeline: for an LSN, or for all that was committed before they asked, which is an LSN once the source has marked its log. Not thread-safe; its actor owns it and gives it
/// the messages <see cref="Marked"/>, <see cref="MarkAgain"/> and <see cref="WaitOver"/>.
/// </summary>
/// <param name="self">The actor.</param>
/// <param name="timers">Of the actor, which has them only once it is made.</param>
/// <param name="watermark">Where the pipeline is.</param>
/// <param name="misses">Whether rows are missing that were there before the first copy began: nobody's wait is over then, whatever the watermark is.</param>
/// <param name="mark">Has the source mark its log; null where nobody is there at the moment who could.</param>
internal sealed class WatermarkWaiters(string pipeline, IActorRef self, Func<ITimerScheduler> timers, Func<Lsn> watermark, Func<Task<Lsn>?> mark, Func<bool>? misses = null)
{
    /// <summary>The source did not answer: it is asked again.</summary>
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(1);

    private readonly List<Waiter> _waiters = [];
    private long _lastId;

    /// <param name="absence">Why nobody will come soon who could mark the log; null: somebody is there, or on the way.</param>
    public void Add(IActorRef who, WaitForWatermark wait, string? absence)
    {
        if (wait.Lsn is { } lsn && IsReached(lsn)) Answer(who, isReached: true, null);
        else if (wait.Lsn is null && absence is not null) Answer(who, isReached: false, absence);
        else
        {
            var waiter = new Waiter(who, ++_lastId) { Lsn = wait.Lsn };
            _waiters.Add(waiter);
            timers().StartSingleTimer(waiter.Id, new WaitOver(waiter.Id), wait.Timeout);
            if (waiter.Lsn is null) Mark(waiter.Id);
        }
    }

    /// <summary>The watermark has moved.</summary>
    public void Reach()
    {
        foreach (var waiter in _waiters.Where(w => w.Lsn is { } lsn && IsReached(lsn)).ToList()) Settle(waiter, isReached: true, null);
    }

    /// <summary>Somebody has come who can mark the log.</summary>
    public void MarkAll()
    {
        foreach (var waiter in _waiters.Where(w => w.Lsn is null).ToList()) Mark(waiter.Id);
    }

    public void On(MarkAgain again)
    {
        if (Find(again.Id) is { Lsn: null }) Mark(again.Id);
    }

    public void On(Marked marked)
    {
        if (Find(marked.Id) is not { Lsn: null } waiter) return;
        if (marked.Lsn is { } lsn)
        {
            waiter.Lsn = lsn;
            if (IsReached(lsn)) Settle(waiter, isReached: true, null);
        }
        else if (marked.Failure is PipelineFailure { Class: not FailureClass.Transient } failure) Settle(waiter, isReached: false, failure.Message);
        else timers().StartSingleTimer(("mark", marked.Id), new MarkAgain(marked.Id), AgainAfter);
    }

    public void On(WaitOver over)
    {
        if (Find(over.Id) is { } waiter) Settle(waiter, isReached: false, null);
    }

    private bool IsReached(Lsn lsn) => lsn <= watermark() && misses?.Invoke() != true;

    private Waiter? Find(long id) => _waiters.Find(w => w.Id == id);

    /// <summary>A source that cannot be marked may say so at once: to who asked, not to the actor.</summary>
    private void Mark(long id)
    {
        if (TryMark() is { } marking)
            marking.PipeTo(self, success: at => new Marked(id, at, null), failure: e => new Marked(id, null, e.Unwrapped()));
    }

    private Task<Lsn>? TryMark()
    {
        try
        {
            return mark();
        }
        catch (Exception e)
        {
            return Task.FromException<Lsn>(e);
        }
    }

    private void Settle(Waiter waiter, bool isReached, string? reason)
    {
        _waiters.Remove(waiter);
        timers().Cancel(waiter.Id);
        timers().Cancel(("mark", waiter.Id));
        Answer(waiter.Who, isReached, reason);
    }

    private void Answer(IActorRef who, bool isReached, string? reason) => who.Tell(new WatermarkAnswer(pipeline, watermark().ToString(), isReached) { Reason = reason });

    private sealed class Waiter(IActorRef who, long id)
    {
        public IActorRef Who => who;

        public long Id => id;

        /// <summary>Null until the source has marked what "now" is.</summary>
        public Lsn? Lsn { get; set; }
    }

    internal sealed record Marked(long Id, Lsn? Lsn, Exception? Failure) : INoSerializationVerificationNeeded;

    internal sealed record MarkAgain(long Id);

    internal sealed record WaitOver(long Id);
}
