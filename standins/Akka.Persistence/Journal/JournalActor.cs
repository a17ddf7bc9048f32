using Akka.Actor;
using Akka.Event;
using Akka.Persistence.Protocol;

namespace Akka.Persistence.Journal;

/// <summary>
/// What every journal does: one write at a time, in the order of arrival, everything that waits in one batch; replays start once what was
/// written before them is stored.
/// </summary>
internal abstract class JournalActor : ActorBase
{
    /// <summary>Atomic writes in one batch at most.</summary>
    private const int BatchLimit = 500;

    private readonly Queue<object> _waiting = new();
    private bool _writing;

    protected ILoggingAdapter Log { get; } = Context.GetLogger();

    /// <summary>Stores writes together. The result says for each why it was rejected, or null; a failure fails all.</summary>
    protected abstract Task<IReadOnlyList<Exception>> WriteAsync(IReadOnlyList<AtomicWrite> writes);

    protected abstract Task ReplayAsync(string persistenceId, long from, long to, long max, Action<PersistentEvent> replay);

    protected abstract Task<long> ReadHighestAsync(string persistenceId);

    protected abstract Task DeleteAsync(string persistenceId, long to);

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case WriteMessages or ReplayMessages or DeleteMessagesTo:
                _waiting.Enqueue(message);
                Next();
                return true;
            case Written written:
                _writing = false;
                Answer(written);
                Next();
                return true;
            default:
                return false;
        }
    }

    private void Next()
    {
        var batch = new List<WriteMessages>();
        var writes = new List<AtomicWrite>();
        while (!_writing && writes.Count < BatchLimit && _waiting.TryPeek(out var next))
        {
            if (next is WriteMessages write)
            {
                _waiting.Dequeue();
                batch.Add(write);
                writes.AddRange(write.Entries.OfType<AtomicWrite>().Select(Stamp));
            }
            else if (batch.Count > 0)
                break;
            else
                Start(_waiting.Dequeue());
        }
        if (batch.Count == 0)
            return;
        _writing = true;
        Store(batch, writes).PipeTo(Self);
    }

    private async Task<Written> Store(List<WriteMessages> batch, List<AtomicWrite> writes)
    {
        try
        {
            return new Written(batch, writes.Count == 0 ? [] : await WriteAsync(writes).ConfigureAwait(false), null);
        }
        catch (Exception cause)
        {
            return new Written(batch, [], cause);
        }
    }

    private void Start(object request)
    {
        var self = Self;
        if (request is DeleteMessagesTo delete)
            _ = Deleting(delete, self);
        else
            _ = Replaying((ReplayMessages)request, self);
    }

    private async Task Replaying(ReplayMessages request, IActorRef self)
    {
        try
        {
            var highest = Math.Max(request.FromSequenceNr - 1, await ReadHighestAsync(request.PersistenceId).ConfigureAwait(false));
            var to = Math.Min(request.ToSequenceNr, highest);
            if (request.FromSequenceNr <= to && request.Max > 0)
                await ReplayAsync(request.PersistenceId, request.FromSequenceNr, to, request.Max, e => request.Actor.Tell(new ReplayedMessage(e), ActorRefs.NoSender)).ConfigureAwait(false);
            request.Actor.Tell(new RecoverySuccess(highest), self);
        }
        catch (Exception cause)
        {
            request.Actor.Tell(new ReplayMessagesFailure(cause), self);
        }
    }

    private async Task Deleting(DeleteMessagesTo request, IActorRef self)
    {
        try
        {
            await DeleteAsync(request.PersistenceId, request.ToSequenceNr).ConfigureAwait(false);
            request.Actor.Tell(new DeleteMessagesSuccess(request.ToSequenceNr), self);
        }
        catch (Exception cause)
        {
            request.Actor.Tell(new DeleteMessagesFailure(cause, request.ToSequenceNr), self);
        }
    }

    private static void Answer(Written written)
    {
        var at = 0;
        foreach (var request in written.Batch)
            foreach (var entry in request.Entries)
            {
                if (entry is Deferred deferred)
                {
                    request.Actor.Tell(new LoopMessageSuccess(deferred.Message, request.InstanceId), deferred.Sender);
                    continue;
                }
                var rejection = written.Failure == null ? written.Rejections[at++] : null;
                foreach (var one in ((AtomicWrite)entry).Events)
                    request.Actor.Tell(
                        written.Failure != null ? new WriteMessageFailure(one, written.Failure, request.InstanceId)
                        : rejection != null ? new WriteMessageRejected(one, rejection, request.InstanceId)
                        : new WriteMessageSuccess(one, request.InstanceId),
                        one.Sender);
            }
    }

    private static AtomicWrite Stamp(AtomicWrite write)
    {
        var now = DateTime.UtcNow.Ticks;
        return new AtomicWrite([.. write.Events.Select(one => one with { Timestamp = now })]);
    }

    private sealed record Written(List<WriteMessages> Batch, IReadOnlyList<Exception> Rejections, Exception Failure);
}
