using Akka.Actor;
using Akka.Persistence.Protocol;

namespace Akka.Persistence;

public abstract partial class Eventsourced
{
    private readonly Queue<Pending> _pending = new();
    private List<object> _batch = [];
    private long _sequenceNr;
    private int _stashing;

    /// <summary>Runs a handler after all that was persisted before; nothing is stored.</summary>
    public void DeferAsync<TEvent>(TEvent evt, Action<TEvent> handler)
    {
        ThrowIfRecovering();
        if (_pending.Count == 0)
        {
            handler(evt);
            return;
        }
        _pending.Enqueue(new Pending(one => handler((TEvent)one), Stashing: false));
        _batch.Add(new Deferred(evt, Sender));
    }

    /// <summary>Stores an event and then runs the handler; commands wait until it has run. The sender is that of the command.</summary>
    /// <exception cref="InvalidOperationException">The actor recovers.</exception>
    public void Persist<TEvent>(TEvent @event, Action<TEvent> handler) => Add([@event], handler, stashing: true);

    /// <summary>Stores all events or none, and runs the handler for each.</summary>
    public void PersistAll<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler) => Add(events, handler, stashing: true);

    /// <inheritdoc cref="PersistAsync{TEvent}"/>
    public void PersistAllAsync<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler) => Add(events, handler, stashing: false);

    /// <summary>Stores an event and runs the handler later; commands go on meanwhile.</summary>
    public void PersistAsync<TEvent>(TEvent @event, Action<TEvent> handler) => Add([@event], handler, stashing: false);

    private void Add<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler, bool stashing)
    {
        ThrowIfRecovering();
        ArgumentNullException.ThrowIfNull(events);
        var written = new List<PersistentEvent>();
        foreach (var one in events)
        {
            written.Add(new PersistentEvent(one, ++_sequenceNr, PersistenceId, Sender, _writerGuid));
            _pending.Enqueue(new Pending(stored => handler((TEvent)stored), stashing));
        }
        if (written.Count == 0)
            return;
        _batch.Add(new AtomicWrite(written));
        if (stashing)
            _stashing += written.Count;
    }

    /// <summary>After each step: sends what is to be stored, waits for it if it must, else lets the next waiting command in, or all.</summary>
    private void Settle(bool all = false)
    {
        if (_batch.Count > 0)
        {
            Journal.Tell(new WriteMessages(_batch, Self, _instanceId), Self);
            _batch = [];
        }
        if (IsRecovering)
            return;
        _phase = _stashing > 0 ? Phase.Persisting : Phase.Processing;
        if (_phase != Phase.Processing)
            return;
        if (all)
            _waiting.UnstashAll();
        else
            _waiting.Unstash();
    }

    private void OnWriteAnswer(IWriteAnswer answer)
    {
        if (answer.InstanceId != _instanceId)
            return;
        if (answer is WriteMessageFailure failed)
        {
            try
            {
                OnPersistFailure(failed.Cause, failed.Event.Payload, failed.Event.SequenceNr);
            }
            finally
            {
                Context.Stop(Self);
            }
            return;
        }
        var pending = _pending.Dequeue();
        if (pending.Stashing)
            _stashing--;
        Step(() =>
        {
            switch (answer)
            {
                case WriteMessageSuccess success:
                    LastSequenceNr = Math.Max(LastSequenceNr, success.Event.SequenceNr);
                    pending.Handler(success.Event.Payload);
                    break;
                case WriteMessageRejected rejected:
                    LastSequenceNr = Math.Max(LastSequenceNr, rejected.Event.SequenceNr);
                    OnPersistRejected(rejected.Cause, rejected.Event.Payload, rejected.Event.SequenceNr);
                    break;
                case LoopMessageSuccess looped:
                    pending.Handler(looped.Message);
                    break;
            }
        });
    }

    private void ThrowIfRecovering()
    {
        if (IsRecovering)
            throw new InvalidOperationException("Cannot persist during replay. Events can be persisted when receiving RecoveryCompleted or later.");
    }

    private sealed record Pending(Action<object> Handler, bool Stashing);
}
